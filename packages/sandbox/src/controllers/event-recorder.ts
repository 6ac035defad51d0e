import type { KubeObject, ObjectStore } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';
import { record } from './kinds.ts';
import { KEPT_EVENTS_COUNT } from './limits.ts';

export interface EventNote {
  /** What the event is about. */
  about: KubeObject;
  type: 'Normal' | 'Warning';
  /** One word in camel case, as ScalingReplicaSet. */
  reason: string;
  message: string;
  /** Who says it: deployment-controller, kubelet ... */
  component: string;
  host?: string;
  /** The part of the object, as spec.containers{web}. */
  fieldPath?: string;
}

export type RecordEvent = (note: EventNote) => void;

const EVENTS = 'events';

/**
 * Records core/v1 Events the way the controllers and the kubelet do: the same thing said again about the same object raises `count` and
 * `lastTimestamp` of the event that exists. At most 500 are kept; the oldest go first, so that a crash loop cannot fill the store.
 */
export function createEventRecorder(options: { store: ObjectStore; clock: () => Date; keep?: number }): RecordEvent {
  const { store, clock, keep = KEPT_EVENTS_COUNT } = options;
  let serial = 0;

  return (note) => {
    const now = kubeTime(clock());
    const said = store.list(EVENTS, namespaceOf(note)).find((event) => saysTheSame(event, note));
    if (said === undefined) {
      store.create(EVENTS, newEvent(note, now, eventName(note, clock(), serial++)));
      dropOldest(store, keep);
      return;
    }
    store.update(EVENTS, { ...structuredClone(said), count: Number(said.count ?? 1) + 1, lastTimestamp: now });
  };
}

/** Events about cluster-wide objects live in `default`. */
function namespaceOf(note: EventNote): string {
  return note.about.metadata.namespace ?? 'default';
}

function saysTheSame(event: KubeObject, note: EventNote): boolean {
  const involved = record(event.involvedObject);
  return (
    involved.uid === note.about.metadata.uid &&
    involved.fieldPath === note.fieldPath &&
    event.reason === note.reason &&
    event.message === note.message &&
    event.type === note.type &&
    event.reportingComponent === note.component
  );
}

/** `<object>.<hex>`, as client-go names them: sortable by time, and unique through the serial number. */
function eventName(note: EventNote, at: Date, serial: number): string {
  const nanoseconds = BigInt(at.getTime()) * 1_000_000n + BigInt(serial % 1_000_000);
  return `${note.about.metadata.name}.${nanoseconds.toString(16)}`;
}

function newEvent(note: EventNote, now: string, name: string) {
  const { about, component, host, fieldPath } = note;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace: namespaceOf(note) },
    involvedObject: {
      apiVersion: about.apiVersion,
      kind: about.kind,
      ...(about.metadata.namespace === undefined ? {} : { namespace: about.metadata.namespace }),
      name: about.metadata.name,
      uid: about.metadata.uid,
      resourceVersion: about.metadata.resourceVersion,
      ...(fieldPath === undefined ? {} : { fieldPath }),
    },
    reason: note.reason,
    message: note.message,
    type: note.type,
    source: { component, ...(host === undefined ? {} : { host }) },
    reportingComponent: component,
    reportingInstance: host ?? '',
    firstTimestamp: now,
    lastTimestamp: now,
    eventTime: null,
    count: 1,
  };
}

function dropOldest(store: ObjectStore, keep: number): void {
  const events = store.list(EVENTS);
  if (events.length <= keep) return;
  const oldestFirst = events.toSorted((a, b) => lastSeen(a).localeCompare(lastSeen(b)) || version(a) - version(b));
  for (const event of oldestFirst.slice(0, events.length - keep)) {
    store.delete(EVENTS, event.metadata.namespace, event.metadata.name);
  }
}

function lastSeen(event: KubeObject): string {
  return typeof event.lastTimestamp === 'string' ? event.lastTimestamp : event.metadata.creationTimestamp;
}

function version(event: KubeObject): number {
  return Number(event.metadata.resourceVersion);
}

/** The field path of a container, as the kubelet writes it. */
export function containerPath(container: string): string {
  return `spec.containers{${container}}`;
}
