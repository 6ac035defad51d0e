import type { KubeObject, ObjectStore, StoreEvent } from '../store/object-store.ts';
import { advanceContainer, rememberContainer } from './container-lifecycle.ts';
import { type ContainerStatus, containerStatusOf } from './container-status.ts';
import type { ContainerContext, ContainerMemory, Note } from './container-step.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import { containerPath, type RecordEvent } from './event-recorder.ts';
import { beginContainer } from './image-pull.ts';
import { imageReference } from './image-reference.ts';
import { type Container, type PodSpec, podSpec } from './kinds.ts';
import { SCHEDULING_MS, TERMINATION_MS } from './limits.ts';
import { NODE_NAME } from './node.ts';
import { podAddress } from './pod-address.ts';
import { podPhase } from './pod-state.ts';
import { podStatus } from './pod-status.ts';

const PODS = 'pods';
const KUBELET = { component: 'kubelet', host: NODE_NAME };

/** What the node remembers of a pod; lost with a restart and built again from the pod's status. */
interface PodMemory {
  uid: string;
  /** Epoch milliseconds of the binding, and of the end of a pod that is being deleted. */
  bindAtMs?: number;
  goneAtMs?: number;
  containers: Map<string, ContainerMemory>;
}

/**
 * The double of scheduler and kubelet: binds a pod to the one node, pulls the images that exist, starts, crashes and restarts containers with the
 * kubelet's back-off, reports the status, and removes a pod that is being deleted once its containers have stopped.
 */
export function createPodLifecycleController(options: {
  store: ObjectStore;
  clock: () => Date;
  images: readonly string[];
  recordEvent: RecordEvent;
}): Controller {
  const { store, clock, recordEvent } = options;
  const images = new Set(options.images.map(imageReference));
  const memories = new Map<string, PodMemory>();

  function memoryOf(key: string, pod: KubeObject): PodMemory {
    const held = memories.get(key);
    if (held?.uid === pod.metadata.uid) return held;
    const fresh: PodMemory = { uid: pod.metadata.uid, containers: new Map() };
    memories.set(key, fresh);
    return fresh;
  }

  /** Returns the wait until the binding, or the bound pod. */
  function bind(pod: KubeObject, spec: PodSpec, memory: PodMemory): number | KubeObject {
    const nowMs = clock().getTime();
    memory.bindAtMs ??= nowMs + SCHEDULING_MS;
    if (nowMs < memory.bindAtMs) return memory.bindAtMs - nowMs;
    const bound = store.update(PODS, { ...pod, spec: { ...spec, nodeName: NODE_NAME } });
    const message = `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${NODE_NAME}`;
    recordEvent({ about: bound, type: 'Normal', reason: 'Scheduled', message, component: 'default-scheduler' });
    return bound;
  }

  function advance(pod: KubeObject, container: Container, memory: PodMemory): ContainerStatus {
    const context: ContainerContext = { pod, container, images, now: clock() };
    const stored = containerStatusOf(pod, container.name);
    const known = memory.containers.get(container.name);
    const progress =
      stored === undefined
        ? beginContainer(context)
        : advanceContainer(context, stored, known ?? rememberContainer(context, stored));
    memory.containers.set(container.name, progress.memory);
    for (const note of progress.notes) say(pod, container.name, note);
    return progress.status;
  }

  function say(pod: KubeObject, container: string, note: Note): void {
    recordEvent({ about: pod, ...note, ...KUBELET, fieldPath: containerPath(container) });
  }

  function run(pod: KubeObject, spec: PodSpec, memory: PodMemory): number | undefined {
    const containerStatuses = spec.containers.map((container) => advance(pod, container, memory));
    const status = podStatus({ pod, spec, containerStatuses, podIP: podAddress(store, pod), now: clock() });
    store.update(PODS, { ...pod, status }, { subresource: 'status', fieldManager: 'kubelet' });
    const dues = [...memory.containers.values()].flatMap(({ step }) => ('dueMs' in step ? [step.dueMs] : []));
    return dues.length === 0 ? undefined : Math.max(0, Math.min(...dues) - clock().getTime());
  }

  function terminate(pod: KubeObject, spec: PodSpec, memory: PodMemory): number | undefined {
    const nowMs = clock().getTime();
    if (memory.goneAtMs === undefined) {
      memory.goneAtMs = nowMs + TERMINATION_MS;
      for (const { name } of spec.containers)
        say(pod, name, { type: 'Normal', reason: 'Killing', message: `Stopping container ${name}` });
    }
    if (nowMs < memory.goneAtMs) return memory.goneAtMs - nowMs;
    store.delete(PODS, pod.metadata.namespace, pod.metadata.name);
    return undefined;
  }

  return {
    name: 'kubelet',
    keysFor: (event: StoreEvent) => (event.resource === PODS ? [keyOf(event.object)] : []),
    allKeys: () => store.list(PODS).map(keyOf),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = store.get(PODS, namespace, name);
      const spec = pod === undefined ? undefined : podSpec(pod);
      if (pod === undefined || spec === undefined) {
        memories.delete(key);
        return undefined;
      }
      const memory = memoryOf(key, pod);
      if (pod.metadata.deletionTimestamp !== undefined) return terminate(pod, spec, memory);
      if (podPhase(pod) === 'Succeeded' || podPhase(pod) === 'Failed') return undefined;
      if (spec.nodeName === undefined) {
        const bound = bind(pod, spec, memory);
        return typeof bound === 'number' ? bound : run(bound, spec, memory);
      }
      // A pod that was put on a node that does not exist stays Pending, as it would.
      return spec.nodeName === NODE_NAME ? run(pod, spec, memory) : undefined;
    },
  };
}
