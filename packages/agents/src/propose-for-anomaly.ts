/**
 * The second verb, for an anomaly: reads anomaly and cluster anew, decides, and proposes or says why not. The message that led here
 * names a key and nothing more; it is hostile until the table and the cluster bear it out.
 */
import {
  type Anomaly,
  type AnomalyStore,
  type ChangeRequest,
  type Clock,
  type PlanStore,
  type PolicySet,
  publicRefusal,
  type Refusal,
  type Result,
  Unavailable,
} from '@countersign/approvals';
import { ANOMALY_KEY_PATTERN } from './anomaly-key.ts';
import { tooLarge } from './detect/detect.ts';
import {
  NOTE_CHARACTERS_MAX,
  OBSERVER_LIMITS,
  type ObserverLimits,
  RECHECK_SECONDS,
  WRITE_ATTEMPTS_MAX,
} from './limits.ts';
import { followUpOf, recordPlan, withFollowUp } from './observe/follow-up.ts';
import { planGate } from './observe/plan-gate.ts';
import { deniedBefore } from './plan/denied-before.ts';
import { planRemedy } from './plan/plan-remedy.ts';
import type { Words } from './plan/remedy.ts';
import type { FactsCluster } from './ports.ts';
import { shownText } from './untrusted-text.ts';

export interface ProposeForAnomalyPorts {
  readonly cluster: FactsCluster;
  readonly anomalies: Pick<AnomalyStore, 'get' | 'put'>;
  readonly policies: PolicySet;
  readonly plans: Pick<PlanStore, 'readPlan'>;
  /** The core's propose as the planner: conditional on the anomaly having no open plan. */
  readonly propose: (request: {
    readonly change: ChangeRequest;
    readonly words: Words;
    readonly anomaly: string;
  }) => Promise<Result<{ readonly planId: string }, Refusal>>;
  readonly clock: Clock;
  readonly limits?: ObserverLimits;
}

/** `retry` leaves the message where it is; everything else settles it. */
export type AnomalyOutcome =
  | { readonly outcome: 'proposed'; readonly planId: string }
  | { readonly outcome: 'declined'; readonly note: string }
  | {
      readonly outcome: 'ignored';
      readonly why:
        | 'malformed-key'
        | 'unknown'
        | 'foreign-cluster'
        | 'resolved'
        | 'open-plan'
        | 'cooling-down'
        | 'gone';
    }
  | { readonly outcome: 'retry'; readonly refusal: Refusal };

/** @throws Unavailable when cluster or store do not answer: the same as `retry` */
export async function proposeForAnomaly(anomalyKey: string, ports: ProposeForAnomalyPorts): Promise<AnomalyOutcome> {
  // A message may name anything: what is no key of ours never reaches the table.
  if (!ANOMALY_KEY_PATTERN.test(anomalyKey)) return ignored('malformed-key');
  const anomaly = await ports.anomalies.get(anomalyKey);
  if (anomaly === null || anomaly.key !== anomalyKey) return ignored('unknown');
  if (anomaly.cluster !== ports.cluster.name()) return ignored('foreign-cluster');
  if (anomaly.status !== 'active') return ignored('resolved');
  if (anomaly.planId !== null) return ignored('open-plan');
  // Asked here too: a forged or repeated message must not get around cooldown and breaker.
  const now = ports.clock();
  const followUp = followUpOf(anomaly.facts);
  if (!planGate(followUp, anomaly.firstSeenAt, now, ports.limits ?? OBSERVER_LIMITS).open)
    return ignored('cooling-down');

  const facts = await ports.cluster.facts(anomaly.target.namespace);
  if (facts.namespace !== anomaly.target.namespace || tooLarge(facts))
    throw new Unavailable('no facts of that namespace');
  const chosen = planRemedy(anomaly, facts, ports.policies.deployed, now);
  if (chosen.kind === 'none') return decline(anomalyKey, ports, now, chosen.note, chosen.recheckAfterSeconds);
  const denied = await deniedBefore(chosen.change, followUp, ports.plans, now);
  if (denied !== undefined) return decline(anomalyKey, ports, now, denied.note, denied.recheckAfterSeconds);

  const proposed = await ports.propose({ change: chosen.change, words: chosen.words, anomaly: anomalyKey });
  if (!proposed.ok) return refused(anomalyKey, ports, now, proposed.refusal);
  const { planId } = proposed.value;
  await update(anomalyKey, ports, (stored) => ({
    ...stored,
    note: null,
    facts: withFollowUp(
      stored.facts,
      recordPlan(followUpOf(stored.facts), planId, chosen.change.operation.type, answerTime(stored, now)),
    ),
  }));
  return { outcome: 'proposed', planId };
}

const ignored = (why: Extract<AnomalyOutcome, { outcome: 'ignored' }>['why']): AnomalyOutcome => ({
  outcome: 'ignored',
  why,
});

async function refused(
  key: string,
  ports: ProposeForAnomalyPorts,
  now: Date,
  refusal: Refusal,
): Promise<AnomalyOutcome> {
  if (refusal.code === 'plan.open_exists') return ignored('open-plan');
  const { code, message, retryable } = publicRefusal(refusal);
  if (retryable) return { outcome: 'retry', refusal };
  return decline(key, ports, now, `A plan was refused (${code}): ${message}`, RECHECK_SECONDS);
}

/** The answer "nothing", with the reason for people and the time to ask again. */
async function decline(
  key: string,
  ports: ProposeForAnomalyPorts,
  now: Date,
  note: string | null,
  recheckAfterSeconds: number | null,
): Promise<AnomalyOutcome> {
  const shown = note === null ? null : shownText(note, NOTE_CHARACTERS_MAX);
  const askAgainAt =
    recheckAfterSeconds === null ? null : new Date(now.getTime() + recheckAfterSeconds * 1000).toISOString();
  await update(key, ports, (stored) => ({
    ...stored,
    note: shown ?? stored.note,
    facts: withFollowUp(stored.facts, { ...followUpOf(stored.facts), answeredAt: answerTime(stored, now), askAgainAt }),
  }));
  return shown === null ? ignored('gone') : { outcome: 'declined', note: shown };
}

/** Never before the ask that it answers, though the observer's clock be a little ahead of ours: the ask would count as unanswered. */
function answerTime(stored: Anomaly, now: Date): string {
  const { askedAt } = followUpOf(stored.facts);
  return askedAt !== null && askedAt > now.toISOString() ? askedAt : now.toISOString();
}

/** Only while it is active. Lost to others three times over, it is left: the observer finds the plan by itself, or asks again. */
async function update(key: string, ports: ProposeForAnomalyPorts, change: (stored: Anomaly) => Anomaly): Promise<void> {
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS_MAX; attempt += 1) {
    const stored = await ports.anomalies.get(key);
    if (stored === null || stored.status !== 'active') return;
    if (await ports.anomalies.put({ ...change(stored), version: stored.version + 1 }, stored.version)) return;
  }
}
