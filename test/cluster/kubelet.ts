/**
 * A double of scheduler and kubelet for a cluster that has neither: one node, and a loop that binds pods, reports the status that their
 * images call for and finishes their deletion. The conventions are the sandbox's own: an image that it does not know cannot be pulled, an
 * annotation or a shell's `exit` makes a container crash.
 */
import { createHash } from 'node:crypto';
import { crashOf, defaultImages, imageReference, pullError } from '@countersign/sandbox';
import { type Answered, type Calls, callsTo, type Following } from '../contracts/cluster/cluster-under-test.ts';

const NODE = 'kubelet-double';
const NODE_IP = '10.244.0.1';
const IMAGES = new Set(defaultImages.map(imageReference));

export interface Kubelet {
  stop(): Promise<void>;
}

/** Does nothing on a cluster that has nodes: kubelets run there. */
export async function startKubelet(kubeconfig: string): Promise<Kubelet> {
  const calls = callsTo<'admin'>(kubeconfig);
  const nodes = await calls.call('admin', { path: '/api/v1/nodes', query: { limit: '1' } });
  if (nodes.body.items.length > 0) {
    calls.close();
    return { stop: () => Promise.resolve() };
  }
  await registerNode(calls);
  let stopping = false;
  let following: Following | undefined;
  const addresses = new Map<string, string>();
  const addressOf = (uid: string): string => {
    const number = addresses.size + 2;
    const address = addresses.get(uid) ?? `10.244.${number >> 8}.${number & 255}`;
    addresses.set(uid, address);
    return address;
  };
  // A call that fails is made again with the pod's next event, or with the list that follows a broken watch.
  const act = (pod: Answered): void => void tend(calls, pod, addressOf).catch(() => undefined);
  const loop = async (): Promise<void> => {
    while (!stopping) {
      const list = await calls.call('admin', { path: '/api/v1/pods' });
      for (const pod of list.body.items ?? []) act(pod);
      const query = { resourceVersion: list.body.metadata?.resourceVersion ?? '', allowWatchBookmarks: 'false' };
      following = calls.follow('admin', { path: '/api/v1/pods', query }, ({ type, object }) => {
        if (type === 'ADDED' || type === 'MODIFIED') act(object);
      });
      if (stopping) following.stop();
      await following.ended;
    }
  };
  const running = loop().catch(() => undefined);
  return {
    stop: async () => {
      stopping = true;
      following?.stop();
      await running;
      await calls.call('admin', { method: 'DELETE', path: `/api/v1/nodes/${NODE}` }).catch(() => undefined);
      calls.close();
    },
  };
}

async function registerNode({ call }: Calls<'admin'>): Promise<void> {
  const path = '/api/v1/nodes';
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE, labels: { 'kubernetes.io/hostname': NODE } } };
  const { status, body } = await call('admin', { method: 'POST', path, body: node });
  if (status !== 201) throw new Error(`the kubelet double has no node: ${status} ${body.message}`);
  const resources = { cpu: '64', memory: '256Gi', pods: '1000' };
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'the double is there' };
  await call('admin', {
    method: 'PATCH',
    path: `${path}/${NODE}/status`,
    body: {
      status: {
        capacity: resources,
        allocatable: resources,
        conditions: [ready],
        addresses: [{ type: 'InternalIP', address: NODE_IP }],
      },
    },
  });
  // Admission taints a new node as not ready; the controller that would take the taint away wants heartbeats and is off.
  await call('admin', { method: 'PATCH', path: `${path}/${NODE}`, body: { spec: { taints: null } } });
}

/** The one thing that is due for this pod. */
async function tend({ call }: Calls<'admin'>, pod: Answered, addressOf: (uid: string) => string): Promise<void> {
  const { name, namespace, uid, deletionTimestamp } = pod.metadata;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}`;
  if (deletionTimestamp !== undefined) {
    const body = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, preconditions: { uid } };
    await call('admin', { method: 'DELETE', path, body });
  } else if (pod.spec.nodeName === undefined) {
    const target = { apiVersion: 'v1', kind: 'Node', name: NODE };
    const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace, uid }, target };
    await call('admin', { method: 'POST', path: `${path}/binding`, body });
  } else if (pod.status.containerStatuses === undefined) {
    const body = { metadata: { uid }, status: statusOf(pod, addressOf(uid)) };
    await call('admin', { method: 'PATCH', path: `${path}/status`, body, query: { fieldManager: 'kubelet' } });
  }
}

function statusOf(pod: Answered, podIP: string): object {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const once = pod.spec.restartPolicy !== 'Always';
  const states = pod.spec.containers.map((container: Answered) => containerStatus(pod, container, once, now));
  const ready = states.every((state: Answered) => state.ready);
  const waiting = states.some(({ state, restartCount }: Answered) => state.waiting !== undefined && restartCount === 0);
  const over = states.every(({ state }: Answered) => state.terminated !== undefined);
  const failed = over && states.some(({ state }: Answered) => state.terminated.exitCode !== 0);
  const condition = (type: string, holds: boolean) => ({
    type,
    status: holds ? 'True' : 'False',
    lastTransitionTime: now,
  });
  return {
    phase: waiting ? 'Pending' : !over ? 'Running' : failed ? 'Failed' : 'Succeeded',
    conditions: [
      condition('Initialized', true),
      condition('Ready', ready),
      condition('ContainersReady', ready),
      condition('PodScheduled', true),
    ],
    hostIP: NODE_IP,
    hostIPs: [{ ip: NODE_IP }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: now,
    containerStatuses: states,
  };
}

/** `once`: the pod's work ends (a Job's). */
function containerStatus(pod: Answered, container: Answered, once: boolean, now: string): object {
  const { name, image } = container;
  const status = { name, image, imageID: '', ready: false, started: false, restartCount: 0 };
  if (!IMAGES.has(imageReference(image))) {
    const message = `Back-off pulling image "${image}": ErrImagePull: ${pullError(image)}`;
    return { ...status, state: { waiting: { reason: 'ImagePullBackOff', message } } };
  }
  const digest = createHash('sha256').update(`${pod.metadata.uid}/${name}`).digest('hex');
  // `resources` says that this kubelet can resize.
  const started = {
    ...status,
    resources: container.resources ?? {},
    imageID: imageReference(image),
    containerID: `containerd://${digest}`,
  };
  const end = (exitCode: number, message: string) => ({
    terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', message, startedAt: now, finishedAt: now },
  });
  const crash = crashOf(pod, container);
  if (crash === undefined)
    return once
      ? { ...started, state: end(0, '') }
      : { ...started, ready: true, started: true, state: { running: { startedAt: now } } };
  if (once && pod.spec.restartPolicy === 'Never') return { ...started, state: end(crash.exitCode, crash.message) };
  const waiting = {
    reason: 'CrashLoopBackOff',
    message: `back-off 10s restarting failed container=${name} pod=${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`,
  };
  return { ...started, restartCount: 1, state: { waiting }, lastState: end(crash.exitCode, crash.message) };
}
