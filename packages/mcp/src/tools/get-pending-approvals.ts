import { isOpen, type PlanListEntry, pass } from '@countersign/approvals';
import * as z from 'zod';
import { OPEN_PLANS_READ_AT_ONCE, OPEN_PLANS_READ_MAX, PENDING_APPROVALS_MAX } from '../limits.ts';
import { describePlan, nextStep, reviewUrl, stepShape } from '../plans/describe.ts';
import { type VisiblePlan, visiblePlan } from '../plans/visible-plan.ts';
import { READ_ONLY } from './fields.ts';
import { defineTool, type ToolCall } from './tool.ts';

export const getPendingApprovals = defineTool({
  name: 'get_pending_approvals',
  title: 'List open plans',
  description:
    'Lists the open plans that you may see, newest first: those that wait for a decision, for their release or for their outcome. Use it to find a planId again after a restart, or what a person still has to decide. Plans of others that you may not see are left out.',
  scopes: ['mcp:read', 'mcp:propose', 'mcp:execute'],
  annotations: { ...READ_ONLY, openWorldHint: false },
  input: z.strictObject({
    status: z
      .enum(['pending', 'approved', 'executing', 'applied', 'unknown'])
      .describe('Only plans of this status.')
      .optional(),
  }),
  output: z.strictObject({
    plans: z.array(
      z.strictObject({
        planId: z.string(),
        status: z.string(),
        steps: z.array(stepShape),
        riskTier: z.string(),
        requestedByYou: z.boolean(),
        createdAt: z.string(),
        notAfter: z.string(),
        reviewUrl: z.string(),
        next: z.string(),
      }),
    ),
    more: z.boolean().describe('True when there are more than shown.'),
  }),
  untrusted: [],
  async execute(input, call) {
    const listed = await call.ports.plans.list({ open: true, limit: OPEN_PLANS_READ_MAX });
    const visible = (await visibleOf(listed, call)).filter(
      ({ plan }) => isOpen(plan.status) && (input.status === undefined || plan.status === input.status),
    );
    const plans = visible.slice(0, PENDING_APPROVALS_MAX).map(({ plan, review }) => {
      const address = reviewUrl(call.config, plan.planId);
      return {
        planId: plan.planId,
        status: plan.status,
        steps: describePlan(plan),
        riskTier: review.riskTier,
        requestedByYou: review.requester.id === call.principal.id,
        createdAt: plan.createdAt,
        notAfter: plan.notAfter,
        reviewUrl: address,
        next: nextStep(plan, review, address),
      };
    });
    const more = visible.length > plans.length || listed.length === OPEN_PLANS_READ_MAX;
    return pass({
      structured: { plans, more },
      text: plans.length === 0 ? 'No open plan that you may see.' : `${plans.length} open plans.`,
    });
  },
});

/** The list may lag and says nothing about who may see: each plan is read itself, a few at once. */
async function visibleOf(listed: readonly PlanListEntry[], call: ToolCall): Promise<readonly VisiblePlan[]> {
  const visible: VisiblePlan[] = [];
  for (let at = 0; at < listed.length; at += OPEN_PLANS_READ_AT_ONCE) {
    const part = listed.slice(at, at + OPEN_PLANS_READ_AT_ONCE);
    const found = await Promise.all(part.map((entry) => visiblePlan(entry.planId, call)));
    visible.push(...found.flatMap((result) => (result.ok ? [result.value] : [])));
  }
  return visible;
}
