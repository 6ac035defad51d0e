/** Everything that one person may see of one plan, read consistently. GET paths use it and nothing else: it only reads. */
import {
  type Anomaly,
  type ApprovalRule,
  type FreshnessRecord,
  mayCancel,
  mayDecide,
  maySee,
  type OpenedPlan,
  openPlan,
  type Person,
  PLAN_ID_PATTERN,
  type Plan,
  type PlanRecords,
  type PolicySet,
  type Refusal,
  type Result,
  ruleOf,
  stricter,
  UnreadableRecord,
  type VoteStatement,
} from '@countersign/approvals';
import type { WebConfig, WebPorts } from '../ports.ts';
import { type ActorNames, actorNames } from './actor-names.ts';
import { type Timeline, timelineOf } from './timeline.ts';
import { tallyVotes, type VoteTally } from './vote-tally.ts';

export interface PlanView {
  readonly opened: OpenedPlan;
  readonly records: PlanRecords;
  readonly tally: VoteTally;
  readonly timeline: Timeline;
  readonly freshness: FreshnessRecord | null;
  /** What the plan is for, as it is known now. */
  readonly anomaly: Anomaly | null;
  readonly names: ActorNames;
  /** What both policies together ask for, or null when one of them lets nobody decide. */
  readonly rule: ApprovalRule | null;
  readonly standing: Standing;
}

/** What this person may do with the plan as it is stored now. */
export interface Standing {
  readonly decide: Result<ApprovalRule, Refusal>;
  readonly ownVote: VoteStatement | null;
  readonly cancel: boolean;
}

export type PlanLookup =
  /** No such plan, or not for this person: nobody learns which. */
  | { readonly kind: 'hidden' }
  /** The stored bytes cannot be read, or disagree with their digests. Only operators and auditors learn that. */
  | { readonly kind: 'damaged'; readonly refusal: Refusal; readonly stored: DamagedPlan | null }
  | { readonly kind: 'found'; readonly view: PlanView };

export interface DamagedPlan {
  readonly plan: Plan;
  readonly timeline: Timeline;
  readonly names: ActorNames;
}

export type PlanReads = Pick<WebPorts, 'plans' | 'anomalies' | 'policies' | 'keys'> & Pick<WebConfig, 'deployment'>;

/** Throws Unavailable. */
export async function lookUpPlan(planId: string, person: Person, ports: PlanReads): Promise<PlanLookup> {
  if (!PLAN_ID_PATTERN.test(planId)) return { kind: 'hidden' };
  try {
    const records = await ports.plans.read(planId);
    if (records === null) return { kind: 'hidden' };
    const opened = openPlan(records);
    if (opened.ok) {
      if (!maySee(opened.value.review, person, ports.policies)) return { kind: 'hidden' };
      return { kind: 'found', view: await viewOf(records, opened.value, person, ports) };
    }
    // Who may see it is written in the bytes that cannot be trusted: left are those who may see every plan.
    if (!isInsider(person, ports.policies)) return { kind: 'hidden' };
    const timeline = timelineOf(await ports.plans.chain(planId), records.plan.chain);
    const stored = { plan: records.plan, timeline, names: actorNames(null, null, person) };
    return { kind: 'damaged', refusal: opened.refusal, stored };
  } catch (error) {
    if (!(error instanceof UnreadableRecord)) throw error;
    return isInsider(person, ports.policies)
      ? { kind: 'damaged', refusal: { code: 'plan.unreadable' }, stored: null }
      : { kind: 'hidden' };
  }
}

async function viewOf(records: PlanRecords, opened: OpenedPlan, person: Person, ports: PlanReads): Promise<PlanView> {
  const { review, reviewDigest } = opened;
  const [tally, events, freshness, anomaly] = await Promise.all([
    tallyVotes(records.votes, { planId: review.planId, reviewDigest, deployment: ports.deployment, keys: ports.keys }),
    ports.plans.chain(review.planId),
    readableOrNull(ports.plans.freshness(review.planId)),
    review.anomaly === null ? null : readableOrNull(ports.anomalies.get(review.anomaly)),
  ]);
  return {
    opened,
    records,
    tally,
    timeline: timelineOf(events, records.plan.chain),
    freshness,
    anomaly,
    names: actorNames(review, tally, person),
    rule: bothRules(opened, ports.policies),
    standing: {
      decide: mayDecide(review, person, ports.policies),
      ownVote: tally.votes.find((vote) => vote.person === person.id) ?? null,
      cancel: mayCancel(review, person, ports.policies),
    },
  };
}

/** What only stands beside the plan must not be able to take the plan away. */
async function readableOrNull<T>(reading: Promise<T | null>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof UnreadableRecord) return null;
    throw error;
  }
}

function bothRules({ review }: OpenedPlan, policies: PolicySet): ApprovalRule | null {
  const own = policies.byHash.get(review.policyHash);
  const rules = [own === undefined ? undefined : ruleOf(review, own), ruleOf(review, policies.deployed)];
  const [first, second] = rules;
  return first === undefined || second === undefined ? null : stricter(first, second);
}

export const isInsider = (person: Pick<Person, 'groups'>, policies: PolicySet): boolean =>
  [...policies.deployed.operators, ...policies.deployed.auditors].some((group) => person.groups.includes(group));

/** Pending, in its window, this person may decide and has not: the plan waits for exactly this person. */
export const waitsForDecision = (view: PlanView, now: Date): boolean =>
  view.records.plan.status === 'pending' &&
  view.standing.decide.ok &&
  view.standing.ownVote === null &&
  now.toISOString() < view.opened.review.window.notAfter;

/** Enough sealed approvals are there; the granter counts them again and signs. */
export function isApprovedByVotes({ tally, rule, records }: PlanView): boolean {
  if (records.plan.status !== 'pending' || rule === null || tally.spoiled > 0) return false;
  return (
    new Set(tally.votes.filter((vote) => vote.decision === 'approve').map((vote) => vote.person)).size >= rule.quorum
  );
}
