/** The same reads as JSON, for the page's own script and for people's tools in a browser. Session cookie only; no bearer works here. */
import { type Person, publicRefusal } from '@countersign/approvals';
import type { Context } from 'hono';
import type { Site } from '../http/site.ts';
import { type ListedPlan, readInbox } from '../plan/inbox.ts';
import { lookUpPlan, type PlanView, waitsForDecision } from '../plan/look-up-plan.ts';
import { planPlace, planTitle, titleText } from '../plan/plan-title.ts';
import { planEtag } from './plan-page-route.ts';

export const apiPlansRoute = (site: Site) => async (c: Context, person: Person) => {
  const { waiting, open, recent } = await readInbox(person, site.clock(), site);
  return c.json({ plans: [...waiting, ...open, ...recent].map(summaryOf) });
};

export const apiPlanRoute = (site: Site) => async (c: Context, person: Person) => {
  const found = await lookUpPlan(c.req.param('planId') ?? '', person, site);
  if (found.kind === 'hidden') return c.json({ error: publicRefusal({ code: 'plan.not_found' }) }, 404);
  if (found.kind === 'damaged') return c.json({ error: publicRefusal(found.refusal) }, 409);
  c.header('etag', planEtag(found.view));
  return c.json(detailsOf(found.view, site.clock()));
};

const summaryOf = ({ plan, review, intent, mine }: ListedPlan) => ({
  planId: plan.planId,
  status: plan.status,
  waitsForYou: mine,
  title: titleText(planTitle(intent, null)),
  place: planPlace(intent),
  riskTier: review.riskTier,
  requester: review.requester,
  createdAt: plan.createdAt,
  updatedAt: plan.updatedAt,
  notAfter: review.window.notAfter,
});

const detailsOf = (view: PlanView, now: Date) => ({
  plan: {
    planId: view.records.plan.planId,
    status: view.records.plan.status,
    version: view.records.plan.version,
    waitsForYou: waitsForDecision(view, now),
    createdAt: view.records.plan.createdAt,
    updatedAt: view.records.plan.updatedAt,
    reason: view.records.plan.reason,
    intentDigest: view.opened.intentDigest,
    reviewDigest: view.opened.reviewDigest,
  },
  intent: view.opened.intent,
  review: view.opened.review,
  evidence: view.opened.evidence,
  votes: view.tally.votes.map(({ decision, person, display, comment, decidedAt }) => ({
    decision,
    person,
    display,
    comment,
    decidedAt,
  })),
  spoiledVotes: view.tally.spoiled,
  steps: view.records.steps,
  freshness: view.freshness,
  timeline: view.timeline,
});
