/** Which kinds agents may read. Deny wins; some are never read, whatever a policy says. */
import type { Refusal } from '@countersign/approvals';
import type { ResourceKind } from '../objects/resource-kinds.ts';
import { kindKey, type ServedKind } from './served-kind.ts';

export interface ReadRules {
  /** `*` or `plural.group` (core: `plural`). */
  readonly kinds: readonly string[];
  readonly deniedKinds: readonly string[];
  /** Kinds that live in no namespace and may be read all the same. */
  readonly clusterScoped: readonly string[];
}

/** Where the policy says nothing: every namespaced kind. Nodes and namespaces are told of by get_cluster_health alone. */
export const DEFAULT_READ_RULES: ReadRules = { kinds: ['*'], deniedKinds: [], clusterScoped: [] };

/** Questions about credentials and credentials themselves. */
const NEVER_GROUPS: ReadonlySet<string> = new Set([
  'authentication.k8s.io',
  'authorization.k8s.io',
  'certificates.k8s.io',
]);

export type Unreadable = 'secret' | 'policy' | 'cluster-scoped' | 'verbs';

/** Undefined where the kind may be read. */
export function whyUnreadable(kind: ServedKind, rules: ReadRules): Unreadable | undefined {
  const key = kindKey(kind);
  // In any group: an aggregated API may serve the same objects under another name of the group.
  if (kind.plural === 'secrets' || kind.kind.toLowerCase() === 'secret' || NEVER_GROUPS.has(kind.group))
    return 'secret';
  if (rules.deniedKinds.includes(key) || rules.deniedKinds.includes('*')) return 'policy';
  if (!kind.namespaced) return rules.clusterScoped.includes(key) ? verbs(kind) : 'cluster-scoped';
  return rules.kinds.includes('*') || rules.kinds.includes(key) ? verbs(kind) : 'policy';
}

/** For a read that shows several built-in kinds at once: each of them must be readable. Undefined where all are. */
export function refusedKind(shown: readonly ResourceKind[], rules: ReadRules): Refusal | undefined {
  for (const { apiVersion, kind, plural } of shown) {
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    const key = kindKey({ plural, group });
    const listed = rules.kinds.includes('*') || rules.kinds.includes(key);
    const denied = rules.deniedKinds.includes('*') || rules.deniedKinds.includes(key);
    if (!listed || denied) return { code: 'access.kind_denied', kind, why: 'policy' };
  }
  return undefined;
}

const verbs = (kind: ServedKind): Unreadable | undefined =>
  kind.verbs.includes('get') || kind.verbs.includes('list') ? undefined : 'verbs';
