/** The guard policies as the cluster holds them now, held to the shipped ones. */
import type { Digest, GuardState } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { readClusterObject } from '../connection/read.ts';
import { type JsonObject, objectAt, textAt, valueAt } from '../objects/json-at.ts';
import { ADMISSION_BINDINGS } from '../objects/resource-kinds.ts';
import { denies, type GuardManifest, guardHash, sameSpec, withDefaults } from './guard-manifests.ts';

export interface GuardReading extends GuardState {
  /** Names of policies and bindings whose spec is not the shipped one, however it differs. */
  readonly changed: readonly string[];
  readonly hash: Digest;
}

/** An identity with write RBAC must not work without knowing what holds it back: throws an Error on a connection without manifests. */
export function demandGuards(connection: ClusterConnection): void {
  if (connection.guards.length === 0) throw new Error('this connection was made without guard manifests');
}

/** One read per policy and binding. Throws Unavailable. */
export async function readGuards(connection: ClusterConnection): Promise<GuardReading> {
  const found = await Promise.all(
    connection.guards.map(async (guard) => {
      const object = await readClusterObject(connection, guard.kind, guard.name);
      return { guard, spec: object === null ? null : withDefaults(guard.kind, objectAt(object, 'spec')) };
    }),
  );
  const names = (of: typeof found): readonly string[] => [...new Set(of.map(({ guard }) => guard.name))];
  return {
    missing: names(found.filter(({ guard, spec }) => spec === null || !guardsAsShipped(guard, spec))),
    changed: names(found.filter(({ guard, spec }) => !sameSpec(guard.spec, spec))),
    hash: guardHash(found.map(({ guard, spec }) => ({ kind: guard.kind, name: guard.name, spec }))),
  };
}

/**
 * What would switch a policy off while its name still stands there: an action that only warns or audits, failurePolicy Ignore, an
 * exclusion, a selector or a condition that lets our identities by, a binding that binds another policy.
 */
function guardsAsShipped(guard: GuardManifest, spec: JsonObject): boolean {
  const same = (...path: readonly string[]): boolean =>
    sameSpec(valueAt(guard.spec, ...path) ?? null, valueAt(spec, ...path) ?? null);
  if (guard.kind === ADMISSION_BINDINGS)
    return denies(spec) && same('policyName') && same('matchResources') && same('paramRef');
  return (
    textAt(spec, 'failurePolicy') === 'Fail' && same('matchConstraints') && same('matchConditions') && same('paramKind')
  );
}
