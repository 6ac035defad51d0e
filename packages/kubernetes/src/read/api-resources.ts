/** get_api_resources: what the cluster serves, and which of it may be read here. */
import { pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import { type ReadRules, whyUnreadable } from '../discovery/read-rules.ts';
import { kindKey, type ServedKind } from '../discovery/served-kind.ts';

export interface ApiResourceQuery {
  /** '' or `core`: the core group. */
  readonly apiGroup?: string | undefined;
  readonly namespaced?: boolean | undefined;
  /** All of them. */
  readonly verbs: readonly string[];
  readonly offset: number;
  readonly limit: number;
}

export interface ApiResource {
  /** `plural.group`: the name that is never ambiguous. */
  readonly name: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Null where list_k8s_resources and get_k8s_resource take it. */
  readonly unreadable: string | null;
}

export interface ApiResources {
  readonly resources: readonly ApiResource[];
  readonly total: number;
}

/** Sorted by name. */
export function apiResources(
  kinds: readonly ServedKind[],
  query: ApiResourceQuery,
  rules: ReadRules,
): Result<ApiResources, Refusal> {
  if (query.offset < 0 || query.limit < 1)
    return refuse({ code: 'request.invalid', issues: ['offset, limit: out of range'] });
  const { apiGroup, namespaced, verbs, offset, limit } = query;
  const group = apiGroup === 'core' ? '' : apiGroup;
  const found = kinds.filter(
    (kind) =>
      (group === undefined || kind.group === group) &&
      (namespaced === undefined || kind.namespaced === namespaced) &&
      verbs.every((verb) => kind.verbs.includes(verb)),
  );
  const resources = found.slice(offset, offset + limit).map((kind) => ({
    name: kindKey(kind),
    kind: kind.kind,
    apiVersion: kind.apiVersion,
    shortNames: kind.shortNames,
    namespaced: kind.namespaced,
    verbs: kind.verbs,
    unreadable: whyUnreadable(kind, rules) ?? null,
  }));
  return pass({ resources, total: found.length });
}
