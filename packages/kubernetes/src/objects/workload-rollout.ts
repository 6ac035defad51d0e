/** How far a workload's rollout is, each kind as `kubectl rollout status` reads it. */
import type { Json } from '@countersign/approvals';
import { numberAt } from './json-at.ts';
import { type Rollout, rolloutOf } from './rollout.ts';
import type { Deployment } from './wire.ts';

type Counts = Pick<Rollout, 'desired' | 'updated' | 'ready' | 'available' | 'total'> & {
  readonly updatesWanted: number;
};

/** Of any other kind: nothing is complete. */
export function workloadRollout(kind: string, object: Json): Rollout {
  if (kind === 'Deployment') return rolloutOf(object as Deployment);
  const counts = countsOf(kind, object);
  const observed =
    (numberAt(object, 'status', 'observedGeneration') ?? 0) >= (numberAt(object, 'metadata', 'generation') ?? 0);
  const { updatesWanted, ...shown } = counts ?? NOTHING;
  const { desired, updated, available, total } = shown;
  const counted = counts !== undefined && updated >= updatesWanted && available === desired && total === desired;
  // None of these kinds pauses or has a progress deadline.
  return { ...shown, paused: false, observed, complete: observed && counted, deadlineExceeded: false };
}

const NOTHING: Counts = { desired: 0, updated: 0, ready: 0, available: 0, total: 0, updatesWanted: 0 };

function countsOf(kind: string, object: Json): Counts | undefined {
  const count = (member: string): number => numberAt(object, 'status', member) ?? 0;
  const replicas = numberAt(object, 'spec', 'replicas') ?? 1;
  const pods = { desired: replicas, ready: count('readyReplicas'), available: count('availableReplicas') };
  switch (kind) {
    case 'StatefulSet': {
      // Pods below the partition keep the old template until somebody lowers it.
      const partition = numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
      const updatesWanted = Math.max(0, replicas - partition);
      return { ...pods, updated: count('updatedReplicas'), total: count('replicas'), updatesWanted };
    }
    // A ReplicaSet replaces no pod: what is there counts, whichever template it has.
    case 'ReplicaSet':
      return { ...pods, updated: count('replicas'), total: count('replicas'), updatesWanted: replicas };
    case 'DaemonSet': {
      const desired = count('desiredNumberScheduled');
      return {
        desired,
        updated: count('updatedNumberScheduled'),
        ready: count('numberReady'),
        available: count('numberAvailable'),
        total: count('currentNumberScheduled'),
        updatesWanted: desired,
      };
    }
    default:
      return undefined;
  }
}
