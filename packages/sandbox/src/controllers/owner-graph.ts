import type { KubeObject, ResourceKey } from '../store/object-store.ts';

export interface ObjectId {
  readonly resource: ResourceKey;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** Who owns whom, kept up to date with the store, so that a deletion does not look at every object. */
export interface OwnerGraph {
  put(id: ObjectId, object: KubeObject): void;
  remove(id: ObjectId, object: KubeObject): void;
  withUid(uid: string): ObjectId | undefined;
  dependents(uid: string): readonly ObjectId[];
}

export function createOwnerGraph(): OwnerGraph {
  const byUid = new Map<string, ObjectId>();
  const owners = new Map<string, readonly string[]>();
  const dependents = new Map<string, Set<string>>();

  function forget(uid: string): void {
    for (const owner of owners.get(uid) ?? []) {
      const left = dependents.get(owner);
      left?.delete(uid);
      if (left?.size === 0) dependents.delete(owner);
    }
    owners.delete(uid);
  }

  return {
    put(id, object) {
      const { uid, ownerReferences = [] } = object.metadata;
      byUid.set(uid, id);
      forget(uid);
      if (ownerReferences.length === 0) return;
      owners.set(
        uid,
        ownerReferences.map((owner) => owner.uid),
      );
      for (const owner of ownerReferences) {
        const known = dependents.get(owner.uid) ?? new Set<string>();
        dependents.set(owner.uid, known.add(uid));
      }
    },
    remove(_id, object) {
      forget(object.metadata.uid);
      byUid.delete(object.metadata.uid);
    },
    withUid: (uid) => byUid.get(uid),
    dependents: (uid) => [...(dependents.get(uid) ?? [])].flatMap((one) => byUid.get(one) ?? []),
  };
}
