/** What the request_* tools share: the change goes to the proposer, and the stored plan comes back. None of them touches a cluster. */
import { type ChangeRequest, type Refusal, type Result, refuse, requesterOf } from '@countersign/approvals';
import { takeBudget } from '../budgets.ts';
import { titleOf } from '../plans/describe.ts';
import { PROPOSED_PLAN_UNTRUSTED, type ProposedPlan, proposedPlan, proposedPlanShape } from '../plans/proposed-plan.ts';
import { boundNamespace } from './bound-namespace.ts';
import type { ToolAnswer, ToolCall } from './tool.ts';

/** Not idempotent: each call makes a plan and asks a person. Not destructive: a plan changes nothing. */
const REQUEST_ANNOTATIONS = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
} as const;

/** The part of a request tool's definition that is the same for all of them. */
export const REQUEST_TOOL = {
  scopes: ['mcp:propose'],
  annotations: REQUEST_ANNOTATIONS,
  output: proposedPlanShape,
  untrusted: PROPOSED_PLAN_UNTRUSTED,
} as const;

export async function requestChange(
  target: { readonly namespace: string; readonly name: string },
  operation: ChangeRequest['operation'],
  reason: string,
  call: ToolCall,
): Promise<Result<ToolAnswer<ProposedPlan>, Refusal>> {
  const bound = boundNamespace(target.namespace, operation.type, call);
  if (!bound.ok) return bound;
  const exhausted = await takeBudget('proposals', call);
  if (exhausted !== undefined) return refuse(exhausted);
  const change: ChangeRequest = { kind: 'Deployment', namespace: bound.value, name: target.name, operation };
  const proposed = await call.ports.proposals.propose({
    requester: requesterOf(call.principal),
    groups: call.principal.groups,
    changes: [change],
    words: { title: titleOf([change]), reason },
  });
  return proposed.ok ? proposedPlan(proposed.value.planId, call) : proposed;
}
