import type { KubeObject } from '../store/object-store.ts';
import { conditionOf, record } from './kinds.ts';

/** What other controllers need to know of a pod. */

export function podPhase(pod: KubeObject): string {
  const phase = record(pod.status).phase;
  return typeof phase === 'string' ? phase : 'Pending';
}

/** Counts towards its ReplicaSet: neither finished nor on its way out. */
export function isActive(pod: KubeObject): boolean {
  const phase = podPhase(pod);
  return phase !== 'Succeeded' && phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined;
}

export function isReady(pod: KubeObject): boolean {
  return conditionOf(pod, 'Ready')?.status === 'True';
}

/** Milliseconds until a ready pod counts as available: 0 when it does, undefined when it is not ready. */
export function availableInMs(pod: KubeObject, minReadySeconds: number, now: Date): number | undefined {
  const ready = conditionOf(pod, 'Ready');
  if (ready?.status !== 'True') return undefined;
  if (minReadySeconds === 0) return 0;
  return Math.max(0, Date.parse(ready.lastTransitionTime) + minReadySeconds * 1000 - now.getTime());
}

export function restarts(pod: KubeObject): number {
  const statuses = record(pod.status).containerStatuses;
  if (!Array.isArray(statuses)) return 0;
  return statuses.reduce((sum: number, status: unknown) => sum + Number(record(status).restartCount ?? 0), 0);
}
