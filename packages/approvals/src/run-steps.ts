/** A claimed plan's steps: live gates, the step recorded as started (the fence gate), one write, the step recorded as settled. */

import { canonicalize } from './canonical.ts';
import type { LiveObject, WriteResult } from './cluster-ports.ts';
import { commit } from './digest.ts';
import { type ExecutePorts, leaseFrom, lockOf, type Run, reasonOf } from './execution.ts';
import { passLiveGates, stepToRun } from './gates.ts';
import { comparedAs, planMark, type Step } from './intent.ts';
import { ATTEMPT_BYTES, EXECUTE_TIME_LEFT_SECONDS_MIN, WRITE_CONFLICT_RETRIES_MAX } from './limits.ts';
import type { Plan, StepRecord } from './plan.ts';
import { type PlanChange, Unavailable } from './ports.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { type Advance, advance } from './transitions.ts';

/** `plan`: as stored after the claim or takeover. */
export async function runSteps(plan: Plan, run: Run, ports: ExecutePorts): Promise<Result<Plan, Refusal>> {
  let current = plan;
  const settled = new Map(run.steps.map((step) => [step.step, step]));
  for (let stepNumber = 1; stepNumber <= run.released.intent.steps.length; stepNumber += 1) {
    if (settled.get(stepNumber)?.state === 'written') continue;
    const done = await runStep(stepNumber, current, settled, run, ports);
    if (!done.ok) return done;
    current = done.value.plan;
    if (current.status !== 'executing') return pass(current);
    settled.set(stepNumber, done.value.step);
  }
  return pass(current);
}

function rawOf(run: Run, stepNumber: number): Run['raw'][number] {
  const raw = run.raw[stepNumber - 1];
  if (raw === undefined) throw new RangeError(`no step ${stepNumber}`);
  return raw;
}

type StepDone = Result<{ readonly plan: Plan; readonly step: StepRecord }, Refusal>;

async function runStep(
  stepNumber: number,
  plan: Plan,
  settled: ReadonlyMap<number, StepRecord>,
  run: Run,
  ports: ExecutePorts,
): Promise<StepDone> {
  const { released } = run;
  const step = released.intent.steps[stepNumber - 1];
  if (step === undefined) throw new RangeError(`no step ${stepNumber}`);
  const raw = rawOf(run, stepNumber);
  let current = plan;
  let started = settled.get(stepNumber);

  for (let attempt = 0; attempt <= WRITE_CONFLICT_RETRIES_MAX; attempt += 1) {
    const looked = await beforeWrite(current, ports, async () => {
      const live = await ports.cluster.read(step.target);
      // A request of ours landed after all (a taken-over executor's, or one whose answer was lost): it must not be sent twice.
      if (started !== undefined && live !== null && isOurs(live, step, stepNumber, run)) return { live, landed: live };
      const refusal = await passLiveGates({ plan: released, stepNumber, step, raw, live, ports });
      return { live, landed: undefined, refusal };
    });
    if (looked.landed !== undefined)
      return settleWritten(current, stepNumber, looked.landed, null, settled, run, ports);
    // The object moved between our read and the dry run: the same as a 409 to the write.
    if (looked.refusal?.code === 'write.conflict') continue;
    const refusal = looked.refusal ?? timeLeft(run, ports);
    if (refusal !== undefined) return endRefused(current, refusal, settled, run, ports);

    const record: StepRecord = {
      format: 'countersign.step/v1',
      planId: current.planId,
      step: stepNumber,
      fence: current.fence,
      state: 'started',
      startedAt: ports.clock().toISOString(),
      settledAt: null,
      resultDigest: null,
      resultResourceVersion: null,
      asApproved: null,
    };
    const fenced = await recordStarted(current, record, ports);
    if (!fenced.ok) {
      if (fenced.refusal.code !== 'plan.revoked') return fenced;
      return endRefused(await latest(current, ports), fenced.refusal, settled, run, ports);
    }
    current = fenced.value;
    started = record;

    const written = await ports.cluster.write(stepToRun(released, stepNumber, raw), looked.live);
    switch (written.outcome) {
      case 'written': {
        const as = comparedAs(step);
        const [approved, stored] = [raw.dryRun, written.object].map((object) => ports.rules.comparable(object, as));
        const asApproved = canonicalize(approved ?? null) === canonicalize(stored ?? null);
        return settleWritten(current, stepNumber, written, asApproved, settled, run, ports);
      }
      case 'conflict':
        // Somebody wrote between our read and our write; nothing of ours happened. Every live gate is passed again.
        continue;
      case 'refused':
        return endRefused(current, written.refusal, settled, run, ports);
      case 'unknown':
        return endUnknown(current, stepNumber, run, ports);
    }
  }
  return endRefused(current, { code: 'write.conflict' }, settled, run, ports);
}

