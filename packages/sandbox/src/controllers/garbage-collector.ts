import { awaitsDependents, requestDeletion, withoutCollectorsHold } from '../deletion/request-deletion.ts';
import type { KubeObject, ObjectStore, OwnerReference, ResourceKey, StoreEvent } from '../store/object-store.ts';
import type { Controller } from './controller.ts';
import { createOwnerGraph, type ObjectId } from './owner-graph.ts';

const separator = '\u0000';

/**
 * Deletes what nobody owns any more. Background: dependents go after their owner. Foreground: the owner waits until those that block it are gone. Orphan: the
 * owner waits until its dependents are released. Dependents are deleted as by a client, so pods end gracefully.
 */
export function createGarbageCollector(options: { store: ObjectStore; clock: () => Date }): Controller {
  const { store, clock } = options;
  const graph = createOwnerGraph();

  const objectOf = ({ resource, namespace, name }: ObjectId) =>
    store.resources.byKey(resource) === undefined ? undefined : store.get(resource, namespace, name);

  function ownerOf(reference: OwnerReference): KubeObject | undefined {
    const id = graph.withUid(reference.uid);
    const found = id === undefined ? undefined : objectOf(id);
    return found?.metadata.uid === reference.uid ? found : undefined;
  }

  function dependentsOf(uid: string): { id: ObjectId; object: KubeObject }[] {
    return graph.dependents(uid).flatMap((id) => {
      const object = objectOf(id);
      return object === undefined ? [] : [{ id, object }];
    });
  }

  function write(resource: ResourceKey, object: KubeObject): void {
    store.update(resource, object, { managedFields: object.metadata.managedFields ?? [] });
  }

  function releaseFrom(uids: ReadonlySet<string>, id: ObjectId, object: KubeObject): void {
    const ownerReferences = (object.metadata.ownerReferences ?? []).filter(({ uid }) => !uids.has(uid));
    write(id.resource, { ...object, metadata: { ...object.metadata, ownerReferences } });
  }

  /** An owner that is held by its dependents lets go when none is left that matters to it. */
  function finishOwner(id: ObjectId, owner: KubeObject): void {
    const { uid } = owner.metadata;
    const dependents = dependentsOf(uid);
    if (awaitsDependents(owner) === 'Orphan') {
      for (const one of dependents) releaseFrom(new Set([uid]), one.id, one.object);
    } else if (dependents.some(({ object }) => blocks(object, uid))) {
      return;
    }
    const current = objectOf(id);
    if (current !== undefined) write(id.resource, withoutCollectorsHold(current));
  }

  function collect(id: ObjectId, object: KubeObject): void {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0) return;
    const found = owners.map((reference) => ({ reference, owner: ownerOf(reference) }));
    const going = found.filter(({ owner }) => owner !== undefined && awaitsDependents(owner) === 'Foreground');
    const solid = found.filter(({ owner }) => owner !== undefined && awaitsDependents(owner) !== 'Foreground');
    if (solid.length > 0) {
      if (solid.length < found.length) {
        const kept = new Set(solid.map(({ reference }) => reference.uid));
        releaseFrom(new Set(owners.map(({ uid }) => uid).filter((uid) => !kept.has(uid))), id, object);
      }
      return;
    }
    if (object.metadata.deletionTimestamp !== undefined) return;
    const first = going.length > 0 && graph.dependents(object.metadata.uid).length > 0;
    const propagation = first ? 'Foreground' : 'Background';
    requestDeletion(store, id.resource, object, { propagation, gracePeriodSeconds: undefined }, clock());
  }

  return {
    name: 'garbage-collector',
    keysFor({ type, resource, object }: StoreEvent) {
      const id = idOf(resource, object);
      if (type === 'DELETED') {
        const dependents = graph.dependents(object.metadata.uid);
        const owners = (object.metadata.ownerReferences ?? []).map(({ uid }) => graph.withUid(uid));
        graph.remove(id, object);
        return [...dependents, ...owners].flatMap((one) => (one === undefined ? [] : [keyOf(one)]));
      }
      graph.put(id, object);
      if (awaitsDependents(object) !== undefined) {
        return [keyOf(id), ...graph.dependents(object.metadata.uid).map(keyOf)];
      }
      return object.metadata.ownerReferences === undefined ? [] : [keyOf(id)];
    },
    allKeys() {
      const keys: string[] = [];
      for (const resource of new Set(store.resources.all().map(({ key }) => key))) {
        if (resource.startsWith('events')) continue;
        for (const object of store.list(resource)) {
          graph.put(idOf(resource, object), object);
          if (object.metadata.ownerReferences !== undefined || awaitsDependents(object) !== undefined)
            keys.push(keyOf(idOf(resource, object)));
        }
      }
      return keys;
    },
    reconcile(key) {
      const [resource = '', namespace = '', name = ''] = key.split(separator);
      const id = { resource, namespace: namespace === '' ? undefined : namespace, name };
      const object = objectOf(id);
      if (object === undefined) return undefined;
      if (awaitsDependents(object) !== undefined) finishOwner(id, object);
      else collect(id, object);
      return undefined;
    },
  };
}

function blocks(object: KubeObject, uid: string): boolean {
  return (object.metadata.ownerReferences ?? []).some((one) => one.uid === uid && one.blockOwnerDeletion === true);
}

function idOf(resource: ResourceKey, { metadata }: KubeObject): ObjectId {
  return { resource, namespace: metadata.namespace, name: metadata.name };
}

function keyOf({ resource, namespace, name }: ObjectId): string {
  return [resource, namespace ?? '', name].join(separator);
}
