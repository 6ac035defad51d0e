import { storedCopy } from '../json/stored-copy.ts';
import { createResourceCatalogue } from '../resources/resource-catalogue.ts';
import { type Ids, randomIds } from './ids.ts';
import type { DeleteOptions, KubeObject, NewObject, ObjectStore, ResourceKey, StoreEvent } from './object-store.ts';
import { firstVersion, nextVersion } from './object-versions.ts';
import { alreadyExists, notFound, objectModified, uidMismatch } from './refusals.ts';
import { StatusError } from './status-error.ts';

/** What a store starts from: the objects of an earlier run and the counter that it had reached. */
export interface RestoredObjects {
  readonly resourceVersion: number;
  readonly objects: Iterable<{ readonly resource: ResourceKey; readonly object: KubeObject }>;
}

export interface ObjectStoreOptions {
  readonly clock: () => Date;
  readonly ids?: Ids;
  readonly restored?: RestoredObjects;
  /** Called with each object that is about to be stored, before it is compared with what is there: fills the kind's defaults. Must not change its argument. */
  readonly defaults?: <T extends NewObject>(resource: ResourceKey, object: T, store: ObjectStore) => T;
  /** A listener that throws is a fault in this process, never in the write that it heard of: the write stands and the fault goes here. */
  readonly onListenerError?: (error: unknown) => void;
}

/**
 * An ObjectStore in memory. Writes are synchronous: within one turn of the event loop nothing comes between a read and the write that follows it,
 * which is what the real API server gets from etcd's transactions.
 */
