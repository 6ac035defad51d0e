/** The exits of a plan: cancel and revoke come from people and requesters, expiry and staleness from the sweeper and the observer. */
import { OUTBOX_RESEND_SECONDS, SWEEP_OUTBOX_MAX, SWEEP_PLANS_MAX } from './limits.ts';
import { openPlan } from './open-plan.ts';
import type { Plan } from './plan.ts';
import type { PolicySet } from './policy.ts';
import type { Clock, Outbox, PlanStore, Queue } from './ports.ts';
import { readRecords } from './read-records.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { type Advance, advance, isOpen } from './transitions.ts';
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
    if (plan.status !== 'executing') return refuse({ code: 'plan.finished', status: plan.status });
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
  const opened = openPlan(records);
  if (!opened.ok) return opened;
  if (!maySee(opened.value.review, by, ports.policies)) return refuse({ code: 'plan.not_found' });
  if (!mayCancel(opened.value.review, by, ports.policies)) return refuse({ code: 'access.not_requester' });
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

/** Expires what is over, and sends again what nobody consumed in time; never touches a cluster. Safe to run at any time, twice at once. */
export async function sweep(ports: SweepPorts): Promise<{ readonly expired: number; readonly resent: number }> {
  const now = ports.clock();
  const at = now.toISOString();
  let expired = 0;
  for (const entry of await ports.plans.list({ open: true, limit: SWEEP_PLANS_MAX, oldestFirst: true })) {
    if (entry.notAfter > at || !isOpen(entry.status)) continue;
    if (await expire(entry.planId, now, ports)) expired += 1;
  }
  const due = await ports.outbox.due(at, SWEEP_OUTBOX_MAX);
  for (const record of due) {
    await ports.queue.send(record.kind, { outboxId: record.outboxId });
    await ports.outbox.postpone(record.outboxId, new Date(now.getTime() + OUTBOX_RESEND_SECONDS * 1000).toISOString());
  }
  return { expired, resent: due.length };
}

async function expire(planId: string, now: Date, ports: SweepPorts): Promise<boolean> {
  const read = await readRecords(ports.plans, planId);
  // One record that somebody spoiled must not keep every other plan from its sweep.
  if (!read.ok) return false;
  const { plan } = read.value;
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
