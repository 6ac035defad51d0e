import { requestDeletion } from '../deletion/request-deletion.ts';
import type { KubeObject, ObjectStore } from '../store/object-store.ts';

/**
 * Asks for a pod's graceful deletion, as the API server does for a DELETE: the pod stays, marked with the time by which it must be gone,
 * until the kubelet (pod-lifecycle-controller.ts) has stopped its containers and removes it.
 */
export function requestPodDeletion(store: ObjectStore, pod: KubeObject, now: Date): void {
  if (pod.metadata.deletionTimestamp !== undefined) return;
  requestDeletion(store, 'pods', pod, { propagation: 'Background', gracePeriodSeconds: undefined }, now);
}
