/** Between proposal and execution the observer keeps looking at the targets of open plans: pages show the answer, drift ends the plan. */
import type { VerificationCluster } from './cluster-ports.ts';
import { markStale } from './exits.ts';
import { SWEEP_PLANS_MAX } from './limits.ts';
import { openPlan } from './open-plan.ts';
import { type Clock, type Outbox, type PlanStore, Unavailable } from './ports.ts';
import { readRecords } from './read-records.ts';

export interface FreshnessPorts {
  readonly plans: PlanStore;
  readonly outbox: Outbox;
  readonly cluster: VerificationCluster;
  readonly clock: Clock;
}

/** Every plan that waits for a decision or a release. */
export async function checkOpenPlans(ports: FreshnessPorts): Promise<void> {
  for (const entry of await ports.plans.list({ open: true, limit: SWEEP_PLANS_MAX })) {
    if (entry.status === 'pending' || entry.status === 'approved') await checkPlan(entry.planId, ports);
  }
}

/** When a page asks: the message points to one plan. */
export async function checkOnRequest(message: { readonly outboxId: string }, ports: FreshnessPorts): Promise<void> {
  const order = await ports.outbox.read(message.outboxId);
  if (order === null || order.kind !== 'freshness' || order.pointer.type !== 'plan') return;
  await checkPlan(order.pointer.planId, ports);
  await ports.outbox.settle(order.outboxId);
}

async function checkPlan(planId: string, ports: FreshnessPorts): Promise<void> {
  const read = await readRecords(ports.plans, planId);
  if (!read.ok || (read.value.plan.status !== 'pending' && read.value.plan.status !== 'approved')) return;
  const records = read.value;
  const opened = openPlan(records);
  if (!opened.ok) return;
  const { intent, review, evidence } = opened.value;
  try {
    const { fresh, changed } = await ports.cluster.freshness({
      intent,
      freshness: review.freshness,
      live: evidence.live,
      redactions: review.redactions,
    });
    await ports.plans.putFreshness({
      format: 'countersign.freshness/v1',
      planId,
      checkedAt: ports.clock().toISOString(),
      fresh,
      changed: changed.slice(0, 20),
    });
    if (!fresh) await markStale(planId, changed, ports);
  } catch (error) {
    // No answer says nothing about the plan; the last answer stays, with its time.
    if (!(error instanceof Unavailable)) throw error;
  }
}
