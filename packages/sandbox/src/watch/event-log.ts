import { watchHistoryMaxEvents } from '../limits.ts';
import type { KubeObject, ObjectStore, ResourceKey, StoreEvent } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';

/** The last changes, in order: what lets a watch begin in the past, and a paged list go on as it began. */
export interface EventLog {
  /** The changes after a resourceVersion. Throws StatusError Expired where they are no longer all known. */
  after(resourceVersion: number): readonly StoreEvent[];
  /** The resource's objects as they were at a resourceVersion, sorted as the store sorts them. Throws StatusError Expired. */
  listAt(resource: ResourceKey, namespace: string | undefined, resourceVersion: number): readonly KubeObject[];
  /** Called with each change from now on. Returns the way to stop. */
  subscribe(listener: (event: StoreEvent) => void): () => void;
}

export function createEventLog(store: ObjectStore): EventLog {
  let events: StoreEvent[] = [];
  /** Changes up to here are not in the log; at the start that is everything that was loaded. */
  let forgotten = Number(store.resourceVersion);
  const listeners = new Set<(event: StoreEvent) => void>();

  store.subscribe((event) => {
    events.push(event);
    if (events.length > 2 * watchHistoryMaxEvents) {
      const dropped = events.length - watchHistoryMaxEvents;
      forgotten = versionOf(events[dropped - 1]);
      events = events.slice(dropped);
    }
    for (const listener of [...listeners]) listener(event);
  });

  function after(resourceVersion: number): readonly StoreEvent[] {
    if (resourceVersion < forgotten) {
      throw new StatusError('Expired', `too old resource version: ${resourceVersion} (${forgotten})`);
    }
    return events.filter((event) => versionOf(event) > resourceVersion);
  }

  return {
    after,

    listAt(resource, namespace, resourceVersion) {
      const then = new Map(store.list(resource, namespace).map((object) => [keyOf(object), object]));
      // Undone from the newest to the oldest.
      for (const event of [...after(resourceVersion)].reverse()) {
        if (event.resource !== resource) continue;
        if (namespace !== undefined && event.object.metadata.namespace !== namespace) continue;
        if (event.previous === undefined) then.delete(keyOf(event.object));
        else then.set(keyOf(event.object), event.previous);
      }
      return [...then.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function versionOf(event: StoreEvent | undefined): number {
  return Number(event?.object.metadata.resourceVersion ?? 0);
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
