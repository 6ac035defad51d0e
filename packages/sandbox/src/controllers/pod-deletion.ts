import type { KubeObject, ObjectStore } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';
import { podSpec } from './kinds.ts';
import { DEFAULT_GRACE_PERIOD_SECONDS } from './limits.ts';

/**
 * Asks for a pod's graceful deletion, as the API server does for a DELETE: the pod stays, marked with the time by which it must be gone,
 * until the kubelet (pod-lifecycle-controller.ts) has stopped its containers and removes it.
 */
export function requestPodDeletion(store: ObjectStore, pod: KubeObject, now: Date): void {
  if (pod.metadata.deletionTimestamp !== undefined) return;
  const graceSeconds = podSpec(pod)?.terminationGracePeriodSeconds ?? DEFAULT_GRACE_PERIOD_SECONDS;
  const deletion = {
    deletionTimestamp: kubeTime(new Date(now.getTime() + graceSeconds * 1000)),
    deletionGracePeriodSeconds: graceSeconds,
  };
  store.update('pods', { ...pod, metadata: { ...pod.metadata, ...deletion } });
}
