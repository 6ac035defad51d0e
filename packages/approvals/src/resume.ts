/**
 * Takeover: a plan whose executor died or lost its answer. Every started step is settled by reading the cluster before anything is
 * sent; "it did not happen" counts only once no request of the old executor can land any more.
 */

import type { LiveObject } from './cluster-ports.ts';
import type { RawEvidence } from './evidence.ts';
import { type ExecutePorts, leaseFrom, lockOf, type Run, readRawEvidence, reasonOf } from './execution.ts';
import { isFresh, type ReleasedPlan } from './gates.ts';
import type { Step } from './intent.ts';
import { ATTEMPT_BYTES } from './limits.ts';
import { type OpenedPlan, openPlan } from './open-plan.ts';
import type { OutboxRecord } from './outbox.ts';
import type { Plan, StepRecord } from './plan.ts';
import type { PlanRecords } from './ports.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { endRefused, isOurs, runSteps } from './run-steps.ts';
import { type Advance, advance } from './transitions.ts';

export async function resumePlan(
  order: OutboxRecord,
  records: PlanRecords,
  gates: Result<ReleasedPlan, Refusal>,
  ports: ExecutePorts,
): Promise<Result<Plan, Refusal>> {
  const now = ports.clock();
  const { plan } = records;
  if (plan.lease !== null && now.toISOString() < plan.lease.until) {
    return refuse({ code: 'claim.lease_running', until: plan.lease.until });
  }
  // Reading needs no gate: even a plan that may no longer run must be settled. What cannot be opened stays as it is, for a person.
  const opened = openPlan(records);
  if (!opened.ok) return leaveToPerson(plan, order, ports);
  const raw = await readRawEvidence(opened.value, ports);
  if (raw === undefined) return leaveToPerson(plan, order, ports);

  const settled = await settleSteps(plan, records.steps, opened.value, raw, ports);
  if (!settled.ok) return settled;
  const { steps } = settled.value;
  let current = settled.value.plan;
  if (steps.some((step) => step.state === 'unknown')) return leaveToPerson(current, order, ports);
  const written = steps.filter((step) => step.state === 'written').length;
  if (written === opened.value.intent.steps.length) {
    return commitOr(current, { unlock: lockOf(opened.value, current.fence) }, ports, {
      type: 'execution.applied',
      actor: 'system:execute',
      now,
      data: { settled: true },
      set: { lease: null, reason: null },
      outbox: [{ kind: 'verify' }],
      settles: [order.outboxId],
    });
  }
  const byNumber = new Map(steps.map((step) => [step.step, step]));
  if (!gates.ok) {
    if (current.status === 'unknown')
      return endUnknownRefused(current, gates.refusal, written, order, opened.value, ports);
    return endRefused(current, gates.refusal, byNumber, { order, released: opened.value as ReleasedPlan }, ports);
  }
  const fence = current.fence + 1;
  const resumed = await commitOr(current, { lock: lockOf(opened.value, fence) }, ports, {
    type: 'execution.resumed',
    actor: 'system:execute',
    now,
    data: { fence, written, attempt: ports.random.token(ATTEMPT_BYTES) },
    set: { fence, lease: leaseFrom(now, ports.holder), reason: null },
  });
  if (!resumed.ok) return resumed;
  current = resumed.value;
  const run: Run = { order, released: gates.value, raw, steps };
  return runSteps(current, run, ports);
}

/**
 * Our annotation on the same object: it happened, whatever controllers changed since. No annotation of ours and the object still fresh:
 * it did not. Anything else cannot be told. A record that says `written` is asked like any other: the cluster is the witness, not the table.
 */
