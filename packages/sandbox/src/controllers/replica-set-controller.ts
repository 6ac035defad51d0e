import type { ObjectStore, StoreEvent } from '../store/object-store.ts';
import { keysOfController, podsOf } from './controlled-pod.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import type { RecordEvent } from './event-recorder.ts';
import { type ReplicaSetView, readReplicaSet } from './kinds.ts';
import { PODS_PER_REPLICA_SET_COUNT } from './limits.ts';
import { requestPodDeletion } from './pod-deletion.ts';
import { availableInMs, isActive, isReady } from './pod-state.ts';
import { leastUsefulFirst, podFor } from './replica-set-pods.ts';

const REPLICA_SETS = 'replicasets.apps';
const COMPONENT = 'replicaset-controller';

/** Keeps as many active pods as each ReplicaSet asks for, and its status true. Pods belong to it by their controller ownerReference. */
export function createReplicaSetController(options: {
  store: ObjectStore;
  clock: () => Date;
  recordEvent: RecordEvent;
}): Controller {
  const { store, clock, recordEvent } = options;

  function createPod(set: ReplicaSetView): void {
    const pod = store.create('pods', podFor(set));
    note(set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }

  function note(set: ReplicaSetView, reason: string, message: string): void {
    recordEvent({ about: set.object, type: 'Normal', reason, message, component: COMPONENT });
  }

  function matchReplicas(set: ReplicaSetView): void {
    const active = podsOf(store, set.object).filter(isActive);
    const wanted = Math.min(set.replicas, PODS_PER_REPLICA_SET_COUNT);
    for (let missing = wanted - active.length; missing > 0; missing--) createPod(set);
    for (const pod of leastUsefulFirst(active).slice(0, Math.max(0, active.length - wanted))) {
      requestPodDeletion(store, pod, clock());
      note(set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
    }
  }

  function writeStatus(set: ReplicaSetView): number | undefined {
    const active = podsOf(store, set.object).filter(isActive);
    const waits = active.map((pod) => availableInMs(pod, set.minReadySeconds, clock()));
    const ready = active.filter(isReady).length;
    const available = waits.filter((wait) => wait === 0).length;
    const status = {
      replicas: active.length,
      // As in the real API a zero is left out, except for `replicas`.
      ...(active.length === 0 ? {} : { fullyLabeledReplicas: active.length }),
      ...(ready === 0 ? {} : { readyReplicas: ready }),
      ...(available === 0 ? {} : { availableReplicas: available }),
      observedGeneration: set.object.metadata.generation ?? 1,
    };
    store.update(REPLICA_SETS, { ...set.object, status }, { subresource: 'status' });
    const pending = waits.filter((wait) => wait !== undefined && wait > 0);
    return pending.length === 0 ? undefined : Math.min(...pending.map(Number));
  }

  return {
    name: COMPONENT,
    keysFor(event: StoreEvent) {
      if (event.resource === REPLICA_SETS && event.type !== 'DELETED') return [keyOf(event.object)];
      return event.resource === 'pods' ? keysOfController(event.object, 'ReplicaSet') : [];
    },
    allKeys: () => store.list(REPLICA_SETS).map(keyOf),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const stored = store.get(REPLICA_SETS, namespace, name);
      const set = stored === undefined ? undefined : readReplicaSet(stored);
      if (set === undefined) return undefined;
      if (set.object.metadata.deletionTimestamp === undefined) matchReplicas(set);
      return writeStatus(set);
    },
  };
}