/** Nothing is in flight yet: when the cluster does not answer, the lease is given back so that a retry need not wait for it. */
async function beforeWrite<T>(plan: Plan, ports: ExecutePorts, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Unavailable) {
      const paused = advance(plan, {
        type: 'execution.paused',
        actor: 'system:execute',
        now: ports.clock(),
        set: { lease: null },
      });
      if (paused.ok) await ports.plans.commit(paused.value);
    }
    throw error;
  }
}

function timeLeft(run: Run, ports: ExecutePorts): Refusal | undefined {
  const seconds = Math.floor((Date.parse(run.released.grant.exp) - ports.clock().getTime()) / 1000);
  return seconds < EXECUTE_TIME_LEFT_SECONDS_MIN
    ? { code: 'deadline.too_close', secondsLeft: Math.max(seconds, 0) }
    : undefined;
}

/** The fence gate: conditional on fence, version and status, so a taken-over or revoked run stops here, before the write. */
async function recordStarted(plan: Plan, step: StepRecord, ports: ExecutePorts): Promise<Result<Plan, Refusal>> {
  const now = ports.clock();
  // Recorded while the step before was being written: this is the next fence gate, which obeys it.
  if (plan.revocation !== null) return refuse({ code: 'plan.revoked' });
  const change = advance(plan, {
    type: 'step.started',
    actor: 'system:execute',
    now,
    data: { step: step.step, fence: plan.fence, attempt: ports.random.token(ATTEMPT_BYTES) },
    // From here a request may be on its way: nobody takes over before it can no longer land.
    set: { lease: leaseFrom(now, ports.holder) },
  });
  if (!change.ok) return change;
  const committed = await ports.plans.commit({ ...change.value, step, openAt: now.toISOString() });
  if (committed.ok) return pass(change.value.after);
  const stored = await ports.plans.readPlan(plan.planId);
  const revoked = stored !== null && stored.fence === plan.fence && stored.revocation !== null;
  return refuse({ code: revoked ? 'plan.revoked' : 'fence.lost' });
}

/** The mark of this very step on the very object: the write happened. A created object has a uid that nobody knew before. */
export function isOurs(live: LiveObject, step: Step, stepNumber: number, run: Pick<Run, 'released'>): boolean {
  const mark = planMark(run.released.plan.planId, stepNumber, run.released.intentDigest);
  return (step.target.uid === null || live.uid === step.target.uid) && live.marks.includes(mark);
}

/** What was written, as the answer or a later read gave it. */
type Written = Pick<Extract<WriteResult, { outcome: 'written' }>, 'object' | 'resourceVersion'>;

