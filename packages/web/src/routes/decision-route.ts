/** The vote's POST. In order: from our page, signed in, within the budget, one's own form of this very plan; then the core judges. */
import { approve, type Person, publicRefusal, type Refusal } from '@countersign/approvals';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { isFormToken } from '../forms/form-token.ts';
import { withinBudget } from '../forms/post-budget.ts';
import { type FormFields, readForm } from '../forms/read-form.ts';
import { signedOutPost } from '../http/messages.ts';
import { refusalStatus } from '../http/refusal-status.ts';
import { page, recordAccess, SIGNED_OUT, type Site } from '../http/site.ts';
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
type Fields = FormFields<(typeof FIELDS)[number]>;

export const decisionRoute = (site: Site) => async (c: Context) => {
  const planId = c.req.param('planId') ?? '';
  const form = await readForm(c, site.pagesOrigin, FIELDS);
  const person = await site.sessions.read(c.req.header('cookie'));
  if (person === undefined) {
    const kept = form.ok ? form.value.comment : '';
    return page(
      c,
      form.ok ? 401 : refusalStatus(form.refusal),
      MessagePage({ message: signedOutPost(kept), frame: SIGNED_OUT }),
    );
  }
  if (!form.ok) return refused(c, person, site, planId, form.refusal, null);
  const subject = { action: 'decision', planId, reviewDigest: form.value.reviewDigest, person } as const;
  // Stops a form that somebody else made, or that was made for another plan, digest or sign-in. 400 as acceptance T17 has it.
  if (!isFormToken(form.value.antiForgery, subject, site.antiForgeryKey)) {
    return refused(c, person, site, planId, { code: 'vote.form_not_trusted' }, form.value, 400);
  }
  if (!(await withinBudget(person, site))) {
    return refused(
      c,
      person,
      site,
      planId,
      { code: 'request.rate_limited', retryAfterSeconds: POSTS_WINDOW_SECONDS },
      form.value,
    );
  }
  return vote(c, person, site, planId, form.value);
};

async function vote(c: Context, person: Person, site: Site, planId: string, form: Fields) {
  // To whoever may not see the plan it does not exist, whatever the form says; the core's answer would be more telling.
  const found = await lookUpPlan(planId, person, site);
  if (found.kind === 'hidden') return notFound(c, person, site);
  const { decision, comment, challenge, reviewDigest, idempotencyKey } = form;
  if (decision !== 'approve' && decision !== 'deny') {
    return refused(c, person, site, planId, { code: 'request.invalid', issues: ['decision: approve or deny'] }, form);
  }
  const confirmation = found.kind === 'found' ? confirmationOf(found.view) : null;
  const mustConfirm =
    decision === 'approve' && confirmation !== null && found.kind === 'found' && found.view.standing.ownVote === null;
  if (mustConfirm && form.confirmTarget.trim() !== confirmation) {
    return refused(
      c,
      person,
      site,
      planId,
      { code: 'request.invalid', issues: [`to approve this high risk, type ${confirmation}`] },
      form,
    );
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
  if (!decided.ok) return refused(c, person, site, planId, decided.refusal, form);
  return c.redirect(`/plans/${planId}`, 303);
}

/** The plan as it is now, with what was wrong above it and what was typed still in its place. */
async function refused(
  c: Context,
  person: Person,
  site: Site,
  planId: string,
  refusal: Refusal,
  form: Fields | null,
  status: ContentfulStatusCode = refusalStatus(refusal),
) {
  await recordAccess(site, { type: 'vote.refused', actor: person.id, planId: null, data: { code: refusal.code } });
  const again = {
    status,
    refusal: publicRefusal(refusal),
    comment: form?.comment ?? '',
    confirmTarget: form?.confirmTarget ?? '',
  };
  return showPlan(c, person, site, planId, again);
}
