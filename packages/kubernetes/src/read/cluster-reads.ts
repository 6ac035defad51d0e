/**
 * What agents may see: slim, bounded, without secrets, with text from the cluster neutralised. Reader identity. The endpoint judges who
 * may read where; the allow-lists of namespaces and kinds are judged here, too, so that no caller can forget them.
 */
import { type Clock, type Json, type Refusal, type Result, refuse, Unavailable } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { InvalidSelector } from '../connection/list.ts';
import { Forbidden } from '../connection/read.ts';
import { findKind, type KindQuery, namedKind, unfitKind } from '../discovery/find-kind.ts';
import { kindCatalogue } from '../discovery/kind-catalogue.ts';
import { DEFAULT_READ_RULES, type ReadRules, refusedKind } from '../discovery/read-rules.ts';
import type { ServedKind } from '../discovery/served-kind.ts';
import { EVENTS, NODES, PODS, type ResourceKind } from '../objects/resource-kinds.ts';
import { type ApiResourceQuery, type ApiResources, apiResources } from './api-resources.ts';
import { type Asked, unfit } from './asked.ts';
import { type DiagnosedKind, diagnose, shownKinds } from './diagnostics/of-kind.ts';
import { type EventQuery, readEvents } from './events.ts';
import { getObject, type ObjectQuery, type ReadObject } from './get-object.ts';
import { clusterHealth, type HealthQuery } from './health/cluster-health.ts';
import { type KindAccess, kindAccess } from './kind-access.ts';
import { type Listed, type ListQuery, listResources } from './list-resources.ts';
import { type LogQuery, type Logs, readLogs } from './logs.ts';
import { type HistoryQuery, historyKinds, rolloutHistory } from './rollout-history.ts';
import { readStatus, STATUS_KINDS } from './status.ts';

export interface ClusterReads {
  status(namespace: string, labelSelector?: string): Promise<Result<Json, Refusal>>;
  events(query: EventQuery): Promise<Result<Json, Refusal>>;
  logs(query: LogQuery): Promise<Result<Logs, Refusal>>;
  list(query: ListQuery & KindQuery): Promise<Result<Listed, Refusal>>;
  object(query: ObjectQuery & KindQuery): Promise<Result<ReadObject, Refusal>>;
  apiResources(query: ApiResourceQuery): Promise<Result<ApiResources, Refusal>>;
  diagnostics(query: DiagnosticsQuery): Promise<Result<Json, Refusal>>;
  clusterHealth(query: HealthQuery): Promise<Result<Json, Refusal>>;
  rolloutHistory(query: HistoryQuery): Promise<Result<Json, Refusal>>;
  kindAccess(query: KindQuery & { readonly namespace: string }): Promise<Result<KindAccess, Refusal>>;
}

export interface DiagnosticsQuery {
  readonly kind: DiagnosedKind;
  readonly namespace: string;
  readonly name: string;
  /** Of each list in the answer. */
  readonly limit: number;
}

export interface ClusterReadsOptions {
  /** The deployment's allow-list. */
  readonly namespaces: readonly string[];
  /** Members that are absent are DEFAULT_READ_RULES'. */
  readonly rules?: { readonly [Member in keyof ReadRules]?: ReadRules[Member] | undefined } | undefined;
  /** Dates what is remembered of discovery. */
  readonly clock: Clock;
}

/** Every method answers a refusal where the cluster does not answer; none throws for what the cluster does. */
export function clusterReads(connection: ClusterConnection, options: ClusterReadsOptions): ClusterReads {
  const { namespaces, clock } = options;
  const rules: ReadRules = {
    kinds: options.rules?.kinds ?? DEFAULT_READ_RULES.kinds,
    deniedKinds: options.rules?.deniedKinds ?? DEFAULT_READ_RULES.deniedKinds,
    clusterScoped: options.rules?.clusterScoped ?? DEFAULT_READ_RULES.clusterScoped,
  };
  const catalogue = kindCatalogue(connection, clock);
  const within = async <T>(
    asked: Asked,
    shown: readonly ResourceKind[],
    read: () => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Refusal>> => {
    const refusal = unfit(asked, namespaces) ?? refusedKind(shown, rules);
    return refusal === undefined ? answered(read) : refuse(refusal);
  };
  const unreadableKinds = (...shown: readonly ResourceKind[]): boolean => refusedKind(shown, rules) !== undefined;
  /** Namespace and words first: discovery is asked for nobody who may not read. */
  const ofNamedKind = async <T>(
    query: Asked & KindQuery,
    find: (kinds: readonly ServedKind[]) => Result<ServedKind, Refusal>,
    read: (kind: ServedKind) => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Refusal>> => {
    const refusal = unfitKind(query);
    if (refusal !== undefined) return refuse(refusal);
    // The kind itself is judged once it is known.
    return within(query, [], async () => {
      const known = find(await catalogue.kinds());
      const missed = !known.ok && known.refusal.code === 'target.kind_unknown';
      const found = missed ? find(await catalogue.kindsAfterMiss()) : known;
      return found.ok ? read(found.value) : found;
    });
  };
  const ofKind = <T>(
    query: Asked & KindQuery,
    read: (kind: ServedKind) => Promise<Result<T, Refusal>>,
  ): Promise<Result<T, Refusal>> =>
    ofNamedKind(
      query,
      (kinds) => findKind(kinds, query, rules),
      async (kind) => {
        if (kind.namespaced === (query.namespace !== undefined)) return read(kind);
        const issue = kind.namespaced ? 'this kind lives in one' : 'this kind lives in none; leave it out';
        return refuse({ code: 'request.invalid', issues: [`namespace: ${issue}`] });
      },
    );
  return {
    status: (namespace, labelSelector) =>
      within({ namespace, labelSelector }, STATUS_KINDS, () => readStatus(connection, namespace, labelSelector)),
    events: (query) => within(query, [EVENTS], () => readEvents(connection, query)),
    logs: (query) => within(query, [PODS], () => readLogs(connection, query)),
    list: (query) => ofKind(query, (kind) => listResources(connection, kind, query)),
    object: (query) => ofKind(query, (kind) => getObject(connection, kind, query)),
    apiResources: (query) => answered(async () => apiResources(await catalogue.kinds(), query, rules)),
    diagnostics: ({ kind, namespace, name, limit }) =>
      within({ namespace, name }, shownKinds(kind), () => diagnose({ connection, namespace, limit }, kind, name)),
    clusterHealth: async (query) => {
      const outside = query.namespaces.find((namespace) => unfit({ namespace }, namespaces) !== undefined);
      const may = { nodes: !unreadableKinds(NODES), pods: !unreadableKinds(PODS) };
      return within({ namespace: outside }, [], () => clusterHealth(connection, query, may));
    },
    rolloutHistory: (query) => within(query, historyKinds(query.kind), () => rolloutHistory(connection, query)),
    kindAccess: (query) =>
      ofNamedKind(
        query,
        (kinds) => namedKind(kinds, query),
        (kind) => kindAccess(connection, kind, query.namespace, rules),
      ),
  };
}

async function answered<T>(read: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InvalidSelector)
      return refuse({ code: 'request.invalid', issues: ['selector: the cluster does not understand it'] });
    if (error instanceof Forbidden) {
      return refuse({ code: 'cluster.forbidden', ...(error.rule === undefined ? {} : { rule: error.rule }) });
    }
    if (error instanceof Unavailable) return refuse({ code: 'cluster.unreachable' });
    throw error;
  }
}
