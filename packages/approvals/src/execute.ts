/**
 * Execute: record gates, claim, then per step the live gates and one write. At most one effect, reconciled to a known result: a step is
 * recorded before and after its write, a dead executor's plan is taken over only when none of its requests can still land, and what
 * cannot be told is `unknown`, for a person.
 */
import { type ExecutePorts, leaseFrom, lockOf, readRawEvidence, reasonOf } from './execution.ts';
import { passRecordGates, type ReleasedPlan } from './gates.ts';
import { ATTEMPT_BYTES } from './limits.ts';
import { publicRefusal } from './messages.ts';
import type { OutboxRecord } from './outbox.ts';
import type { Plan } from './plan.ts';
import type { PlanRecords } from './ports.ts';
import { readRecords } from './read-records.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { resumePlan } from './resume.ts';
import { runSteps } from './run-steps.ts';
import { advance } from './transitions.ts';

/** Answers the plan as it ended, or why nothing was done. Throws Unavailable where a retry is due. */
export async function executePlan(
  message: { readonly outboxId: string },
  ports: ExecutePorts,
): Promise<Result<Plan, Refusal>> {
  const order = await ports.outbox.read(message.outboxId);
  // A repeat of a settled message, or one that somebody forged: either way there is nothing to do (the message is only a pointer).
  if (order === null || order.kind !== 'execute' || order.pointer.type !== 'plan')
    return refuse({ code: 'plan.not_found' });
  const read = await readRecords(ports.plans, order.pointer.planId);
  if (!read.ok) return settleRefused(order, null, read.refusal, ports);
  const records = read.value;
  const now = ports.clock();
  const gates = await passRecordGates(records, await ports.plans.chain(records.plan.planId), now, ports);
  const { status } = records.plan;
  if (status === 'executing' || status === 'unknown') return resumePlan(order, records, gates, ports);
  if (!gates.ok) return refuseApproved(order, records, gates.refusal, ports);

  const raw = await readRawEvidence(gates.value, ports);
  if (raw === undefined) return settleRefused(order, records.plan, { code: 'digest.evidence_changed' }, ports);
  const claimed = await claim(records, gates.value, ports);
  if (!claimed.ok) return claimed;
  return runSteps(claimed.value, { order, released: gates.value, raw, steps: [] }, ports);
}

/** One transaction: approved -> executing, fence + 1, every target's lock in sorted order, the event. Exactly one claimant wins. */
async function claim(
  records: PlanRecords,
  released: ReleasedPlan,
  ports: ExecutePorts,
): Promise<Result<Plan, Refusal>> {
  const now = ports.clock();
  const fence = records.plan.fence + 1;
  const change = advance(records.plan, {
    type: 'execution.started',
    actor: 'system:execute',
    now,
    data: { fence, intentDigest: released.intentDigest, attempt: ports.random.token(ATTEMPT_BYTES) },
    set: { fence, lease: leaseFrom(now, ports.holder) },
  });
  if (!change.ok) return change;
  const committed = await ports.plans.commit({
    ...change.value,
    openAt: now.toISOString(),
    lock: lockOf(released, fence),
  });
  if (committed.ok) return pass(change.value.after);
  if (committed.conflict === 'lock') return refuse({ code: 'claim.target_locked', target: committed.key });
  if (committed.conflict === 'window')
    return refuse({ code: 'plan.expired', notAfter: released.review.window.notAfter });
  return refuse({ code: 'claim.lost' });
}

/** Before the claim only policy ends a plan; every other refusal leaves its status and goes to the access log. */
async function refuseApproved(
  order: OutboxRecord,
  records: PlanRecords,
  refusal: Refusal,
  ports: ExecutePorts,
): Promise<Result<Plan, Refusal>> {
  const forbidden = refusal.code === 'policy.denied' || refusal.code === 'policy.unknown';
  if (!forbidden || records.plan.status !== 'approved') return settleRefused(order, records.plan, refusal, ports);
  const change = advance(records.plan, {
    type: 'plan.blocked',
    actor: 'system:execute',
    now: ports.clock(),
    data: { code: refusal.code },
    set: { reason: reasonOf(refusal) },
    outbox: [{ kind: 'notify', notice: 'outcome' }],
    settles: [order.outboxId],
  });
  if (!change.ok) return change;
  await ports.plans.commit(change.value);
  return refuse(refusal);
}

async function settleRefused(
  order: OutboxRecord,
  plan: Plan | null,
  refusal: Refusal,
  ports: ExecutePorts,
): Promise<Result<Plan, Refusal>> {
  await ports.access.record({
    writer: 'execute',
    at: ports.clock().toISOString(),
    type: 'gate.refused',
    actor: null,
    planId: plan?.planId ?? null,
    data: { code: refusal.code },
  });
  // What time alone can mend is tried again by the sweeper; everything else needs a new release or a new plan.
  // A message read before the plan was claimed must not take away what brings a dead executor's plan back.
  if (!publicRefusal(refusal).retryable && !(await isRunning(plan, ports))) await ports.outbox.settle(order.outboxId);
  return refuse(refusal);
}

async function isRunning(plan: Plan | null, ports: ExecutePorts): Promise<boolean> {
  if (plan === null) return false;
  const read = await readRecords(ports.plans, plan.planId);
  return read.ok && (read.value.plan.status === 'executing' || read.value.plan.status === 'unknown');
}
