/** The exits of a plan: cancel and revoke come from people and requesters, expiry and staleness from the sweeper and the observer. */
import { OUTBOX_RESEND_SECONDS, SWEEP_OUTBOX_MAX, SWEEP_PLANS_MAX } from './limits.ts';
import type { OutboxRecord } from './outbox.ts';
import type { Plan } from './plan.ts';
import type { PolicySet } from './policy.ts';
import { type Clock, type Outbox, type PlanStore, type Queue, UnreadableRecord } from './ports.ts';
import { readRecords } from './read-records.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { readReview } from './review.ts';
import { type Advance, advance, outboxRecord } from './transitions.ts';
import { mayCancel, maySee, type Viewer } from './visibility.ts';

export interface ExitPorts {
  readonly plans: PlanStore;
  readonly policies: PolicySet;
  readonly clock: Clock;
}

/** Requester, owner and operators withdraw a plan that has not been claimed. To whoever may not see it, it does not exist. */
export async function cancelPlan(planId: string, by: Viewer, ports: ExitPorts): Promise<Result<Plan, Refusal>> {
  return exit(planId, by, ports, (plan) => {
    if (plan.status !== 'pending' && plan.status !== 'approved')
      return refuse({ code: 'plan.finished', status: plan.status });
    return pass({ type: 'plan.canceled' });
  });
}

/**
 * Takes back an approval. A plan that is executing keeps its status: the revocation is recorded with its event and the next fence gate
 * obeys it; what was sent already cannot be taken back.
 */
export async function revokePlan(planId: string, by: Viewer, ports: ExitPorts): Promise<Result<Plan, Refusal>> {
  return exit(planId, by, ports, (plan) => {
    if (plan.status === 'approved')
      return pass({ type: 'plan.revoked', set: { reason: { code: 'plan.revoked', detail: 'The plan was revoked.' } } });
    if (plan.status !== 'executing' && plan.status !== 'unknown')
      return refuse({ code: 'plan.finished', status: plan.status });
    return pass({ type: 'revocation.recorded', set: { revocation: { by: by.id, at: ports.clock().toISOString() } } });
  });
}

async function exit(
  planId: string,
  by: Viewer,
  ports: ExitPorts,
  decide: (plan: Plan) => Result<Pick<Advance, 'type' | 'set'>, Refusal>,
): Promise<Result<Plan, Refusal>> {
  const read = await readRecords(ports.plans, planId);
  if (!read.ok) return read;
  const records = read.value;
  // A damaged plan can be withdrawn like any other, and to a stranger it is as absent as any other.
  const review = readReview(records.plan.review)?.review;
  if (review === undefined || !maySee(review, by, ports.policies)) return refuse({ code: 'plan.not_found' });
  if (!mayCancel(review, by, ports.policies)) return refuse({ code: 'access.not_requester' });
  const decided = decide(records.plan);
  if (!decided.ok) return decided;
  const change = advance(records.plan, {
    ...decided.value,
    actor: by.id,
    now: ports.clock(),
    outbox: [{ kind: 'notify', notice: 'decided' }],
  });
  if (!change.ok) return change;
  const committed = await ports.plans.commit(change.value);
  return committed.ok ? pass(change.value.after) : refuse({ code: 'request.conflict' });
}

/** The observer found that a target moved on since the plan was made. */
export async function markStale(
  planId: string,
  changed: readonly string[],
  ports: Omit<ExitPorts, 'policies'>,
): Promise<void> {
  const plan = await ports.plans.readPlan(planId);
  if (plan === null || (plan.status !== 'pending' && plan.status !== 'approved')) return;
  const change = advance(plan, {
    type: 'plan.stale',
    actor: 'system:observe',
    now: ports.clock(),
    data: { changed: changed.slice(0, 20) },
    set: { reason: { code: 'target.drifted', detail: 'The object changed since the plan was made.' } },
    outbox: [{ kind: 'notify', notice: 'outcome' }],
  });
  // Lost to a decision or a claim: the live gates will say the same.
  if (change.ok) await ports.plans.commit(change.value);
}

export interface SweepPorts extends Omit<ExitPorts, 'policies'> {
  readonly outbox: Outbox;
  readonly queue: Queue;
}

/**
 * Expires what is over, brings back executions that nobody works on, and sends again what nobody consumed in time; never touches a
 * cluster. Safe to run at any time, twice at once. One record that cannot be handled keeps no other from its turn.
 */
export async function sweep(ports: SweepPorts): Promise<{ readonly expired: number; readonly resent: number }> {
  const now = ports.clock();
  let expired = 0;
  for (const planId of await openPlans(ports)) {
    const plan = await readable(() => ports.plans.readPlan(planId));
    if (plan === null || plan === undefined) continue;
    if (await expire(plan, now, ports)) expired += 1;
    const missing = orderFor(plan, now);
    if (missing !== undefined) await ports.outbox.add(outboxRecord({ kind: missing }, plan, now));
  }
  let resent = 0;
  for (const record of await ports.outbox.due(now.toISOString(), SWEEP_OUTBOX_MAX)) {
    if (await resend(record, now, ports)) resent += 1;
  }
  return { expired, resent };
}

/** The oldest and the newest: what stays open for long (an unknown outcome) must not hide those behind it. */
async function openPlans(ports: SweepPorts): Promise<ReadonlySet<string>> {
  const [oldest, newest] = await Promise.all(
    [true, false].map((oldestFirst) => ports.plans.list({ open: true, limit: SWEEP_PLANS_MAX, oldestFirst })),
  );
  return new Set([...(oldest ?? []), ...(newest ?? [])].map((entry) => entry.planId));
}

async function readable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}

async function expire(plan: Plan, now: Date, ports: SweepPorts): Promise<boolean> {
  if (plan.status !== 'pending' && plan.status !== 'approved') return false;
  if (now.toISOString() < plan.notAfter) return false;
  const change = advance(plan, {
    type: 'plan.expired',
    actor: 'system:sweep',
    now,
    set: { reason: { code: 'plan.expired', detail: `The plan's window ended at ${plan.notAfter}.` } },
    outbox: [{ kind: 'notify', notice: 'expired' }],
  });
  return change.ok && (await ports.plans.commit(change.value)).ok;
}

/**
 * Which message must exist for a plan in this state, long after it should have been consumed: whatever lost it, nothing is lost. Its id is
 * made from the plan's version, so asking twice makes one. A plan whose unknown outcome was left to a person has no lease.
 */
function orderFor(plan: Plan, now: Date): 'execute' | 'verify' | undefined {
  const idleSeconds = (now.getTime() - Date.parse(plan.updatedAt)) / 1000;
  if (idleSeconds < 2 * OUTBOX_RESEND_SECONDS) return undefined;
  if (plan.status === 'applied') return 'verify';
  const leaseOver = plan.lease !== null && plan.lease.until <= now.toISOString();
  if (plan.status === 'executing' && (plan.lease === null || leaseOver)) return 'execute';
  return plan.status === 'unknown' && leaseOver ? 'execute' : undefined;
}

async function resend(record: OutboxRecord, now: Date, ports: SweepPorts): Promise<boolean> {
  try {
    await ports.queue.send(record.kind, { outboxId: record.outboxId });
    await ports.outbox.postpone(record.outboxId, new Date(now.getTime() + OUTBOX_RESEND_SECONDS * 1000).toISOString());
    return true;
  } catch {
    // An unreachable queue, or an id that nobody of ours made: it stays due, and the next sweep meets it again.
    return false;
  }
}
