/** The small forms of a plan page: cancel, revoke, look again. Judged like a vote: origin, sign-in, token, budget; then the core. */
import {
  cancelPlan,
  outboxRecord,
  type Plan,
  publicRefusal,
  type Refusal,
  type Result,
  revokePlan,
  settleUnknown,
} from '@countersign/approvals';
import type { Context } from 'hono';
import { type FormAction, isFormToken } from '../forms/form-token.ts';
import { withinBudget } from '../forms/post-budget.ts';
import { readForm } from '../forms/read-form.ts';
import { signedOutPost } from '../http/messages.ts';
import { refusalStatus } from '../http/refusal-status.ts';
import { asPlanId, page, recordAccess, SIGNED_OUT, type Site } from '../http/site.ts';
import { POSTS_WINDOW_SECONDS } from '../limits.ts';
import { MessagePage } from '../pages/message-page.tsx';
import { lookUpPlan } from '../plan/look-up-plan.ts';
import { notFound, showPlan } from './plan-page-route.ts';

type Act = (
  plan: Plan,
  by: { readonly id: string; readonly groups: readonly string[] },
  site: Site,
) => Promise<Result<unknown, Refusal>>;

export const cancelRoute = (site: Site) => planAction(site, 'cancel', (plan, by) => cancelPlan(plan.planId, by, site));
export const revokeRoute = (site: Site) => planAction(site, 'revoke', (plan, by) => revokePlan(plan.planId, by, site));

/** What the cluster could not tell about an unknown outcome, an operator says. */
export const settleWrittenRoute = (site: Site) =>
  planAction(site, 'settle-written', (plan, by) => settleUnknown(plan.planId, true, by, site));
export const settleNotWrittenRoute = (site: Site) =>
  planAction(site, 'settle-not-written', (plan, by) => settleUnknown(plan.planId, false, by, site));

/** Asks the observer, who has the reader's identity, to look at the targets again; the page shows its answer with its time. */
export const lookAgainRoute = (site: Site) =>
  planAction(site, 'look-again', async (plan) => {
    await site.outbox.add(outboxRecord({ kind: 'freshness' }, plan, site.clock()));
    return { ok: true, value: undefined };
  });

const planAction = (site: Site, action: FormAction, act: Act) => async (c: Context) => {
  const planId = c.req.param('planId') ?? '';
  const form = await readForm(c, site.pagesOrigin, ['antiForgery']);
  const person = await site.sessions.read(c.req.header('cookie'));
  if (person === undefined) {
    return page(
      c,
      form.ok ? 401 : refusalStatus(form.refusal),
      MessagePage({ message: signedOutPost(''), frame: SIGNED_OUT }),
    );
  }
  const refused = async (refusal: Refusal, status = refusalStatus(refusal)) => {
    await recordAccess(site, {
      type: 'page.refused',
      actor: person.id,
      planId: asPlanId(planId),
      data: { code: refusal.code, action },
    });
    return showPlan(c, person, site, planId, {
      status,
      refusal: publicRefusal(refusal),
      comment: '',
      confirmTarget: '',
    });
  };
  if (!form.ok) return refused(form.refusal);
  const found = await lookUpPlan(planId, person, site);
  if (found.kind === 'hidden') return notFound(c, person, site, planId);
  if (found.kind === 'damaged') return refused(found.refusal);
  const subject = { action, planId, reviewDigest: found.view.opened.reviewDigest, person };
  if (!isFormToken(form.value.antiForgery, subject, site.antiForgeryKey))
    return refused({ code: 'vote.form_not_trusted' }, 400);
  if (!(await withinBudget(person, site)))
    return refused({ code: 'request.rate_limited', retryAfterSeconds: POSTS_WINDOW_SECONDS });
  const done = await act(found.view.records.plan, { id: person.id, groups: person.groups }, site);
  return done.ok ? c.redirect(`/plans/${planId}`, 303) : refused(done.refusal);
};
