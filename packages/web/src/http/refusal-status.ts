import type { PlanStatus, Refusal } from '@countersign/approvals';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Decided, and still of interest: 409. Over for good without a decision: 410. */
const GONE: readonly PlanStatus[] = ['expired', 'canceled', 'superseded', 'stale', 'revoked', 'blocked'];

/** HTTP status of a refusal at the pages. What is not named here is a conflict with the plan as it is stored now. */
export function refusalStatus(refusal: Refusal): ContentfulStatusCode {
  switch (refusal.code) {
    case 'request.invalid':
      return 400;
    case 'vote.form_not_trusted':
    case 'vote.challenge_invalid':
    case 'vote.not_eligible':
    case 'vote.passkey_required':
    case 'policy.denied':
    case 'policy.nobody_may_approve':
    case 'access.not_requester':
      return 403;
    case 'plan.not_found':
      return 404;
    case 'plan.not_pending':
    case 'plan.finished':
      return GONE.includes(refusal.status) ? 410 : 409;
    case 'plan.expired':
    case 'plan.revoked':
      return 410;
    case 'request.too_large':
      return 413;
    case 'vote.comment_required':
      return 422;
    case 'request.rate_limited':
      return 429;
    case 'internal.unavailable':
      return 503;
    default:
      return 409;
  }
}
