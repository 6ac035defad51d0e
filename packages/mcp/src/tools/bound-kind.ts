/** Who may ask for a kind: a namespace is judged by its binding; a kind that lives in none needs a right to read anywhere, and the policy's word. */
import { boundNamespaces, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import { boundNamespace } from './bound-namespace.ts';
import type { ToolCall } from './tool.ts';

export function boundForKind(
  namespace: string | undefined,
  call: Pick<ToolCall, 'principal' | 'ports'>,
): Result<string | undefined, Refusal> {
  if (namespace !== undefined) return boundNamespace(namespace, 'read', call);
  const allowed = boundNamespaces(call.ports.policies.deployed, call.principal, 'read');
  return allowed.length > 0
    ? pass(undefined)
    : refuse({ code: 'access.not_bound', namespace: '(any)', operation: 'read', allowed });
}
