/** Shows one plan. Every token on the page is made anew for this person and this sign-in; nothing is stored by showing it. */
import {
  makeChallenge,
  maySettle,
  NONCE_BYTES,
  type Person,
  type PlanStatus,
  type PublicRefusal,
} from '@countersign/approvals';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { formToken } from '../forms/form-token.ts';
import { NOT_FOUND } from '../http/messages.ts';
import { asPlanId, frameOf, page, recordAccess, type Site } from '../http/site.ts';
import { IDEMPOTENCY_KEY_BYTES } from '../limits.ts';
import { DamagedPlanPage } from '../pages/damaged-plan-page.tsx';
import { MessagePage } from '../pages/message-page.tsx';
import { type PlanForms, PlanPage } from '../pages/plan-page.tsx';
import { policyOf } from '../pages/plan-policy.ts';
import type { Frame } from '../parts/layout.tsx';
import { lookUpPlan, type PlanView, waitsForDecision } from '../plan/look-up-plan.ts';
import { rawDiffText } from '../sections/raw-diff.tsx';

/** What a refused form brings back to the page. */
export interface Again {
  readonly status: ContentfulStatusCode;
  readonly refusal: PublicRefusal;
  readonly comment: string;
  readonly confirmTarget: string;
}

export async function showPlan(c: Context, person: Person, site: Site, planId: string, again: Again | null = null) {
  const now = site.clock();
  const [found, frame] = await Promise.all([lookUpPlan(planId, person, site), frameOf(person, site)]);
  if (found.kind === 'hidden') return notFound(c, person, site, planId, frame);
  if (found.kind === 'damaged')
    return page(c, 409, DamagedPlanPage({ planId, refusal: found.refusal, stored: found.stored, frame, now }));
  const { view } = found;
  c.header('etag', planEtag(view));
  return page(
    c,
    again?.status ?? 200,
    PlanPage({
      view,
      policy: policyOf(view.opened.review, site.policies),
      forms: formsOf(view, person, site, now, again),
      refusal: again?.refusal ?? null,
      etag: planEtag(view),
      frame,
      now,
    }),
  );
}

export const planPageRoute = (site: Site) => (c: Context, person: Person) =>
  showPlan(c, person, site, c.req.param('planId') ?? '');

/** The raw diff whole, as text: what the page had no room for. */
export const rawDiffRoute = (site: Site) => async (c: Context, person: Person) => {
  const planId = c.req.param('planId') ?? '';
  const found = await lookUpPlan(planId, person, site);
  return found.kind === 'found' ? c.text(rawDiffText(found.view.opened)) : notFound(c, person, site, planId);
};

/** Unknown, hidden and malformed alike. The attempt is recorded: a forwarded mail shows up there. */
export async function notFound(
  c: Context,
  person: Person,
  site: Site,
  asked: string,
  frame?: Frame,
): Promise<Response> {
  const data = { code: 'plan.not_found' } as const;
  await recordAccess(site, { type: 'page.refused', actor: person.id, planId: asPlanId(asked), data });
  return page(c, 404, MessagePage({ message: NOT_FOUND, frame: frame ?? (await frameOf(person, site)) }));
}

export const planEtag = ({ records, freshness }: PlanView): string =>
  `"${records.plan.version}-${freshness === null ? 0 : Date.parse(freshness.checkedAt)}"`;

/** Which exit a plan has now: withdrawn before the claim, revoked after it. */
const EXITS: Readonly<Partial<Record<PlanStatus, 'cancel' | 'revoke'>>> = {
  pending: 'cancel',
  approved: 'cancel',
  executing: 'revoke',
  unknown: 'revoke',
};

function formsOf(view: PlanView, person: Person, site: Site, now: Date, again: Again | null): PlanForms {
  const { opened, records, standing } = view;
  const { planId, status } = records.plan;
  const { reviewDigest } = opened;
  const token = (action: Parameters<typeof formToken>[0]['action']): string =>
    formToken({ action, planId, reviewDigest, person }, site.antiForgeryKey);
  const challenge = (): string =>
    makeChallenge(
      { planId, reviewDigest, person },
      opened.review.window,
      now,
      site.random.token(NONCE_BYTES),
      site.challengeKey,
    );
  const exit = EXITS[status] ?? null;
  const by = { id: person.id, groups: person.groups };
  const settles = maySettle(records.plan, opened.review, by, site) === undefined;
  return {
    decision: waitsForDecision(view, now)
      ? {
          challenge: challenge(),
          idempotencyKey: site.random.token(IDEMPOTENCY_KEY_BYTES),
          antiForgery: token('decision'),
          comment: again?.comment ?? '',
          confirmTarget: again?.confirmTarget ?? '',
        }
      : null,
    lookAgain: token('look-again'),
    settle: settles ? { written: token('settle-written'), notWritten: token('settle-not-written') } : null,
    exit: exit === null || !standing.cancel ? null : { action: exit, token: token(exit) },
  };
}
