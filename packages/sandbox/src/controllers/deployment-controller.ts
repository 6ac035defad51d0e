import type { ObjectStore, StoreEvent } from '../store/object-store.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import {
  annotatedNumber,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  REVISION,
  sizeAnnotations,
} from './deployment-annotations.ts';
import {
  allOf,
  beyondHistory,
  newReplicaSet,
  nextRevision,
  REPLICA_SETS,
  type ReplicaSets,
  refreshed,
  replicaSetsOf,
} from './deployment-replica-sets.ts';
import { deploymentStatus, isComplete } from './deployment-status.ts';
import type { RecordEvent } from './event-recorder.ts';
import { controllerOf, type DeploymentView, type ReplicaSetView, readDeployment, record } from './kinds.ts';
import { podPhase } from './pod-state.ts';
import { proportionalSizes } from './proportional-scaling.ts';
import { newSize, type RollingUpdate, rollingStep, type SetSize } from './rolling-update.ts';

const DEPLOYMENTS = 'deployments.apps';
const COMPONENT = 'deployment-controller';

/**
 * Rolls Deployments out: one ReplicaSet for each template, revisions, RollingUpdate and Recreate, scaling in the middle of a rollout, pause,
 * history and status. One call makes one step; the ReplicaSets' own changes bring the next.
 */