export function createObjectStore(options: ObjectStoreOptions): ObjectStore {
  const ids = options.ids ?? randomIds;
  const resources = createResourceCatalogue();
  const objects = new Map<ResourceKey, Map<string, KubeObject>>();
  const listeners = new Set<(event: StoreEvent) => void>();
  const queue: StoreEvent[] = [];
  const onListenerError = options.onListenerError ?? throwLater;
  let counter = options.restored?.resourceVersion ?? 1;
  let draining = false;

  for (const { resource, object } of options.restored?.objects ?? []) put(resource, storedCopy(object));

  function collection(resource: ResourceKey): Map<string, KubeObject> {
    if (resources.byKey(resource) === undefined)
      throw new StatusError('NotFound', 'the server could not find the requested resource');
    return stored(resource);
  }

  function stored(resource: ResourceKey): Map<string, KubeObject> {
    const key = resource === 'events.events.k8s.io' ? 'events' : resource;
    const found = objects.get(key) ?? new Map<string, KubeObject>();
    objects.set(key, found);
    return found;
  }

  /** Also of a custom resource whose definition has not been read yet: a restart restores objects in any order. */
  function put(resource: ResourceKey, object: KubeObject) {
    stored(resource).set(storeKey(object.metadata.namespace, object.metadata.name), object);
  }

  function existing(resource: ResourceKey, namespace: string | undefined, name: string): KubeObject {
    const found = collection(resource).get(storeKey(namespace, name));
    if (found === undefined) throw notFound(resource, name);
    return found;
  }

  /** Listeners hear of writes in the order of the writes, also when a listener writes: its write waits until all have heard of the first. */
  function announce(event: StoreEvent) {
    queue.push(event);
    if (draining) return;
    draining = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const listener of [...listeners]) {
        try {
          listener(next);
        } catch (error) {
          onListenerError(error);
        }
      }
    }
    draining = false;
  }

  function stamped(object: KubeObject): KubeObject {
    counter += 1;
    return storedCopy({ ...object, metadata: { ...object.metadata, resourceVersion: String(counter) } });
  }

  function withDefaults<T extends NewObject>(resource: ResourceKey, object: T): T {
    return options.defaults === undefined ? object : options.defaults(resource, object, store);
  }

  function freeName(resource: ResourceKey, object: NewObject): string {
    const { name, generateName, namespace } = object.metadata;
    if (name !== undefined && name !== '') return name;
    if (generateName === undefined || generateName === '') {
      throw new StatusError(
        'Invalid',
        `${object.kind} "" is invalid: metadata.name: Required value: name or generateName is required`,
      );
    }
    let candidate = `${generateName}${ids.suffix()}`;
    while (collection(resource).has(storeKey(namespace, candidate))) candidate = `${generateName}${ids.suffix()}`;
    return candidate;
  }

  function remove(resource: ResourceKey, object: KubeObject): KubeObject {
    const key = storeKey(object.metadata.namespace, object.metadata.name);
    const previous = collection(resource).get(key) ?? object;
    collection(resource).delete(key);
    // The removal is a write of its own: watchers and continue tokens order it by its own resourceVersion.
    const removed = stamped(object);
    announce({ type: 'DELETED', resource, object: removed, previous });
    return removed;
  }

  const store: ObjectStore = {
    resources,

    get resourceVersion() {
      return String(counter);
    },

    get(resource, namespace, name) {
      return collection(resource).get(storeKey(namespace, name));
    },

    list(resource, namespace) {
      const found: [string, KubeObject][] = [];
      const prefix = namespace === undefined ? '' : storeKey(namespace, '');
      for (const entry of collection(resource)) if (entry[0].startsWith(prefix)) found.push(entry);
      return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },

    create(resource, object, write = {}) {
      const given = storedCopy(object);
      const name = freeName(resource, given);
      if (collection(resource).has(storeKey(given.metadata.namespace, name))) throw alreadyExists(resource, name);
      const birth = { uid: ids.uid(), name, resourceVersion: '', now: options.clock() };
      // Some defaults speak of the object's own name and uid.
      const draft = withDefaults(resource, { ...given, metadata: { ...given.metadata, name, uid: birth.uid } });
      const first = firstVersion(resources.byKey(resource), draft, birth, write);
      if (write.dryRun === true) {
        const { resourceVersion: _none, ...metadata } = first.metadata;
        return storedCopy({ ...first, metadata: { ...metadata, resourceVersion: '' } });
      }
      const created = stamped(first);
      put(resource, created);
      announce({ type: 'ADDED', resource, object: created });
      return created;
    },

    update(resource, object, write = {}) {
      const current = existing(resource, object.metadata.namespace, object.metadata.name);
      const { resourceVersion, uid } = object.metadata;
      if (uid !== undefined && uid !== '' && uid !== current.metadata.uid) throw uidMismatch(resource, current, uid);
      if (
        resourceVersion !== undefined &&
        resourceVersion !== '' &&
        resourceVersion !== current.metadata.resourceVersion
      ) {
        throw objectModified(resource, current.metadata.name);
      }
      const draft = write.subresource === 'status' ? storedCopy(object) : withDefaults(resource, storedCopy(object));
      const next = nextVersion(resources.byKey(resource), current, draft, options.clock(), write);
      if (next === current) return current;
      if (write.dryRun === true) return storedCopy(next);
      const updated = stamped(next);
      if (lostLastFinalizer(current, updated)) return remove(resource, updated);
      put(resource, updated);
      announce({ type: 'MODIFIED', resource, object: updated, previous: current });
      return updated;
    },

    delete(resource, namespace, name, { dryRun = false }: DeleteOptions = {}) {
      const current = existing(resource, namespace, name);
      return dryRun ? current : remove(resource, current);
    },

    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return store;
}

/** An object that is being deleted goes for good with its last finalizer. */
function lostLastFinalizer(before: KubeObject, after: KubeObject): boolean {
  const held = (object: KubeObject) => (object.metadata.finalizers ?? []).length > 0;
  return after.metadata.deletionTimestamp !== undefined && held(before) && !held(after);
}

/** Sorted as etcd's keys are. */
function storeKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}

function throwLater(error: unknown) {
  queueMicrotask(() => {
    throw error;
  });
}
