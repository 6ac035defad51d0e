/** Bounds on replicas stop a plan that starves the cluster, or, where the minimum is above 0, one that stops a workload. */
import { numberAt } from '../objects/json-at.ts';
import type { Rule } from './rule.ts';

/** An autoscaler's bounds are replicas that it will set: else they would be the way round the policy's. */
const PATHS = [
  ['spec', 'replicas'],
  ['spec', 'minReplicas'],
  ['spec', 'maxReplicas'],
] as const;

export const replicasOutOfBounds: Rule = {
  code: 'replicas-out-of-bounds',
  passes: 'the replicas are within the bounds',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ policy, operation, after }) => {
    const { min, max } = policy.replicas;
    const asked = operation.type === 'scale' ? operation.replicas : undefined;
    const found = PATHS.map((path) => numberAt(after, ...path));
    const outside = [...new Set([asked, ...found])].filter(
      (replicas) => replicas !== undefined && (replicas < min || replicas > max),
    );
    return { denials: outside.map((replicas) => `${replicas} replicas are outside ${min} to ${max}`) };
  },
};
