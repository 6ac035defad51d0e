/**
 * What was done about an anomaly so far: asks to the planner, its answers, and the plans that were made. Kept among the anomaly's
 * facts, so that cooldown and breaker survive every restart and cost no record of their own.
 */
import {
  type Anomaly,
  INSTANT_PATTERN,
  type Json,
  OPERATION_TYPES,
  type OperationType,
  PLAN_ID_PATTERN,
} from '@countersign/approvals';
import { PLANS_REMEMBERED_MAX } from '../limits.ts';

export interface PlanAttempt {
  readonly planId: string;
  /** Null when the planner could not record it and the observer found it by the anomaly's planId. */
  readonly operation: OperationType | null;
  readonly at: string;
  /** When it was first seen to be over with the anomaly still there; null before. */
  readonly endedAt: string | null;
}

export interface FollowUp {
  /** When the planner was last asked, and when it last answered that it proposes nothing. */
  readonly askedAt: string | null;
  readonly answeredAt: string | null;
  /** When to ask again after such an answer; null: not until something changes. */
  readonly askAgainAt: string | null;
  /** The cycle that counted the last miss: a schedule may deliver one cycle twice. */
  readonly missedIn: string | null;
  /** Oldest first, at most PLANS_REMEMBERED_MAX. */
  readonly plans: readonly PlanAttempt[];
}

export const NO_FOLLOW_UP: FollowUp = { askedAt: null, answeredAt: null, askAgainAt: null, missedIn: null, plans: [] };

const FACT = 'followUp';

/** Reads it back. What is not of the form counts as absent, so that a garbled record delays nothing and breaks nothing. */
export function followUpOf(facts: Anomaly['facts']): FollowUp {
  const stored = recordOf(facts[FACT]);
  const plans = Array.isArray(stored.plans) ? (stored.plans as readonly Json[]) : [];
  return {
    askedAt: instantOf(stored.askedAt),
    answeredAt: instantOf(stored.answeredAt),
    askAgainAt: instantOf(stored.askAgainAt),
    missedIn: typeof stored.missedIn === 'string' ? stored.missedIn : null,
    plans: plans.slice(-PLANS_REMEMBERED_MAX).flatMap(attemptOf),
  };
}

export const withFollowUp = (facts: Anomaly['facts'], followUp: FollowUp): Anomaly['facts'] => ({
  ...facts,
  [FACT]: { ...followUp, plans: followUp.plans.slice(-PLANS_REMEMBERED_MAX).map((plan) => ({ ...plan })) },
});

/** The plan that the planner made; repeating it changes nothing. */
export function recordPlan(followUp: FollowUp, planId: string, operation: OperationType | null, at: string): FollowUp {
  const known = followUp.plans.find((plan) => plan.planId === planId);
  if (known === undefined) return { ...followUp, plans: [...followUp.plans, { planId, operation, at, endedAt: null }] };
  if (known.operation !== null || operation === null) return followUp;
  return { ...followUp, plans: followUp.plans.map((plan) => (plan === known ? { ...plan, operation } : plan)) };
}

/** Follows the anomaly's `planId`: an open plan is recorded, recorded plans that are no longer open are over. */
export function trackPlan(followUp: FollowUp, openPlanId: string | null, at: string): FollowUp {
  const recorded = openPlanId === null ? followUp : recordPlan(followUp, openPlanId, null, at);
  if (recorded.plans.every((plan) => plan.endedAt !== null || plan.planId === openPlanId)) return recorded;
  const plans = recorded.plans.map((plan) =>
    plan.endedAt === null && plan.planId !== openPlanId ? { ...plan, endedAt: at } : plan,
  );
  return { ...recorded, plans };
}

const recordOf = (value: Json | undefined): { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : {};

/** One spelling an instant, so that texts compare as times do. */
function instantOf(value: Json | undefined): string | null {
  if (typeof value !== 'string' || !INSTANT_PATTERN.test(value)) return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

function attemptOf(value: Json): readonly PlanAttempt[] {
  const { planId, operation, at, endedAt } = recordOf(value);
  const instant = instantOf(at);
  if (typeof planId !== 'string' || !PLAN_ID_PATTERN.test(planId) || instant === null) return [];
  return [
    {
      planId,
      operation: OPERATION_TYPES.find((type) => type === operation) ?? null,
      at: instant,
      endedAt: instantOf(endedAt),
    },
  ];
}
