import { REVISION } from '../controllers/deployment-annotations.ts';
import { newReplicaSet, REPLICA_SETS } from '../controllers/deployment-replica-sets.ts';
import { containerPath, createEventRecorder } from '../controllers/event-recorder.ts';
import { readDeployment, readReplicaSet, record } from '../controllers/kinds.ts';
import { NODE_NAME } from '../controllers/node.ts';
import { podFor } from '../controllers/replica-set-pods.ts';
import type { KubeObject, ObjectStore } from '../store/object-store.ts';
import { deployment, service } from './object-builders.ts';

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
export const healthyWebImage = 'nginx:1.27-alpine';
/** A tag that nobody ever pushed. */
export const brokenWebImage = 'nginx:1.27-doesnotexist';

/**
 * The shop's front: it ran as revision 1 and was then given an image that does not exist. With Recreate none of the old pods is left, so its
 * Service has no ready endpoint. Revision 1 is still there as a ReplicaSet of size 0, and the events tell that its pods ran.
 */
export function seedWeb(store: ObjectStore): void {
  store.create('services', service({ namespace: 'shop', name: 'web', clusterIP: '10.96.20.10', port: 80 }));
  const seed = deployment({
    namespace: 'shop',
    name: 'web',
    image: healthyWebImage,
    replicas: 2,
    port: 80,
    strategy: { type: 'Recreate' },
    annotations: { [CHANGE_CAUSE]: 'release 41: nginx 1.27' },
  });
  const healthy = store.create('deployments.apps', seed, { fieldManager: 'kubectl-create' });
  const annotations = { ...healthy.metadata.annotations, [REVISION]: '1' };
  const rolledOut = store.update('deployments.apps', { ...healthy, metadata: { ...healthy.metadata, annotations } });
  seedFirstRevision(store, rolledOut);

  const broken = structuredClone(rolledOut);
  broken.metadata.annotations = {
    ...broken.metadata.annotations,
    [CHANGE_CAUSE]: 'release 42: nginx 1.27, smaller image',
  };
  setImage(broken, brokenWebImage);
  store.update('deployments.apps', broken, { fieldManager: 'kubectl-set' });
}

/** What revision 1 left behind: its ReplicaSet, scaled to 0, and what was said about it and its pods. */
function seedFirstRevision(store: ObjectStore, healthy: KubeObject): void {
  const view = readDeployment(healthy);
  if (view === undefined) throw new Error('the seed of web is not a Deployment');
  const object = newReplicaSet({ deployment: view, revision: 1, replicas: 0, isTaken: () => false });
  const stored = store.create(REPLICA_SETS, object);
  const status = { replicas: 0, observedGeneration: stored.metadata.generation ?? 1 };
  const set = store.update(REPLICA_SETS, { ...stored, status }, { subresource: 'status' });

  const recordEvent = createEventRecorder({ store, clock: () => new Date(healthy.metadata.creationTimestamp) });
  const scaled = (message: string) =>
    recordEvent({
      about: healthy,
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message,
      component: 'deployment-controller',
    });
  scaled(`Scaled up replica set ${set.metadata.name} from 0 to 2`);
  for (let ordinal = 0; ordinal < 2; ordinal++) livedPod(store, set, recordEvent);
  scaled(`Scaled down replica set ${set.metadata.name} from 2 to 0`);
}

/** A pod of revision 1 that came up and is gone again; only the events about it stay. */
function livedPod(store: ObjectStore, set: KubeObject, recordEvent: ReturnType<typeof createEventRecorder>): void {
  const view = readReplicaSet(set);
  if (view === undefined) throw new Error('the seed of web is not a ReplicaSet');
  const pod = store.create('pods', podFor(view));
  const { name } = pod.metadata;
  const ofSet = { about: set, type: 'Normal', component: 'replicaset-controller' } as const;
  const ofNode = {
    about: pod,
    type: 'Normal',
    component: 'kubelet',
    host: NODE_NAME,
    fieldPath: containerPath('web'),
  } as const;
  recordEvent({ ...ofSet, reason: 'SuccessfulCreate', message: `Created pod: ${name}` });
  recordEvent({
    ...ofNode,
    reason: 'Pulled',
    message: `Successfully pulled image "${healthyWebImage}" in 130ms (130ms including waiting)`,
  });
  recordEvent({ ...ofNode, reason: 'Created', message: 'Created container: web' });
  recordEvent({ ...ofNode, reason: 'Started', message: 'Started container web' });
  recordEvent({ ...ofSet, reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` });
  store.delete('pods', 'shop', name);
}

function setImage(object: KubeObject, image: string): void {
  const template = record(record(object.spec).template);
  const containers = record(template.spec).containers;
  if (Array.isArray(containers)) record(containers[0]).image = image;
}
