/** Verify: what the cluster shows afterwards against the success criteria that the reviewer approved too: passed, failed or inconclusive. */
import type { CriterionState, VerificationCluster } from './cluster-ports.ts';
import { reasonOf } from './execution.ts';
import { VERIFY_POLL_MS } from './limits.ts';
import { type OpenedPlan, openPlan } from './open-plan.ts';
import type { OutboxRecord } from './outbox.ts';
import type { Plan, StepRecord } from './plan.ts';
import { type Clock, type Outbox, type PlanStore, Unavailable } from './ports.ts';
import { readRecords } from './read-records.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { type Advance, advance } from './transitions.ts';

export interface VerifyPorts {
  readonly plans: PlanStore;
  readonly outbox: Outbox;
  readonly cluster: VerificationCluster;
  readonly clock: Clock;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** How often to look before handing the rest to a later call. */
  readonly looksMax: number;
  /** When the sweeper shall send the message again if the criteria are still waiting. */
  readonly againSeconds: number;
}

/** Looks until the criteria are met, cannot be met, or this call's looks are used up: then the message stays for the sweeper. */
export async function verifyPlan(
  message: { readonly outboxId: string },
  ports: VerifyPorts,
): Promise<Result<Plan, Refusal>> {
  const order = await ports.outbox.read(message.outboxId);
  if (order === null || order.kind !== 'verify' || order.pointer.type !== 'plan')
    return refuse({ code: 'plan.not_found' });
  const read = await readRecords(ports.plans, order.pointer.planId);
  if (!read.ok || read.value.plan.status !== 'applied') {
    await ports.outbox.settle(order.outboxId);
    return read.ok ? pass(read.value.plan) : read;
  }
  const records = read.value;
  const opened = openPlan(records);
  if (!opened.ok) {
    const set = { reason: reasonOf(opened.refusal) };
    return record(
      records.plan,
      { type: 'verification.inconclusive', data: { code: opened.refusal.code }, set },
      order,
      ports,
    );
  }
  for (let look = 0; look < ports.looksMax; look += 1) {
    if (look > 0) await ports.sleep(VERIFY_POLL_MS);
    const verdict = judge(opened.value, records.steps, await observe(opened.value, ports), ports.clock());
    if (verdict !== undefined) return record(records.plan, verdict, order, ports);
  }
  await ports.outbox.postpone(
    order.outboxId,
    new Date(ports.clock().getTime() + ports.againSeconds * 1000).toISOString(),
  );
  return pass(records.plan);
}

async function observe(plan: OpenedPlan, ports: VerifyPorts): Promise<readonly CriterionState[] | 'unreachable'> {
  try {
    return await ports.cluster.observe(plan.evidence.successCriteria.all, plan.intent);
  } catch (error) {
    if (error instanceof Unavailable) return 'unreachable';
    throw error;
  }
}

type Verdict = Pick<Advance, 'type' | 'data' | 'set'>;

/** Pure. Undefined: not yet. The time runs from the write, by the record's own clock. */
export function judge(
  plan: OpenedPlan,
  steps: readonly StepRecord[],
  states: readonly CriterionState[] | 'unreachable',
  now: Date,
): Verdict | undefined {
  // The cluster stored something else than it had promised: whatever the rollout does, nobody approved this.
  const mismatch = steps.some((step) => step.asApproved === false);
  if (mismatch) return failed({ code: 'dry_run.changed', changed: [] });
  const over = now.getTime() >= Date.parse(plan.plan.updatedAt) + plan.evidence.successCriteria.withinSeconds * 1000;
  if (states === 'unreachable') {
    return over
      ? {
          type: 'verification.inconclusive',
          data: { code: 'cluster.unreachable' },
          set: { reason: reasonOf({ code: 'cluster.unreachable' }) },
        }
      : undefined;
  }
  const unmet = states.filter((state) => state.state !== 'met').map((state) => state.message);
  if (unmet.length === 0) return { type: 'verification.passed', data: { criteria: states.length } };
  const hopeless = states.some((state) => state.state === 'failed');
  return hopeless || over ? failed({ code: 'verification.not_met', unmet }) : undefined;
}

const failed = (refusal: Refusal): Verdict => ({
  type: 'verification.failed',
  data: { code: refusal.code },
  set: { reason: reasonOf(refusal) },
});

async function record(
  plan: Plan,
  verdict: Verdict,
  order: OutboxRecord,
  ports: VerifyPorts,
): Promise<Result<Plan, Refusal>> {
  const change = advance(plan, {
    ...verdict,
    actor: 'system:verify',
    now: ports.clock(),
    outbox: [{ kind: 'notify', notice: 'outcome' }],
    settles: [order.outboxId],
  });
  if (!change.ok) return change;
  const committed = await ports.plans.commit(change.value);
  return committed.ok ? pass(change.value.after) : refuse({ code: 'request.conflict' });
}
