/** get_k8s_events: the newest first. */
import { type Json, pass, type Refusal, type Result } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listAll } from '../connection/list.ts';
import { type EventFacts, eventFacts } from '../objects/event-facts.ts';
import { EVENTS } from '../objects/resource-kinds.ts';
import type { KubeEvent } from '../objects/wire.ts';
import { safeMessage, safeWord } from './safe-text.ts';

export interface EventQuery {
  readonly namespace: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit: number;
  /** `Normal`, `Warning`. */
  readonly excludeTypes: readonly string[];
}

/** The API lists events in no useful order, so all are read and the newest kept. */
export async function readEvents(connection: ClusterConnection, query: EventQuery): Promise<Result<Json, Refusal>> {
  const { namespace, labelSelector, fieldSelector, limit, excludeTypes } = query;
  const found = await newestEvents(connection, namespace, { labelSelector, fieldSelector });
  const kept = found.filter(({ type }) => !excludeTypes.includes(type));
  return pass({
    namespace,
    labelSelector: labelSelector ?? null,
    fieldSelector: fieldSelector ?? null,
    events: kept.slice(0, limit).map(eventJson),
    truncated: kept.length > limit,
  });
}

export async function newestEvents(
  connection: ClusterConnection,
  namespace: string,
  selectors: { readonly labelSelector?: string | undefined; readonly fieldSelector?: string | undefined } = {},
): Promise<readonly EventFacts[]> {
  const events = await listAll<KubeEvent>(connection, EVENTS, namespace, selectors);
  return events.map(eventFacts).sort((a, b) => (a.lastAt > b.lastAt ? -1 : a.lastAt < b.lastAt ? 1 : 0));
}

export const eventJson = ({ type, reason, message, count, firstAt, lastAt, involved }: EventFacts): Json => ({
  type: safeWord(type),
  reason: safeWord(reason),
  message: safeMessage(message),
  count,
  firstAt,
  lastAt,
  object: { kind: safeWord(involved.kind), name: safeWord(involved.name) },
});
