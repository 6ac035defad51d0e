import type { KubeObject } from '../store/object-store.ts';

/** On an object: this sandbox's controllers leave it, and the status that it was given, alone. For whoever wants to show a state that the sandbox does not come to by itself. */
const UNMANAGED = 'sandbox.countersign.dev/unmanaged';

export function isUnmanaged(object: KubeObject): boolean {
  return object.metadata.annotations?.[UNMANAGED] !== undefined;
}
