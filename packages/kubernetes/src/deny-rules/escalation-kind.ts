/**
 * Kinds by which a write becomes power over the cluster: rights, admission, types, nodes, other identities. They are an administrator's
 * work, with an administrator's tools; a namespaced one (Role, RoleBinding, ServiceAccount) is no smaller a step than a cluster-wide one.
 */
import type { Target } from '@countersign/approvals';
import { groupOf } from './kind-names.ts';
import type { Rule } from './rule.ts';

const GROUPS = new Set([
  'rbac.authorization.k8s.io',
  'authorization.k8s.io',
  'authentication.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'certificates.k8s.io',
  'flowcontrol.apiserver.k8s.io',
  'internal.apiserver.k8s.io',
  'node.k8s.io',
  'scheduling.k8s.io',
  'storage.k8s.io',
]);
const CORE_KINDS = new Set([
  'Binding',
  'LimitRange',
  'Namespace',
  'Node',
  'PersistentVolume',
  'ResourceQuota',
  'ServiceAccount',
]);

const isEscalationKind = (target: Pick<Target, 'apiVersion' | 'kind'>): boolean =>
  GROUPS.has(groupOf(target)) || (groupOf(target) === '' && CORE_KINDS.has(target.kind));

export const escalationKind: Rule = {
  code: 'escalation-kind',
  passes: 'the kind gives no power over the cluster',
  enforced: 'listed',
  otherwise: 'high',
  judge: ({ target }) => ({
    denials: isEscalationKind(target)
      ? [`${target.kind} is about rights, admission, types, nodes or quotas: an administrator's work`]
      : [],
  }),
};