export function createDeploymentController(options: {
  store: ObjectStore;
  clock: () => Date;
  recordEvent: RecordEvent;
}): Controller {
  const { store, clock, recordEvent } = options;

  function resize(deployment: DeploymentView, set: ReplicaSetView, replicas: number): void {
    const object = structuredClone(set.object);
    object.metadata.annotations = { ...object.metadata.annotations, ...sizeAnnotations(deployment) };
    object.spec = { ...record(object.spec), replicas };
    store.update(REPLICA_SETS, object);
    if (replicas !== set.replicas) noteScaling(deployment, object.metadata.name, set.replicas, replicas);
  }

  function noteScaling(deployment: DeploymentView, set: string, from: number, to: number): void {
    const message = `Scaled ${to > from ? 'up' : 'down'} replica set ${set} from ${from} to ${to}`;
    recordEvent({
      about: deployment.object,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message,
      component: COMPONENT,
    });
  }

  function resizeAll(deployment: DeploymentView, sets: ReplicaSets, sizes: ReadonlyMap<string, number>): boolean {
    const changed = allOf(sets).filter((set) => (sizes.get(nameOf(set)) ?? set.replicas) !== set.replicas);
    for (const set of changed) resize(deployment, set, sizes.get(nameOf(set)) ?? set.replicas);
    return changed.length > 0;
  }

  /** The current ReplicaSet's revision and annotations, and the Deployment's revision after it. */
  function syncRevision(deployment: DeploymentView, sets: ReplicaSets): void {
    if (sets.current === undefined) return;
    const set = store.update(REPLICA_SETS, refreshed(sets.current, deployment, nextRevision(sets.old)));
    const revision = set.metadata.annotations?.[REVISION];
    if (revision === undefined || deployment.object.metadata.annotations?.[REVISION] === revision) return;
    const object = structuredClone(deployment.object);
    object.metadata.annotations = { ...object.metadata.annotations, [REVISION]: revision };
    store.update(DEPLOYMENTS, object, { subresource: 'status' });
  }

  function createCurrent(deployment: DeploymentView, sets: ReplicaSets): void {
    const { namespace } = deployment.object.metadata;
    const replicas = newSize(rolloutOf(deployment, sets));
    const isTaken = (setName: string) => store.get(REPLICA_SETS, namespace, setName) !== undefined;
    const object = newReplicaSet({ deployment, revision: nextRevision(sets.old), replicas, isTaken });
    store.create(REPLICA_SETS, object);
    if (replicas > 0) noteScaling(deployment, object.metadata.name, 0, replicas);
  }

  function scale(deployment: DeploymentView, sets: ReplicaSets): void {
    const active = allOf(sets).filter((set) => set.replicas > 0);
    const only = active.length === 0 ? (sets.current ?? sets.old.at(-1)) : active.length === 1 ? active[0] : undefined;
    if (only !== undefined) {
      resize(deployment, only, deployment.replicas);
      return;
    }
    const sizes = proportionalSizes({
      desired: deployment.replicas,
      maxSurge: deployment.maxSurge,
      sets: active.map((set) => ({
        name: nameOf(set),
        replicas: set.replicas,
        maxReplicasThen: annotatedNumber(set.object, MAX_REPLICAS) ?? set.replicas,
      })),
    });
    for (const set of active) resize(deployment, set, sizes.get(nameOf(set)) ?? set.replicas);
  }

  function hasOldPods(sets: ReplicaSets): boolean {
    const old = new Set(sets.old.map((set) => set.object.metadata.uid));
    const namespace = sets.old[0]?.object.metadata.namespace;
    const running = (phase: string) => phase !== 'Succeeded' && phase !== 'Failed';
    return store.list('pods', namespace).some((pod) => old.has(controllerOf(pod)?.uid ?? '') && running(podPhase(pod)));
  }

  /** One step of the rollout; true when it made the current ReplicaSet. */
  function rollOut(deployment: DeploymentView, sets: ReplicaSets): boolean {
    if (deployment.strategy === 'Recreate') {
      const emptied = new Map(sets.old.map((set) => [nameOf(set), 0]));
      // Recreate promises that two versions never run side by side: the new one waits until the last old pod is gone.
      if (resizeAll(deployment, sets, emptied) || (sets.old.length > 0 && hasOldPods(sets))) return false;
    }
    if (sets.current === undefined) {
      createCurrent(deployment, sets);
      return true;
    }
    const moved = resizeAll(deployment, sets, rollingStep(rolloutOf(deployment, sets)));
    if (!moved && isComplete(deployment, sets)) {
      for (const set of beyondHistory(deployment, sets.old))
        store.delete(REPLICA_SETS, set.object.metadata.namespace, nameOf(set));
    }
    return false;
  }

  function writeStatus(deployment: DeploymentView, sets: ReplicaSets, created: boolean): number | undefined {
    const { status, deadlineInMs } = deploymentStatus({ deployment, sets, created, now: clock() });
    store.update(DEPLOYMENTS, { ...deployment.object, status }, { subresource: 'status' });
    return deadlineInMs;
  }

  function read(key: string): DeploymentView | undefined {
    const { namespace, name } = splitKey(key);
    const stored = store.get(DEPLOYMENTS, namespace, name);
    return stored === undefined ? undefined : readDeployment(stored);
  }

  function ownerKey(setName: string, namespace: string | undefined): readonly string[] {
    const set = store.get(REPLICA_SETS, namespace, setName);
    const owner = set === undefined ? undefined : controllerOf(set);
    return owner?.kind === 'Deployment' ? [`${namespace ?? ''}/${owner.name}`] : [];
  }

  return {
    name: COMPONENT,
    keysFor(event: StoreEvent) {
      const { metadata } = event.object;
      if (event.resource === DEPLOYMENTS) return event.type === 'DELETED' ? [] : [keyOf(event.object)];
      const owner = controllerOf(event.object);
      if (event.resource === REPLICA_SETS)
        return owner?.kind === 'Deployment' ? [`${metadata.namespace ?? ''}/${owner.name}`] : [];
      // Only the going of a pod says something that its ReplicaSet's status does not: that a Recreate may go on.
      if (event.resource === 'pods' && event.type === 'DELETED' && owner?.kind === 'ReplicaSet')
        return ownerKey(owner.name, metadata.namespace);
      return [];
    },
    allKeys: () => store.list(DEPLOYMENTS).map(keyOf),
    reconcile(key) {
      const before = read(key);
      if (before === undefined || before.object.metadata.deletionTimestamp !== undefined) return undefined;
      syncRevision(before, replicaSetsOf(store, before));
      const deployment = read(key) ?? before;
      const sets = replicaSetsOf(store, deployment);
      let created = false;
      if (deployment.paused || wasScaled(deployment, sets)) scale(deployment, sets);
      else created = rollOut(deployment, sets);
      // The number first, the status after it: who sees the generation observed sees the revision too.
      if (created) syncRevision(deployment, replicaSetsOf(store, deployment));
      const after = read(key) ?? deployment;
      return writeStatus(after, replicaSetsOf(store, after), created);
    },
  };
}

/** Some active ReplicaSet was last sized for another number of replicas than the Deployment asks for now. */
function wasScaled(deployment: DeploymentView, sets: ReplicaSets): boolean {
  return allOf(sets).some((set) => {
    const aimed = annotatedNumber(set.object, DESIRED_REPLICAS);
    return set.replicas > 0 && aimed !== undefined && aimed !== deployment.replicas;
  });
}

function nameOf(set: ReplicaSetView): string {
  return set.object.metadata.name;
}

function rolloutOf(deployment: DeploymentView, sets: ReplicaSets): RollingUpdate {
  const sizeOf = (set: ReplicaSetView): SetSize => ({
    name: nameOf(set),
    replicas: set.replicas,
    available: set.observed.available,
  });
  return {
    desired: deployment.replicas,
    maxSurge: deployment.maxSurge,
    maxUnavailable: deployment.maxUnavailable,
    current: sets.current === undefined ? { name: '', replicas: 0, available: 0 } : sizeOf(sets.current),
    old: sets.old.map(sizeOf),
  };
}
