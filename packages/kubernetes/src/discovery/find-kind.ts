/**
 * From a name to a kind. Names are matched exactly: Kind, plural, singular, short name, or `plural.group`. Nothing is ever split, joined or
 * completed, so that no spelling (`secret/x`, `secrets.v1.`, `pods,secrets`, `--server=x`) means more than one kind or another one.
 */
import { pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import { KIND_CANDIDATES_MAX, KIND_NAME_CHARACTERS_MAX } from '../limits.ts';
import { type ReadRules, whyUnreadable } from './read-rules.ts';
import { kindKey, type ServedKind } from './served-kind.ts';

/** A name, perhaps with a group behind it. */
const NAME = /^[A-Za-z]([-A-Za-z0-9]{0,61}[A-Za-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){0,20}$/;
const GROUP = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

export interface KindQuery {
  readonly kind: string;
  /** '' or `core`: the core group. Absent: any. */
  readonly apiGroup?: string | undefined;
}

/** What is wrong with the words themselves, before anything is asked of the cluster. */
export function unfitKind({ kind, apiGroup }: KindQuery): Refusal | undefined {
  if (kind.length > KIND_NAME_CHARACTERS_MAX || !NAME.test(kind)) {
    return { code: 'request.invalid', issues: ['kind: it is no Kind, plural, singular, short name or plural.group'] };
  }
  if (apiGroup !== undefined && apiGroup !== '' && !GROUP.test(apiGroup)) {
    return { code: 'request.invalid', issues: ['apiGroup: it is no API group'] };
  }
  // Whatever the cluster serves under that name, nobody is shown it.
  if (/^secrets?(\.|$)/i.test(kind)) return { code: 'access.kind_denied', kind, why: 'secret' };
  return undefined;
}

/** The one kind that is meant, if it may be read. The query has passed unfitKind. */
export function findKind(
  kinds: readonly ServedKind[],
  query: KindQuery,
  rules: ReadRules,
): Result<ServedKind, Refusal> {
  const named = namedKind(kinds, query);
  if (!named.ok) return named;
  const why = whyUnreadable(named.value, rules);
  return why === undefined ? named : refuse({ code: 'access.kind_denied', kind: kindKey(named.value), why });
}

/** The one kind that is meant, whether it may be read or not. */
export function namedKind(kinds: readonly ServedKind[], query: KindQuery): Result<ServedKind, Refusal> {
  const found = preferred(kinds.filter((kind) => answersTo(kind, query)));
  const [kind, ...others] = found;
  if (kind === undefined) return refuse({ code: 'target.kind_unknown', kind: query.kind });
  if (others.length === 0) return pass(kind);
  const candidates = found.map(kindKey).slice(0, KIND_CANDIDATES_MAX);
  return refuse({ code: 'target.kind_ambiguous', kind: query.kind, candidates });
}

function answersTo(kind: ServedKind, { kind: name, apiGroup }: KindQuery): boolean {
  if (apiGroup !== undefined && kind.group !== (apiGroup === 'core' ? '' : apiGroup)) return false;
  if (name.includes('.')) return name === `${kind.plural}.${kind.group}`;
  return [kind.kind, kind.plural, kind.singular, ...kind.shortNames].includes(name);
}

/** Kubernetes' own groups, the older home of a kind first: `Event` is the core group's, `services` are never Knative's. */
const OWN_GROUPS: readonly string[] = [
  '',
  'apps',
  'batch',
  'autoscaling',
  'networking.k8s.io',
  'policy',
  'discovery.k8s.io',
  'events.k8s.io',
  'storage.k8s.io',
  'rbac.authorization.k8s.io',
  'coordination.k8s.io',
];

/** A name of a built-in kind means the built-in kind: a CRD that is installed later must not make it mean another, nor make it useless. */
function preferred(found: readonly ServedKind[]): readonly ServedKind[] {
  for (const group of OWN_GROUPS) {
    const own = found.filter((kind) => kind.group === group);
    if (own.length > 0) return own;
  }
  return found;
}
