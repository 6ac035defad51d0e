/** Bounds on replicas stop a plan that starves the cluster, or, where the minimum is above 0, one that stops a workload. */
import { numberAt } from '../objects/json-at.ts';
import type { Rule } from './rule.ts';

export const replicasOutOfBounds: Rule = {
  code: 'replicas-out-of-bounds',
  passes: 'the replicas are within the bounds',
  judge: ({ policy, operation, after }) => {
    const { min, max } = policy.replicas;
    const asked = operation.type === 'scale' ? operation.replicas : undefined;
    const found = numberAt(after, 'spec', 'replicas');
    const outside = [...new Set([asked, found])].filter(
      (replicas) => replicas !== undefined && (replicas < min || replicas > max),
    );
    return { denials: outside.map((replicas) => `${replicas} replicas are outside ${min} to ${max}`) };
  },
};
