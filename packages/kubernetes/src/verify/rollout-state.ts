/** Whether a rollout that was approved has come to its end. */
import type { CriterionState, LiveObject, Target } from '@countersign/approvals';
import { workloadRollout } from '../objects/workload-rollout.ts';

type State = Pick<CriterionState, 'state' | 'message'>;

/**
 * `failed` only where it cannot be met any more: the object is gone or another one, or the controller gave up. A count that somebody
 * changed in between proves nothing about the plan: it waits, and ends as inconclusive.
 */
export function rolloutState(replicas: number, target: Target, live: LiveObject | null): State {
  const name = `${target.kind} ${target.namespace}/${target.name}`;
  if (live === null || live.deleting) return { state: 'failed', message: `${name} is gone` };
  // Of what the plan created, nobody knew the uid before.
  if (target.uid !== null && live.uid !== target.uid)
    return { state: 'failed', message: `${name} is another object now` };
  const rollout = workloadRollout(target.kind, live.object);
  // A DaemonSet has as many pods as there are nodes for it: a node that joined is no change of what was approved.
  const wanted = target.kind === 'DaemonSet' ? rollout.desired : replicas;
  const counts = `${rollout.updated} updated and ${rollout.available} available of ${wanted}`;
  if (rollout.deadlineExceeded)
    return { state: 'failed', message: `${name}: the rollout exceeded its progress deadline (${counts})` };
  if (rollout.desired !== wanted)
    return { state: 'waiting', message: `${name} wants ${rollout.desired} replicas now, ${wanted} were approved` };
  if (!rollout.observed) return { state: 'waiting', message: `${name}: the controller has not seen the change yet` };
  return { state: rollout.complete ? 'met' : 'waiting', message: `${name}: ${counts} replicas` };
}
