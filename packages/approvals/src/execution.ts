/** What the parts of an execution share: their ports, the claimed run, lease, locks and the reason that a plan keeps. */
import type { RawEvidence } from './evidence.ts';
import { checkedRawEvidence, type LiveGatePorts, type RecordGatePorts, type ReleasedPlan } from './gates.ts';
import { targetKey } from './intent.ts';
import { LEASE_SECONDS } from './limits.ts';
import { publicRefusal } from './messages.ts';
import type { OpenedPlan } from './open-plan.ts';
import type { OutboxRecord } from './outbox.ts';
import type { Plan, StepRecord } from './plan.ts';
import {
  type AccessLog,
  type Clock,
  type LockChange,
  type Outbox,
  type PlanStore,
  type Randomness,
  type RawEvidenceStore,
  UnreadableRecord,
} from './ports.ts';
import type { Refusal } from './refusal.ts';

export interface ExecutePorts extends RecordGatePorts, LiveGatePorts {
  readonly plans: PlanStore;
  readonly outbox: Outbox;
  readonly rawEvidence: RawEvidenceStore;
  readonly access: AccessLog;
  readonly clock: Clock;
  readonly random: Randomness;
  /** Names this executor in the lease; of no authority. */
  readonly holder: string;
}

/** What a claimed run works with: the plan as last stored, the gates' result, the checked raw evidence and the message to settle. */
export interface Run {
  readonly order: OutboxRecord;
  readonly released: ReleasedPlan;
  readonly raw: readonly RawEvidence['steps'][number][];
  readonly steps: readonly StepRecord[];
}

export const leaseFrom = (now: Date, holder: string): NonNullable<Plan['lease']> => ({
  holder,
  until: new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString(),
});

export function lockOf(released: Pick<OpenedPlan, 'intent' | 'plan'>, fence: number): LockChange {
  const keys = released.intent.steps.map((step) => `${released.intent.cluster.uid}/${targetKey(step.target)}`).sort();
  return { keys, planId: released.plan.planId, fence };
}

/** The plan's raw evidence, checked against what was approved; undefined where it is absent, unreadable or another. */
export async function readRawEvidence(
  opened: OpenedPlan,
  ports: Pick<ExecutePorts, 'rawEvidence'>,
): Promise<readonly RawEvidence['steps'][number][] | undefined> {
  try {
    return checkedRawEvidence(opened, await ports.rawEvidence.get(opened.plan.planId));
  } catch (error) {
    if (error instanceof UnreadableRecord) return undefined;
    throw error;
  }
}

export const reasonOf = (refusal: Refusal): NonNullable<Plan['reason']> => ({
  code: refusal.code,
  detail: publicRefusal(refusal).message,
});
