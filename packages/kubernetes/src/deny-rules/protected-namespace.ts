/** Whoever can write where the cluster's or Countersign's own parts run owns both. No policy can hand these namespaces over. */
import { protectedNamespaces } from '@countersign/approvals';
import type { Rule } from './rule.ts';

export const protectedNamespace: Rule = {
  code: 'protected-namespace',
  passes: 'the namespace is not protected',
  enforced: 'always',
  otherwise: 'high',
  judge: ({ policy, target }) => ({
    denials: protectedNamespaces(policy).includes(target.namespace)
      ? [`namespace ${target.namespace} is protected: no plan changes anything in it`]
      : [],
  }),
};
