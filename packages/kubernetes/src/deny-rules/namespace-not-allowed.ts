/** The allow-list is judged here and again when the plan runs: RBAC alone may be wider than what the policy means. */
import type { Rule } from './rule.ts';

export const namespaceNotAllowed: Rule = {
  code: 'namespace-not-allowed',
  passes: 'the namespace is on the allow-list',
  enforced: 'always',
  otherwise: 'high',
  judge: ({ policy, target }) => ({
    denials: policy.namespaces.includes(target.namespace)
      ? []
      : [`namespace ${target.namespace} is not one of ${policy.namespaces.join(', ')}`],
  }),
};
