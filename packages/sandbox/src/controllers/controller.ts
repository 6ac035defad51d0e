import type { StoreEvent } from '../store/object-store.ts';

/**
 * One control loop: it names the objects that an event concerns and brings one object a step closer to what its spec asks for.
 * A key is `<namespace>/<name>`; whatever happened in between, only the state at the time of `reconcile` counts.
 */
export interface Controller {
  readonly name: string;
  /** Keys that one store event makes due. */
  keysFor(event: StoreEvent): readonly string[];
  /** Every key to look at when the sandbox starts, so that a persisted store resumes. */
  allKeys(): readonly string[];
  /** Returns after how many milliseconds to look again without any event, or undefined. */
  reconcile(key: string): number | undefined;
}

export function keyOf(object: { metadata: { namespace?: string; name: string } }): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