async function settleSteps(
  plan: Plan,
  records: readonly StepRecord[],
  opened: OpenedPlan,
  raw: readonly RawEvidence['steps'][number][],
  ports: ExecutePorts,
): Promise<Result<{ readonly plan: Plan; readonly steps: readonly StepRecord[] }, Refusal>> {
  let current = plan;
  const steps: StepRecord[] = [];
  for (const record of [...records].sort((a, b) => a.step - b.step)) {
    const step = opened.intent.steps[record.step - 1];
    const rawStep = raw[record.step - 1];
    if (step === undefined || rawStep === undefined) {
      steps.push({ ...record, state: 'unknown' });
      continue;
    }
    const live = await ports.cluster.read(step.target);
    const found = settledState(step, record.step, live, rawStep, opened, ports);
    const now = ports.clock();
    const settled: StepRecord = { ...record, state: found.state, settledAt: now.toISOString() };
    if (found.state !== record.state) {
      const after = await commitOr(current, { step: settled }, ports, {
        type: 'step.settled',
        actor: 'system:execute',
        now,
        data: { step: record.step, ...found },
      });
      if (!after.ok) return after;
      current = after.value;
    }
    steps.push(settled);
  }
  return pass({ plan: current, steps });
}

/** `author: unproved`: an object that is gone carries no mark, so somebody else may have deleted it. */
interface SettledState {
  readonly state: 'written' | 'not-written' | 'unknown';
  readonly author?: 'unproved';
}

function settledState(
  step: Step,
  stepNumber: number,
  live: LiveObject | null,
  raw: RawEvidence['steps'][number],
  opened: OpenedPlan,
  ports: ExecutePorts,
): SettledState {
  if (step.operation.type === 'delete') {
    // The very object, not being deleted: a delete that the API server accepted would show on it.
    const stands = live !== null && live.uid === step.target.uid && !live.deleting;
    return stands ? { state: 'not-written' } : { state: 'written', author: 'unproved' };
  }
  if (live !== null && isOurs(live, step, stepNumber, { released: opened as ReleasedPlan }))
    return { state: 'written' };
  return { state: isFresh(opened, stepNumber, raw, live, ports.rules) ? 'not-written' : 'unknown' };
}

/** The cluster cannot tell: locks stay, nothing is retried, and people are told. */
async function leaveToPerson(plan: Plan, order: OutboxRecord, ports: ExecutePorts): Promise<Result<Plan, Refusal>> {
  const by = {
    actor: 'system:execute',
    now: ports.clock(),
    set: { lease: null },
    outbox: [{ kind: 'notify', notice: 'outcome' }],
    settles: [order.outboxId],
  } as const;
  const after = await commitOr(plan, {}, ports, {
    ...by,
    type: plan.status === 'unknown' ? 'step.settled' : 'execution.unknown',
    data: { forPerson: true },
  });
  return after.ok ? refuse({ code: 'write.outcome_unknown' }) : after;
}

async function endUnknownRefused(
  plan: Plan,
  refusal: Refusal,
  written: number,
  order: OutboxRecord,
  opened: OpenedPlan,
  ports: ExecutePorts,
): Promise<Result<Plan, Refusal>> {
  const after = await commitOr(plan, { unlock: lockOf(opened, plan.fence) }, ports, {
    type: written > 0 ? 'execution.partially_applied' : 'execution.failed',
    actor: 'system:execute',
    now: ports.clock(),
    data: { code: refusal.code, stepsWritten: written },
    set: { lease: null, reason: reasonOf(refusal) },
    outbox: [{ kind: 'notify', notice: 'outcome' }],
    settles: [order.outboxId],
    stepsWritten: written,
  });
  return after.ok ? refuse(refusal) : after;
}

/** Whoever else moved the plan in between has taken it over: stop. */
async function commitOr(
  plan: Plan,
  extra: Parameters<ExecutePorts['plans']['commit']>[0] extends infer C ? Partial<C> : never,
  ports: ExecutePorts,
  by: Advance,
): Promise<Result<Plan, Refusal>> {
  const change = advance(plan, by);
  if (!change.ok) return change;
  const committed = await ports.plans.commit({ ...change.value, ...extra });
  if (committed.ok) return pass(change.value.after);
  return committed.conflict === 'lock'
    ? refuse({ code: 'claim.target_locked', target: committed.key })
    : refuse({ code: 'claim.lost' });
}
