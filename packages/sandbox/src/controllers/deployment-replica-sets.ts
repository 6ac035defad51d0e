import type { KubeObject, NewObject, ObjectStore } from '../store/object-store.ts';
import { annotationsAtRevision, revisionOf, sizeAnnotations } from './deployment-annotations.ts';
import { controllerOf, type DeploymentView, type ReplicaSetView, readReplicaSet, record } from './kinds.ts';
import { POD_TEMPLATE_HASH, podTemplateHash, sameTemplate } from './pod-template-hash.ts';

export const REPLICA_SETS = 'replicasets.apps';

/** A Deployment's ReplicaSets, told apart: the one with the wanted template, and all others, oldest first. */
export interface ReplicaSets {
  current: ReplicaSetView | undefined;
  old: readonly ReplicaSetView[];
}

export function replicaSetsOf(store: ObjectStore, deployment: DeploymentView): ReplicaSets {
  const { uid, namespace } = deployment.object.metadata;
  const owned = store
    .list(REPLICA_SETS, namespace)
    .filter((object) => controllerOf(object)?.uid === uid)
    .map(readReplicaSet)
    .filter((set) => set !== undefined)
    .toSorted(oldestFirst);
  const current = owned.find((set) => sameTemplate(set.template, deployment.template));
  return { current, old: owned.filter((set) => set !== current) };
}

function oldestFirst(a: ReplicaSetView, b: ReplicaSetView): number {
  const created = a.object.metadata.creationTimestamp.localeCompare(b.object.metadata.creationTimestamp);
  return created || revisionOf(a.object) - revisionOf(b.object);
}

export function allOf(sets: ReplicaSets): readonly ReplicaSetView[] {
  return sets.current === undefined ? sets.old : [...sets.old, sets.current];
}

/** The revision of a template that is new or that recurs: one more than any other ReplicaSet has. */
export function nextRevision(old: readonly ReplicaSetView[]): number {
  return Math.max(0, ...old.map((set) => revisionOf(set.object))) + 1;
}

/** The current ReplicaSet brought up to date with its Deployment: revision, copied annotations, minReadySeconds. */
export function refreshed(set: ReplicaSetView, deployment: DeploymentView, revision: number): KubeObject {
  const object = structuredClone(set.object);
  object.metadata.annotations = annotationsAtRevision(
    set.object.metadata.annotations ?? {},
    deployment.object,
    revision,
  );
  if (set.minReadySeconds !== deployment.minReadySeconds) {
    object.spec = { ...record(object.spec), minReadySeconds: deployment.minReadySeconds };
  }
  return object;
}

/** The ReplicaSet that a Deployment's template asks for. `isTaken` tells which names other objects already have. */
export function newReplicaSet(options: {
  deployment: DeploymentView;
  revision: number;
  replicas: number;
  isTaken: (name: string) => boolean;
}): NewObject & { metadata: { name: string } } {
  const { deployment, revision, replicas, isTaken } = options;
  const { metadata } = deployment.object;
  let collision = 0;
  let hash = podTemplateHash(deployment.template);
  while (isTaken(`${metadata.name}-${hash}`)) hash = podTemplateHash(deployment.template, ++collision);

  const name = `${metadata.name}-${hash}`;
  const labels = { ...deployment.template.metadata.labels, [POD_TEMPLATE_HASH]: hash };
  const selector = record(deployment.selector);
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels,
      annotations: {
        ...annotationsAtRevision({}, deployment.object, revision),
        ...sizeAnnotations(deployment),
      },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: metadata.name,
          uid: metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      replicas,
      ...(deployment.minReadySeconds === 0 ? {} : { minReadySeconds: deployment.minReadySeconds }),
      selector: {
        ...selector,
        // With the hash in its selector a ReplicaSet never claims the pods of another revision.
        matchLabels: { ...record(selector.matchLabels), [POD_TEMPLATE_HASH]: hash },
      },
      template: {
        metadata: { ...structuredClone(deployment.template.metadata), labels },
        spec: structuredClone(deployment.template.spec),
      },
    },
  };
}

/** Old ReplicaSets beyond the history limit that have no pods and whose controller has seen as much; the lowest revisions first. */
export function beyondHistory(deployment: DeploymentView, old: readonly ReplicaSetView[]): readonly ReplicaSetView[] {
  const idle = old.filter((set) => set.replicas === 0 && set.observed.replicas === 0);
  const surplus = Math.max(0, old.length - deployment.revisionHistoryLimit);
  return idle.toSorted((a, b) => revisionOf(a.object) - revisionOf(b.object)).slice(0, surplus);
}
