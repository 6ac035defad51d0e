/** The second half of access: the deployed policy binds the caller to this namespace and operation, asked at every call (incident 4.1, 4.10). */
import { type BoundOperation, boundNamespaces, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import type { ToolCall } from './tool.ts';

export function boundNamespace(
  namespace: string,
  operation: BoundOperation,
  { principal, ports }: Pick<ToolCall, 'principal' | 'ports'>,
): Result<string, Refusal> {
  const allowed = boundNamespaces(ports.policies.deployed, principal, operation);
  return allowed.includes(namespace)
    ? pass(namespace)
    : refuse({ code: 'access.not_bound', namespace, operation, allowed });
}
