/** The vote's POST. In order: from our page, signed in, one's own form of this very plan, within the budget; then the core judges. */
import { approve, type Person, publicRefusal, type Refusal } from '@countersign/approvals';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isFormToken } from '../forms/form-token.ts';
import { withinBudget } from '../forms/post-budget.ts';
import { type FormFields, readForm } from '../forms/read-form.ts';
import { faultMessage, signedOutPost } from '../http/messages.ts';
import { refusalStatus } from '../http/refusal-status.ts';
import { asPlanId, page, recordAccess, SIGNED_OUT, type Site } from '../http/site.ts';
import { POSTS_WINDOW_SECONDS } from '../limits.ts';
import { MessagePage } from '../pages/message-page.tsx';
import { lookUpPlan } from '../plan/look-up-plan.ts';
import { confirmationOf } from '../sections/decision-box.tsx';
import { notFound, showPlan } from './plan-page-route.ts';

const FIELDS = [
  'decision',
  'comment',
  'challenge',
  'reviewDigest',
  'idempotencyKey',
  'antiForgery',
  'confirmTarget',
] as const;

interface DecisionRequest {
  readonly c: Context;
  readonly site: Site;
  readonly person: Person;
  readonly planId: string;
  readonly form: FormFields<(typeof FIELDS)[number]>;
}

const EMPTY: DecisionRequest['form'] = {
  decision: '',
  comment: '',
  challenge: '',
  reviewDigest: '',
  idempotencyKey: '',
  antiForgery: '',
  confirmTarget: '',
};

export const decisionRoute = (site: Site) => async (c: Context) => {
  const planId = c.req.param('planId') ?? '';
  const read = await readForm(c, site.pagesOrigin, FIELDS);
  const form = read.ok ? read.value : EMPTY;
  try {
    const person = await site.sessions.read(c.req.header('cookie'));
    if (person === undefined) {
      const message = signedOutPost(form.comment);
      return await page(c, read.ok ? 401 : refusalStatus(read.refusal), MessagePage({ message, frame: SIGNED_OUT }));
    }
    const request: DecisionRequest = { c, site, person, planId, form };
    return await (read.ok ? judgeForm(request) : refused(request, read.refusal));
  } catch (error) {
    // Whatever broke, what was typed is given back.
    site.reportFault({ route: `POST ${c.req.routePath}`, error });
    const [status, message] = faultMessage(error);
    return page(c, status, MessagePage({ message: { ...message, kept: form.comment }, frame: SIGNED_OUT }));
  }
};

async function judgeForm(request: DecisionRequest): Promise<Response> {
  const { site, person, planId, form } = request;
  const subject = { action: 'decision', planId, reviewDigest: form.reviewDigest, person } as const;
  // Stops a form that somebody else made, or that was made for another plan, digest or sign-in. 400.
  if (!isFormToken(form.antiForgery, subject, site.antiForgeryKey)) {
    return refused(request, { code: 'vote.form_not_trusted' }, 400);
  }
  if (!(await withinBudget(person, site))) {
    return refused(request, { code: 'request.rate_limited', retryAfterSeconds: POSTS_WINDOW_SECONDS });
  }
  return vote(request);
}

async function vote(request: DecisionRequest): Promise<Response> {
  const { c, site, person, planId, form } = request;
  // To whoever may not see the plan it does not exist, whatever the form says; the core's answer would be more telling.
  const found = await lookUpPlan(planId, person, site);
  if (found.kind === 'hidden') return notFound(c, person, site, planId);
  const { decision, comment, challenge, reviewDigest, idempotencyKey } = form;
  if (decision !== 'approve' && decision !== 'deny') {
    return refused(request, { code: 'request.invalid', issues: ['decision: approve or deny'] });
  }
  if (decision === 'approve' && found.kind === 'found' && found.view.standing.ownVote === null) {
    const name = confirmationOf(found.view);
    if (name !== null && form.confirmTarget.trim() !== name) {
      return refused(request, { code: 'request.invalid', issues: [`to approve this high risk, type ${name}`] });
    }
  }
  const ballot = {
    planId,
    reviewDigest,
    decision,
    // Browsers send line feeds of a text area as CRLF (HTML standard, constructing the entry list); sealed is what was typed.
    comment: comment.replaceAll('\r\n', '\n').toWellFormed(),
    challenge,
    idempotencyKey,
  } as const;
  const decided = await approve(ballot, person, site);
  return decided.ok ? c.redirect(`/plans/${planId}`, 303) : refused(request, decided.refusal);
}

/** The plan as it is now, with what was wrong above it and what was typed still in its place. */
async function refused(
  { c, site, person, planId, form }: DecisionRequest,
  refusal: Refusal,
  status: ContentfulStatusCode = refusalStatus(refusal),
): Promise<Response> {
  await recordAccess(site, {
    type: 'vote.refused',
    actor: person.id,
    planId: asPlanId(planId),
    data: { code: refusal.code },
  });
  const { comment, confirmTarget } = form;
  return showPlan(c, person, site, planId, { status, refusal: publicRefusal(refusal), comment, confirmTarget });
}
