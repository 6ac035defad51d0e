/** Quorum reads and dry runs of one state of all objects; a newer state in between (409) begins anew, a bounded number of times. */
import {
  type ClusterIdentity,
  canonicalize,
  type Intent,
  pass,
  type Randomness,
  type Refusal,
  type Result,
  refuse,
} from '@countersign/approvals';
import { readTarget } from '../change/read-target.ts';
import { type DryRunAnswer, sendDryRun } from '../change/send-change.ts';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { PREPARE_CONFLICT_RETRIES_MAX, SALT_BYTES } from '../limits.ts';
import type { CheckedRequest } from './checked-request.ts';
import { type SettledStep, settleStep } from './settled-step.ts';

export interface TriedStep extends SettledStep {
  readonly dryRun: Extract<DryRunAnswer, { readonly ok: true }>;
}
export interface TriedOut {
  readonly intent: Intent;
  readonly steps: readonly TriedStep[];
}

interface Asked {
  readonly requests: readonly CheckedRequest[];
  readonly cluster: ClusterIdentity;
  readonly planId: string;
  readonly random: Randomness;
}

/** Throws Unavailable where the cluster gives no answer. */
export async function tryOut(connection: ClusterConnection, asked: Asked): Promise<Result<TriedOut, Refusal>> {
  const look = looker(connection, asked);
  for (let attempt = 0; attempt <= PREPARE_CONFLICT_RETRIES_MAX; attempt += 1) {
    const settled: SettledStep[] = [];
    for (const at of asked.requests.keys()) {
      const step = await look(at);
      if (!step.ok) return step;
      settled.push(step.value);
    }
    const intent: Intent = {
      format: 'countersign.intent/v1',
      cluster: asked.cluster,
      steps: settled.map(({ step }) => step),
    };
    const tried = await dryRunAll(connection, asked, intent, settled, look);
    if (tried !== 'moved') return tried;
  }
  return refuse(KEPT_CHANGING);
}

const KEPT_CHANGING: Refusal = {
  code: 'dry_run.refused',
  reason: 'the object kept changing while it was read',
};

type Look = (at: number) => Promise<Result<SettledStep, Refusal>>;

/** Reads a step's object and settles the step on it, with the same salts each time. */
function looker(connection: ClusterConnection, { requests, random }: Asked): Look {
  const salts = new Map<string, string>();
  return async (at) => {
    const request = requests[at];
    if (request === undefined) throw new RangeError('there is no such request');
    const live = await readTarget(connection, request.target);
    return settleStep(connection, request, live, (pointer) => {
      const key = `${at} ${pointer}`;
      const salt = salts.get(key) ?? random.token(SALT_BYTES);
      salts.set(key, salt);
      return salt;
    });
  };
}

/** `moved`: an object is no longer what its step was settled on, and with the step the whole intent is another one. */
async function dryRunAll(
  connection: ClusterConnection,
  { planId }: Asked,
  intent: Intent,
  settled: readonly SettledStep[],
  look: Look,
): Promise<Result<TriedOut, Refusal> | 'moved'> {
  const steps: TriedStep[] = [];
  for (const [at, first] of settled.entries()) {
    let current = first;
    for (let attempt = 0; ; attempt += 1) {
      if (attempt > PREPARE_CONFLICT_RETRIES_MAX) return refuse(KEPT_CHANGING);
      const resourceVersion = current.live?.resourceVersion ?? null;
      const { leaves } = current;
      const dryRun = await sendDryRun(connection, { intent, stepNumber: at + 1, planId, leaves, resourceVersion });
      if (dryRun.ok) {
        steps.push({ ...current, dryRun });
        break;
      }
      if (dryRun.refusal.code !== 'write.conflict') return refuse(dryRun.refusal);
      const again = await look(at);
      if (!again.ok) return again;
      if (canonicalize(again.value.step) !== canonicalize(first.step)) return 'moved';
      current = again.value;
    }
  }
  return pass({ intent, steps });
}
