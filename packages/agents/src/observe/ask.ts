/** Whether to ask the planner now, and the outbox record that asks. A pointer: the planner reads everything anew. */
import type { OutboxRecord } from '@countersign/approvals';
import type { ObserverLimits } from '../limits.ts';
import type { FollowUp } from './follow-up.ts';
import { planGate } from './plan-gate.ts';

export type AskDecision =
  /** `first` is false when an earlier ask got lost: it is put into the outbox again, under the same id. */
  | { readonly ask: true; readonly first: boolean; readonly askedAt: string }
  | { readonly ask: false; readonly note: string | null };

export function decideAsk(input: {
  readonly followUp: FollowUp;
  readonly since: string;
  readonly planId: string | null;
  readonly explained: boolean;
  readonly now: Date;
  readonly limits: ObserverLimits;
}): AskDecision {
  const { followUp, now, limits } = input;
  if (input.explained || input.planId !== null) return NOT_NOW;
  const { askedAt } = followUp;
  const planned = askedAt !== null && followUp.plans.some((plan) => plan.at >= askedAt);
  const declined = askedAt !== null && followUp.answeredAt !== null && followUp.answeredAt >= askedAt;
  if (askedAt !== null && !planned && !declined) {
    const overdue = now.getTime() - Date.parse(askedAt) >= limits.askUnansweredSeconds * 1000;
    return overdue ? { ask: true, first: false, askedAt } : NOT_NOW;
  }
  if (declined && !planned && (followUp.askAgainAt === null || now.toISOString() < followUp.askAgainAt)) return NOT_NOW;
  const gate = planGate(followUp, input.since, now, limits);
  return gate.open ? { ask: true, first: true, askedAt: now.toISOString() } : { ask: false, note: gate.note };
}

const NOT_NOW: AskDecision = { ask: false, note: null };

/** The id is made from the anomaly and the time of the ask, so that a repeated cycle cannot ask twice. */
export const askRecord = (anomalyKey: string, askedAt: string, now: Date, limits: ObserverLimits): OutboxRecord => ({
  format: 'countersign.outbox/v1',
  outboxId: `propose.${anomalyKey}.${Date.parse(askedAt)}`,
  kind: 'propose',
  pointer: { type: 'anomaly', anomalyKey },
  notice: null,
  createdAt: now.toISOString(),
  dueAt: new Date(now.getTime() + limits.outboxDueSeconds * 1000).toISOString(),
});
