import { type Plan, pass, type Refusal, type Result, releasePlan } from '@countersign/approvals';
import * as z from 'zod';
import { OUTCOME_WAIT_MILLISECONDS_MAX } from '../limits.ts';
import { isFinished, nextStep, reviewUrl } from '../plans/describe.ts';
import { followPlan } from '../plans/follow-plan.ts';
import { reasonOf, reasonShape } from '../plans/reason-of.ts';
import { type VisiblePlan, visiblePlan } from '../plans/visible-plan.ts';
import { planId } from './fields.ts';
import { defineTool, type ToolAnswer, type ToolCall } from './tool.ts';

const outcomeShape = z.strictObject({
  planId: z.string(),
  status: z.string().describe('approval_required while no person has decided; otherwise the status of the plan.'),
  finished: z.boolean(),
  timedOut: z.boolean().describe('True when the outcome was not known in time.'),
  reason: reasonShape,
  reviewUrl: z.string(),
  next: z.string(),
});
type Outcome = z.infer<typeof outcomeShape>;

export const executeApprovedPlan = defineTool({
  name: 'execute_approved_plan',
  title: 'Execute an approved plan',
  description:
    'Releases a plan that a person has approved and waits up to 22 s for its outcome. Without an approval it changes nothing and answers approval_required with the reviewUrl. A plan runs at most once: calling again answers how it went. Only its requester, its owner or a named executor may call it. It takes no change and no approval as an argument: what runs is exactly what was approved, if the cluster has not drifted.',
  scopes: ['mcp:execute'],
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({ planId }),
  output: outcomeShape,
  untrusted: ['untrusted'],
  async execute(input, call) {
    const found = await visiblePlan(input.planId, call);
    if (!found.ok) return found;
    const { plan, review } = found.value;
    if (plan.status === 'pending') return pass(answer({ plan, review }, 'approval_required', false, call));
    if (isFinished(plan.status)) return pass(answer({ plan, review }, plan.status, false, call));
    return release(found.value, call);
  },
});

async function release({ plan, review }: VisiblePlan, call: ToolCall): Promise<Result<ToolAnswer<Outcome>, Refusal>> {
  const ports = { ...call.ports, deployment: call.config.deployment };
  const attempt = () => releasePlan(plan.planId, call.principal, ports);
  let released = await attempt();
  // Of two callers at once one loses the race; looking again, it finds the plan released.
  if (!released.ok && released.refusal.code === 'request.conflict') released = await attempt();
  if (!released.ok) return released;
  // `unknown` is reconciled later, perhaps by a person: there is nothing to wait for.
  const over = (now: Plan): boolean => isFinished(now.status) || now.status === 'unknown';
  const followed = await followPlan(released.value.plan, over, OUTCOME_WAIT_MILLISECONDS_MAX, call);
  return pass(answer({ plan: followed.plan, review }, followed.plan.status, followed.timedOut, call));
}

function answer(
  { plan, review }: VisiblePlan,
  status: Outcome['status'],
  timedOut: boolean,
  { config }: ToolCall,
): ToolAnswer<Outcome> {
  const address = reviewUrl(config, plan.planId);
  const next =
    plan.status === 'approved'
      ? 'It is released and waits for the executor. Call get_plan_status for the outcome.'
      : nextStep(plan, review, address);
  return {
    structured: {
      planId: plan.planId,
      status,
      finished: isFinished(plan.status),
      timedOut,
      reason: reasonOf(plan),
      reviewUrl: address,
      next,
    },
    text: `Plan ${plan.planId}: ${status}. ${next}`,
    planId: plan.planId,
  };
}
