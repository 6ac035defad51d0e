import type { ResourcePath } from '../server/request-info.ts';
import type { KubeObject, ObjectStore } from '../store/object-store.ts';
import { notFound } from '../store/refusals.ts';

/** The object that a URL names. Throws StatusError NotFound. */
export function existingObject(store: ObjectStore, path: ResourcePath): KubeObject {
  const name = path.name ?? '';
  const found = store.get(path.resource.key, path.namespace, name);
  if (found === undefined) throw notFound(path.resource.key, name);
  return found;
}
