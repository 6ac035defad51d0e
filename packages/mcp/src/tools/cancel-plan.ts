import { cancelPlan as cancel, pass } from '@countersign/approvals';
import * as z from 'zod';
import { visiblePlan } from '../plans/visible-plan.ts';
import { planId } from './fields.ts';
import { defineTool } from './tool.ts';

export const cancelPlan = defineTool({
  name: 'cancel_plan',
  title: 'Cancel a plan',
  description:
    'Withdraws a plan that has not begun to run, pending or approved; it cannot be brought back. Use it when the change is no longer wanted, so that nobody has to decide on it. Only its requester, its owner or an operator may. A plan that already runs is not stopped by it.',
  scopes: ['mcp:propose'],
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ planId }),
  output: z.strictObject({ planId: z.string(), status: z.string(), next: z.string() }),
  untrusted: [],
  async execute(input, call) {
    const found = await visiblePlan(input.planId, call);
    if (!found.ok) return found;
    const canceled = await cancel(input.planId, call.principal, call.ports);
    if (!canceled.ok) {
      // Asking twice is no fault: the plan is as the caller wants it.
      const already = canceled.refusal.code === 'plan.finished' && canceled.refusal.status === 'canceled';
      if (!already) return canceled;
    }
    return pass({
      structured: { planId: input.planId, status: 'canceled', next: 'Nothing more to do.' },
      text: `Plan ${input.planId} is canceled.`,
      planId: input.planId,
    });
  },
});
