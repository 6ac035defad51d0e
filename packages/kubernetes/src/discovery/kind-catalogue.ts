/** The kinds that a cluster serves, remembered for a bounded time: a CRD comes and goes while we run. */
import type { Clock } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { DISCOVERY_AGE_MILLISECONDS_MAX, DISCOVERY_MISS_AGE_MILLISECONDS_MIN } from '../limits.ts';
import { fetchDiscovery } from './fetch-discovery.ts';
import type { ServedKind } from './served-kind.ts';

export interface KindCatalogue {
  /** At most DISCOVERY_AGE_MILLISECONDS_MAX old. Throws Unavailable or Forbidden where the cluster does not say. */
  kinds(): Promise<readonly ServedKind[]>;
  /** After a name was not among them: read anew, but not more often than DISCOVERY_MISS_AGE_MILLISECONDS_MIN, whatever callers guess. */
  kindsAfterMiss(): Promise<readonly ServedKind[]>;
}

export function kindCatalogue(connection: ClusterConnection, clock: Clock): KindCatalogue {
  let known: { readonly at: number; readonly kinds: Promise<readonly ServedKind[]> } | undefined;
  const younger = async (than: number): Promise<readonly ServedKind[]> => {
    const now = clock().getTime();
    const age = known === undefined ? Number.POSITIVE_INFINITY : now - known.at;
    // A clock that went back tells nothing about the age.
    if (known !== undefined && age >= 0 && age < than) return known.kinds;
    // Shared by all who ask meanwhile; a failure is nobody's answer but theirs.
    const fetched = { at: now, kinds: fetchDiscovery(connection) };
    known = fetched;
    fetched.kinds.catch(() => {
      if (known === fetched) known = undefined;
    });
    return fetched.kinds;
  };
  return {
    kinds: () => younger(DISCOVERY_AGE_MILLISECONDS_MAX),
    kindsAfterMiss: () => younger(DISCOVERY_MISS_AGE_MILLISECONDS_MIN),
  };
}
