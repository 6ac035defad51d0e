/** Access = scope AND binding, judged at call time from the deployed policy. Scopes are judged at the HTTP edge. */
import type { Binding, Policy } from './policy.ts';
import type { Principal } from './principal.ts';

export type BoundOperation = Binding['operations'][number];

/** Namespaces in which the principal may do this, within the policy's allow-list; sorted. Groups match as exact members. */
export function boundNamespaces(
  policy: Policy,
  principal: Pick<Principal, 'id' | 'kind' | 'groups'>,
  operation: BoundOperation,
): readonly string[] {
  const bound = policy.bindings
    .filter((binding) => binding.operations.includes(operation) && matches(binding.subject, principal))
    .flatMap((binding) => binding.namespaces);
  return [...new Set(bound)].filter((namespace) => policy.namespaces.includes(namespace)).sort();
}

function matches(subject: Binding['subject'], principal: Pick<Principal, 'id' | 'kind' | 'groups'>): boolean {
  switch (subject.kind) {
    case 'principal':
      return subject.id === principal.id;
    case 'group':
      return principal.groups.includes(subject.group);
    case 'kind':
      return subject.principalKind === principal.kind;
  }
}
