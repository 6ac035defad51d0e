import type { KubeObject, NewObject } from '../store/object-store.ts';
import { controlledPod } from './controlled-pod.ts';
import { podSpec, type ReplicaSetView } from './kinds.ts';
import { isReady, podPhase, restarts } from './pod-state.ts';

/** The pod that a ReplicaSet's template asks for; the store completes its name. */
export function podFor(set: ReplicaSetView): NewObject {
  return controlledPod(set.object, set.template);
}

/**
 * Which pods go first when there are too many, in the order of the real controller: unscheduled, pending, not ready,
 * often restarted, then the youngest; so scaling down never takes a serving pod while a broken one is left.
 */
export function leastUsefulFirst(pods: readonly KubeObject[]): KubeObject[] {
  return pods.toSorted(
    (a, b) =>
      Number(podSpec(a)?.nodeName !== undefined) - Number(podSpec(b)?.nodeName !== undefined) ||
      Number(podPhase(a) === 'Running') - Number(podPhase(b) === 'Running') ||
      Number(isReady(a)) - Number(isReady(b)) ||
      restarts(b) - restarts(a) ||
      b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp) ||
      a.metadata.name.localeCompare(b.metadata.name),
  );
}
