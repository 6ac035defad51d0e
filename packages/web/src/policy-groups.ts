import type { Policy, PolicySet } from '@countersign/approvals';

/** Every group that some deployed policy names: the only ones that a session needs to carry (BrowserSignInConfig.relevantGroups). */
export function groupsNamedBy(policies: PolicySet): readonly string[] {
  return [...new Set([...policies.byHash.values()].flatMap(groupsOf))].sort();
}

const groupsOf = (policy: Policy): readonly string[] => [
  ...policy.operators,
  ...policy.auditors,
  ...policy.approvals.flatMap(({ approvers }) => (approvers.kind === 'group' ? [approvers.group] : [])),
  ...policy.bindings.flatMap(({ subject }) => (subject.kind === 'group' ? [subject.group] : [])),
];
