/** What "it worked" means, fixed before anybody approves: the reviewer approves this, too. */
import type { Json, Operation, Policy, SuccessCriterion, Target } from '@countersign/approvals';
import { replicasOf } from './already-so.ts';
import type { Surroundings } from './surroundings.ts';

export function successCriteriaOf(
  target: Target,
  operation: Operation,
  live: Json,
  around: Surroundings,
  policy: Policy,
): { withinSeconds: number; all: SuccessCriterion[] } {
  const replicas = operation.type === 'scale' ? operation.replicas : replicasOf(live);
  // Other workloads may stand behind the same Service; only this one's pods are promised.
  const services = replicas === 0 ? [] : around.services;
  return {
    withinSeconds: policy.verifySeconds,
    all: [
      { type: 'rollout', step: 1, replicas },
      ...services.map(
        ({ name }): SuccessCriterion => ({
          type: 'endpoints',
          namespace: target.namespace,
          service: name,
          readyMin: replicas,
        }),
      ),
    ],
  };
}
