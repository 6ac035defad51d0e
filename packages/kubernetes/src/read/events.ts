/** get_k8s_events, and the events beside whatever else is asked: the newest first, from a bounded look. */
import { type Json, pass, type Refusal, type Result } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { foldList, type Selectors } from '../connection/list.ts';
import { EVENT_PAGES_MAX } from '../limits.ts';
import { type EventFacts, eventFacts } from '../objects/event-facts.ts';
import { collectionPath, EVENTS } from '../objects/resource-kinds.ts';
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

export interface NewestEvents {
  readonly events: readonly EventFacts[];
  /** How many there were, of those that were looked at. */
  readonly matched: number;
  /** False where the namespace holds more than were looked at. */
  readonly complete: boolean;
}

export async function readEvents(connection: ClusterConnection, query: EventQuery): Promise<Result<Json, Refusal>> {
  const { namespace, labelSelector, fieldSelector, limit, excludeTypes } = query;
  const wanted = ({ type }: EventFacts): boolean => !excludeTypes.includes(type);
  const found = await newestEvents(connection, namespace, limit, wanted, { labelSelector, fieldSelector });
  return pass({
    namespace,
    labelSelector: labelSelector ?? null,
    fieldSelector: fieldSelector ?? null,
    events: found.events.map(eventJson),
    truncated: found.matched > found.events.length || !found.complete,
  });
}

/** The API lists events in no useful order, so they are looked through and the newest `limit` of those wanted kept. */
export async function newestEvents(
  connection: ClusterConnection,
  namespace: string,
  limit: number,
  wanted: (event: EventFacts) => boolean = () => true,
  selectors: Selectors = {},
): Promise<NewestEvents> {
  const { value, complete } = await foldList<KubeEvent, { kept: EventFacts[]; matched: number }>(
    connection,
    collectionPath(EVENTS, namespace),
    { selectors, pagesMax: EVENT_PAGES_MAX },
    () => ({ kept: [], matched: 0 }),
    ({ kept, matched }, item) => {
      const event = eventFacts(item);
      if (!wanted(event)) return { kept, matched };
      kept.push(event);
      // Sorted now and then, so that what is held stays a few times what is shown.
      return { kept: kept.length > 4 * limit ? kept.sort(newestFirst).slice(0, limit) : kept, matched: matched + 1 };
    },
  );
  return { events: value.kept.sort(newestFirst).slice(0, limit), matched: value.matched, complete };
}

/** Equal times are told apart by what they are about, so that the same events always come in the same order. */
const newestFirst = (a: EventFacts, b: EventFacts): number =>
  compare(b.lastAt, a.lastAt) || compare(a.involved.name, b.involved.name) || compare(a.reason, b.reason);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const eventJson = ({ type, reason, message, count, firstAt, lastAt, involved }: EventFacts): Json => ({
  type: safeWord(type),
  reason: safeWord(reason),
  message: safeMessage(message),
  count,
  firstAt,
  lastAt,
  object: { kind: safeWord(involved.kind), name: safeWord(involved.name) },
});
