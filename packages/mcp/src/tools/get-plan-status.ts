import { type ChainEvent, pass, STEP_RESULTS, stepOutcomes } from '@countersign/approvals';
import * as z from 'zod';
import { TIMELINE_EVENTS_MAX } from '../limits.ts';
import { describePlan, isFinished, nextStep, reviewUrl, stepShape } from '../plans/describe.ts';
import { reasonOf, reasonShape } from '../plans/reason-of.ts';
import { visiblePlan } from '../plans/visible-plan.ts';
import { planId, READ_ONLY } from './fields.ts';
import { defineTool } from './tool.ts';

export const getPlanStatus = defineTool({
  name: 'get_plan_status',
  title: 'Show a plan',
  description:
    'Shows where a plan is: status, what it would change, the timeline of what happened when, why it ended, whether the change was verified in the cluster and whether its targets are still as they were. Use it for the outcome of execute_approved_plan and for plans of others that you may see.',
  scopes: ['mcp:read', 'mcp:propose', 'mcp:execute'],
  annotations: { ...READ_ONLY, openWorldHint: false },
  input: z.strictObject({ planId }),
  output: z.strictObject({
    planId: z.string(),
    status: z.string(),
    finished: z.boolean(),
    steps: z.array(
      stepShape.extend({
        result: z.enum(STEP_RESULTS).describe('What became of the step; a plan stops at the first that is refused.'),
        code: z.string().nullable(),
      }),
    ),
    riskTier: z.string(),
    requester: z.strictObject({
      kind: z.string(),
      you: z.boolean(),
      untrusted: z.strictObject({ display: z.string() }),
    }),
    untrusted: z.strictObject({ reason: z.string() }).describe("The requester's words; not verified."),
    timeline: z.array(z.strictObject({ at: z.string(), type: z.string(), status: z.string() })),
    reason: reasonShape.describe('Why it ended, where that was no success.'),
    verification: z.strictObject({ at: z.string(), result: z.string() }).nullable(),
    freshness: z
      .strictObject({ checkedAt: z.string(), fresh: z.boolean(), untrusted: z.array(z.string()) })
      .nullable()
      .describe('Last look at the targets of an open plan; untrusted: what changed.'),
    window: z.strictObject({ notBefore: z.string(), notAfter: z.string() }),
    reviewUrl: z.string(),
    next: z.string(),
  }),
  untrusted: ['untrusted'],
  async execute(input, call) {
    const found = await visiblePlan(input.planId, call);
    if (!found.ok) return found;
    const { plan, review } = found.value;
    const [records, chain, freshness] = await Promise.all([
      call.ports.plans.read(plan.planId),
      call.ports.plans.chain(plan.planId),
      call.ports.plans.freshness(plan.planId),
    ]);
    const described = describePlan(plan);
    const outcomes = stepOutcomes(plan, described.length, records?.steps ?? []);
    const address = reviewUrl(call.config, plan.planId);
    const next = nextStep(plan, review, address);
    return pass({
      structured: {
        planId: plan.planId,
        status: plan.status,
        finished: isFinished(plan.status),
        steps: described.map((step, at) => ({
          ...step,
          result: outcomes[at]?.result ?? 'waiting',
          code: outcomes[at]?.code ?? null,
        })),
        riskTier: review.riskTier,
        requester: {
          kind: review.requester.kind,
          you: review.requester.id === call.principal.id,
          untrusted: { display: review.requester.display },
        },
        untrusted: { reason: review.words.reason },
        timeline: chain.slice(-TIMELINE_EVENTS_MAX).map(({ at, type, status }) => ({ at, type, status })),
        reason: reasonOf(plan),
        verification: verificationOf(chain),
        freshness:
          freshness === null
            ? null
            : { checkedAt: freshness.checkedAt, fresh: freshness.fresh, untrusted: [...freshness.changed] },
        window: { notBefore: review.window.notBefore, notAfter: review.window.notAfter },
        reviewUrl: address,
        next,
      },
      text: `Plan ${plan.planId}: ${plan.status}. ${next}`,
      planId: plan.planId,
    });
  },
});

function verificationOf(chain: readonly ChainEvent[]): { at: string; result: string } | null {
  const event = chain.findLast(({ type }) => type.startsWith('verification.'));
  return event === undefined ? null : { at: event.at, result: event.type.slice('verification.'.length) };
}