async function settleWritten(
  plan: Plan,
  stepNumber: number,
  written: Written,
  asApproved: boolean | null,
  settled: ReadonlyMap<number, StepRecord>,
  run: Run,
  ports: ExecutePorts,
): Promise<StepDone> {
  const now = ports.clock();
  const step: StepRecord = {
    format: 'countersign.step/v1',
    planId: plan.planId,
    step: stepNumber,
    fence: plan.fence,
    state: 'written',
    startedAt: settled.get(stepNumber)?.startedAt ?? now.toISOString(),
    settledAt: now.toISOString(),
    // Salted like the freshness: a plain hash over an object with hidden leaves would let them be guessed.
    resultDigest:
      written.object === null
        ? null
        : commit(rawOf(run, stepNumber).freshnessSalt, ports.rules.comparable(written.object)),
    resultResourceVersion: written.resourceVersion,
    asApproved,
  };
  const data = { step: stepNumber, asApproved, resultDigest: step.resultDigest };
  const last = stepNumber === run.released.intent.steps.length;
  const after = await commitFenced(
    plan,
    last
      ? {
          type: 'execution.applied',
          actor: 'system:execute',
          now,
          data,
          set: { lease: null },
          outbox: [{ kind: 'verify' }],
          settles: [run.order.outboxId],
        }
      : { type: 'step.written', actor: 'system:execute', now, data },
    { step, ...(last ? { unlock: lockOf(run.released, plan.fence) } : {}) },
    ports,
  );
  return after.ok ? pass({ plan: after.value, step }) : after;
}

/** The write may have happened. Lease and locks stay, and so does the message: after the lease the plan is settled by reading. */
async function endUnknown(plan: Plan, stepNumber: number, run: Run, ports: ExecutePorts): Promise<StepDone> {
  const after = await commitFenced(
    plan,
    {
      type: 'execution.unknown',
      actor: 'system:execute',
      now: ports.clock(),
      data: { step: stepNumber, order: run.order.outboxId },
      set: { reason: reasonOf({ code: 'write.outcome_unknown' }) },
    },
    {},
    ports,
  );
  return after.ok ? refuse({ code: 'write.outcome_unknown' }) : after;
}

/** A refusal after the claim ends the plan: before the first write as what it is, after one as partially applied with the reason kept. */
export async function endRefused(
  plan: Plan,
  refusal: Refusal,
  settled: ReadonlyMap<number, StepRecord>,
  run: Pick<Run, 'order' | 'released'>,
  ports: ExecutePorts,
): Promise<Result<never, Refusal>> {
  const stepsWritten = [...settled.values()].filter((step) => step.state === 'written').length;
  const after = await commitFenced(
    plan,
    {
      type: stepsWritten > 0 ? 'execution.partially_applied' : endingOf(refusal),
      actor: 'system:execute',
      now: ports.clock(),
      data: { code: refusal.code, stepsWritten },
      set: { lease: null, reason: reasonOf(refusal) },
      outbox: [{ kind: 'notify', notice: 'outcome' }],
      settles: [run.order.outboxId],
      stepsWritten,
    },
    { unlock: lockOf(run.released, plan.fence) },
    ports,
  );
  return after.ok ? refuse(refusal) : after;
}

type Ending = 'plan.blocked' | 'plan.stale' | 'plan.revoked' | 'plan.expired' | 'execution.failed';

function endingOf(refusal: Refusal): Ending {
  const [family] = refusal.code.split('.');
  if (refusal.code === 'plan.revoked') return 'plan.revoked';
  if (refusal.code === 'plan.expired' || refusal.code === 'deadline.too_close') return 'plan.expired';
  if (family === 'guard' || family === 'policy' || family === 'cluster' || family === 'requester')
    return 'plan.blocked';
  return refusal.code === 'write.refused' ? 'execution.failed' : 'plan.stale';
}

/** Commits against the plan as it is now, so long as the fence is still ours: a revocation that came in between is not lost. */
async function commitFenced(
  plan: Plan,
  by: Advance,
  extra: Pick<PlanChange, 'step' | 'unlock'>,
  ports: ExecutePorts,
): Promise<Result<Plan, Refusal>> {
  let before = plan;
  for (let attempt = 0; attempt <= WRITE_CONFLICT_RETRIES_MAX; attempt += 1) {
    const change = advance(before, by);
    if (!change.ok) return change;
    const committed = await ports.plans.commit({ ...change.value, ...extra });
    if (committed.ok) return pass(change.value.after);
    before = await latest(before, ports);
    if (before.fence !== plan.fence) break;
  }
  return refuse({ code: 'fence.lost' });
}

async function latest(plan: Plan, ports: ExecutePorts): Promise<Plan> {
  return (await ports.plans.readPlan(plan.planId)) ?? plan;
}
