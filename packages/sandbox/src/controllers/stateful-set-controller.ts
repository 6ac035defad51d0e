import { recordAt } from '../json/record.ts';
import type { KubeObject, ObjectStore, StoreEvent } from '../store/object-store.ts';
import { controlledPod, keysOfController, podsOf } from './controlled-pod.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import type { RecordEvent } from './event-recorder.ts';
import { PODS_PER_REPLICA_SET_COUNT } from './limits.ts';
import { requestPodDeletion } from './pod-deletion.ts';
import { availableInMs, isActive, isReady, podPhase } from './pod-state.ts';
import { currentRevision, REVISION_HASH, revisionsOf, templateOf, trimRevisions } from './revisions.ts';
import { claimsFor, claimVolumes } from './stateful-set-claims.ts';
import { ordinalOf, podName, readStatefulSet, type StatefulSetView } from './stateful-set-view.ts';
import { isUnmanaged } from './unmanaged.ts';

const STATEFUL_SETS = 'statefulsets.apps';
const COMPONENT = 'statefulset-controller';

/** Pods name-0, name-1 ... in their order, each ready before the next; from the last to the first when they go or are updated. */
export function createStatefulSetController(options: {
  store: ObjectStore;
  clock: () => Date;
  recordEvent: RecordEvent;
}): Controller {
  const { store, clock, recordEvent } = options;

  function note(set: StatefulSetView, reason: string, message: string): void {
    recordEvent({ about: set.object, type: 'Normal', reason, message, component: COMPONENT });
  }

  function createPod(set: StatefulSetView, ordinal: number, revision: KubeObject): void {
    const name = podName(set, ordinal);
    for (const claim of claimsFor(set, ordinal)) {
      const { namespace, name: claimName = '' } = claim.metadata;
      if (store.get('persistentvolumeclaims', namespace, claimName) === undefined)
        store.create('persistentvolumeclaims', claim);
    }
    const template = templateOf(revision) ?? set.template;
    const labels = {
      [REVISION_HASH]: revision.metadata.name,
      'statefulset.kubernetes.io/pod-name': name,
      'apps.kubernetes.io/pod-index': String(ordinal),
    };
    const spec = { hostname: name, subdomain: set.serviceName, ...claimVolumes(set, ordinal, template) };
    store.create('pods', controlledPod(set.object, template, { name, labels, spec }));
    note(set, 'SuccessfulCreate', `create Pod ${name} in StatefulSet ${set.object.metadata.name} successful`);
  }

  function deletePod(set: StatefulSetView, pod: KubeObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    requestPodDeletion(store, pod, clock());
    note(
      set,
      'SuccessfulDelete',
      `delete Pod ${pod.metadata.name} in StatefulSet ${set.object.metadata.name} successful`,
    );
  }

  /** One step: whatever it leaves undone, the event of what it did brings it back. */
  function step(set: StatefulSetView, update: KubeObject, current: KubeObject): void {
    const byOrdinal = new Map(podsOf(store, set.object).map((pod) => [ordinalOf(set, pod), pod]));
    const wanted = Math.min(set.replicas, PODS_PER_REPLICA_SET_COUNT);
    const isDone = (pod: KubeObject) => podPhase(pod) === 'Failed' || podPhase(pod) === 'Succeeded';
    for (let ordinal = set.start; ordinal < set.start + wanted; ordinal += 1) {
      const pod = byOrdinal.get(ordinal);
      if (pod === undefined) createPod(set, ordinal, ordinal < set.start + set.partition ? current : update);
      else if (isDone(pod)) deletePod(set, pod);
      const isUp = pod !== undefined && isActive(pod) && isReady(pod);
      if (!isUp && set.ordered) return;
    }
    const surplus = [...byOrdinal]
      .filter(([ordinal]) => ordinal < set.start || ordinal >= set.start + wanted)
      .sort(([a], [b]) => b - a)
      .map(([, pod]) => pod);
    for (const pod of set.ordered ? surplus.slice(0, 1) : surplus) deletePod(set, pod);
    if (surplus.length > 0 || set.strategy !== 'RollingUpdate') return;
    for (let ordinal = set.start + wanted - 1; ordinal >= set.start + set.partition; ordinal -= 1) {
      const pod = byOrdinal.get(ordinal);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
      if (revisionName(pod) !== update.metadata.name) {
        deletePod(set, pod);
        return;
      }
      if (!isReady(pod)) return;
    }
  }

  function writeStatus(set: StatefulSetView, update: KubeObject, current: KubeObject): number | undefined {
    const pods = podsOf(store, set.object).filter(isActive);
    const waits = pods.map((pod) => availableInMs(pod, set.minReadySeconds, clock()));
    const withRevision = (revision: KubeObject) =>
      pods.filter((pod) => revisionName(pod) === revision.metadata.name).length;
    const updated = withRevision(update);
    const ready = pods.filter(isReady).length;
    const isComplete = updated === set.replicas && pods.length === set.replicas && ready === set.replicas;
    const counts = {
      readyReplicas: ready,
      currentReplicas: isComplete ? updated : withRevision(current),
      updatedReplicas: updated,
    };
    const status = {
      observedGeneration: set.object.metadata.generation ?? 1,
      replicas: pods.length,
      ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
      currentRevision: isComplete ? update.metadata.name : current.metadata.name,
      updateRevision: update.metadata.name,
      collisionCount: 0,
      availableReplicas: waits.filter((wait) => wait === 0).length,
    };
    store.update(STATEFUL_SETS, { ...set.object, status }, { subresource: 'status' });
    const used = new Set([update.metadata.name, current.metadata.name, ...pods.map(revisionName)]);
    trimRevisions(store, set.object, used, set.revisionHistoryLimit);
    const pending = waits.filter((wait) => wait !== undefined && wait > 0);
    return pending.length === 0 ? undefined : Math.min(...pending.map(Number));
  }

  return {
    name: COMPONENT,
    keysFor({ type, resource, object }: StoreEvent) {
      if (resource === STATEFUL_SETS) return type === 'DELETED' ? [] : [keyOf(object)];
      return resource === 'pods' ? keysOfController(object, 'StatefulSet') : [];
    },
    allKeys: () => store.list(STATEFUL_SETS).map(keyOf),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const stored = store.get(STATEFUL_SETS, namespace, name);
      const set = stored === undefined || isUnmanaged(stored) ? undefined : readStatefulSet(stored);
      if (set === undefined) return undefined;
      const update = currentRevision(store, set.object, set.template);
      const noted = recordAt(set.object, 'status')?.currentRevision;
      const current = revisionsOf(store, set.object).find(({ metadata }) => metadata.name === noted) ?? update;
      if (set.object.metadata.deletionTimestamp === undefined) step(set, update, current);
      return writeStatus(set, update, current);
    },
  };
}

function revisionName(pod: KubeObject): string {
  return pod.metadata.labels?.[REVISION_HASH] ?? '';
}
