import { pass } from '@countersign/approvals';
import * as z from 'zod';
import { WAIT_SECONDS_DEFAULT, WAIT_SECONDS_MAX } from '../limits.ts';
import { isFinished, nextStep, reviewUrl } from '../plans/describe.ts';
import { followPlan } from '../plans/follow-plan.ts';
import { reasonOf, reasonShape } from '../plans/reason-of.ts';
import { visiblePlan } from '../plans/visible-plan.ts';
import { planId, READ_ONLY } from './fields.ts';
import { defineTool } from './tool.ts';

export const waitForPlanApproval = defineTool({
  name: 'wait_for_plan_approval',
  title: 'Wait for a decision',
  description:
    'Waits until a person has decided on a plan, by default 20 s and at most 25 s; call it again while it answers timedOut. It never approves and never runs anything. Show the user the reviewUrl before you wait. When it answers approved, call execute_approved_plan.',
  scopes: ['mcp:read', 'mcp:propose', 'mcp:execute'],
  annotations: { ...READ_ONLY, openWorldHint: false },
  input: z.strictObject({
    planId,
    timeoutSeconds: z.number().int().min(1).max(WAIT_SECONDS_MAX).default(WAIT_SECONDS_DEFAULT),
  }),
  output: z.strictObject({
    planId: z.string(),
    status: z.string(),
    decided: z.boolean(),
    finished: z.boolean(),
    timedOut: z.boolean(),
    reason: reasonShape,
    reviewUrl: z.string(),
    next: z.string(),
  }),
  untrusted: ['untrusted'],
  async execute(input, call) {
    const found = await visiblePlan(input.planId, call);
    if (!found.ok) return found;
    const { review } = found.value;
    const decided = (plan: { readonly status: string }): boolean => plan.status !== 'pending';
    const { plan, timedOut } = await followPlan(found.value.plan, decided, input.timeoutSeconds * 1000, call);
    const address = reviewUrl(call.config, plan.planId);
    const next = nextStep(plan, review, address);
    return pass({
      structured: {
        planId: plan.planId,
        status: plan.status,
        decided: decided(plan),
        finished: isFinished(plan.status),
        timedOut,
        reason: reasonOf(plan),
        reviewUrl: address,
        next,
      },
      text: `Plan ${plan.planId}: ${plan.status}${timedOut ? ', nobody has decided yet' : ''}. ${next}`,
      planId: plan.planId,
    });
  },
});
