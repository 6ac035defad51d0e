/** The one way in which a tool gets at a plan: whoever may not see it is told the same as for a plan that does not exist. */
import {
  mayRelease,
  maySee,
  type Plan,
  pass,
  type Refusal,
  type Result,
  type Review,
  readReview,
  refuse,
  UnreadableRecord,
} from '@countersign/approvals';
import type { ToolCall } from '../tools/tool.ts';

export interface VisiblePlan {
  readonly plan: Plan;
  readonly review: Review;
}

/** One read either way, and the same answer: neither says whether a plan exists. */
export async function visiblePlan(
  planId: string,
  call: Pick<ToolCall, 'principal' | 'ports'>,
): Promise<Result<VisiblePlan, Refusal>> {
  try {
    const plan = await call.ports.plans.readPlan(planId);
    return plan === null ? refuse({ code: 'plan.not_found' }) : judged(plan, call);
  } catch (error) {
    // Nobody can say who may see a record that cannot be read, so nobody is told that it is there.
    if (isUnreadable(error)) return refuse({ code: 'plan.not_found' });
    throw error;
  }
}

export const isUnreadable = (error: unknown): boolean => error instanceof UnreadableRecord;

export function judged(
  plan: Plan,
  { principal, ports }: Pick<ToolCall, 'principal' | 'ports'>,
): Result<VisiblePlan, Refusal> {
  const review = readReview(plan.review)?.review;
  if (review === undefined || review.planId !== plan.planId) {
    // Nobody can say any more who may see it; the copies only choose which refusal its own requester reads.
    const own = plan.requesterId === principal.id || plan.ownerId === principal.id;
    return refuse({ code: own ? 'plan.unreadable' : 'plan.not_found' });
  }
  // A named executor must be able to follow what it releases.
  const visible = maySee(review, principal, ports.policies) || mayRelease(review, principal, ports.policies);
  return visible ? pass({ plan, review }) : refuse({ code: 'plan.not_found' });
}
