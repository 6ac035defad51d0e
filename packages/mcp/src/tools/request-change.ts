/** What the request_* tools share: the changes go to the proposer, and the stored plan comes back. None of them touches a cluster. */
import {
  type ChangeRequest,
  changeRequests,
  pass,
  type Refusal,
  type Result,
  refuse,
  requesterOf,
} from '@countersign/approvals';
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
  briefOutput: true,
  untrusted: PROPOSED_PLAN_UNTRUSTED,
} as const;

/** What every request tool promises, in its description. */
export const STORES_A_PLAN =
  'Changes nothing: it stores a plan made from a server-side dry run and answers it, with diff, risk and the reviewUrl where a person must approve it in a browser. Show the user the reviewUrl, then wait_for_plan_approval, then execute_approved_plan.';

/** `title`: the system's own words unless given. */
export interface Words {
  readonly title?: string;
  readonly reason: string;
}

/** One plan of these changes, in this order. `changes` are checked here, whoever made them. */
export async function requestChanges(
  changes: readonly unknown[],
  words: Words,
  call: ToolCall,
): Promise<Result<ToolAnswer<ProposedPlan>, Refusal>> {
  const asked = judgedChanges(changes, call);
  if (!asked.ok) return asked;
  const exhausted = await takeBudget('proposals', call);
  if (exhausted !== undefined) return refuse(exhausted);
  const proposed = await call.ports.proposals.propose({
    requester: requesterOf(call.principal),
    groups: call.principal.groups,
    changes: asked.value,
    words: { title: words.title ?? titleOf(asked.value), reason: words.reason },
  });
  return proposed.ok ? proposedPlan(proposed.value.planId, call) : proposed;
}

/** Shape, one step per object, and a binding for each: all of them before anything is counted or sent. */
function judgedChanges(
  changes: readonly unknown[],
  call: ToolCall,
): Result<readonly [ChangeRequest, ...ChangeRequest[]], Refusal> {
  const parsed = changeRequests.safeParse(changes);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => `${['changes', ...path].join('.')}: ${message}`);
    return refuse({ code: 'request.invalid', issues });
  }
  const seen = new Map<string, number>();
  for (const [index, { kind, namespace, name }] of parsed.data.entries()) {
    const object = `${kind} ${namespace}/${name}`;
    const before = seen.get(object);
    // A plan has one step per object: two would make the second's dry run a guess.
    if (before !== undefined) {
      const issue = `changes: ${before} and ${index + 1} are of the same object; put them into one patch, or into two plans`;
      return refuse({ code: 'request.invalid', issues: [issue] });
    }
    seen.set(object, index + 1);
  }
  for (const { namespace, operation } of parsed.data) {
    const bound = boundNamespace(namespace, operation.type, call);
    if (!bound.ok) return bound;
  }
  return pass(parsed.data as [ChangeRequest, ...ChangeRequest[]]);
}
