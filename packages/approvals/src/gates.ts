/**
 * The gates, in order, each refusal with its own code. Two lists: the record gates judge what is stored and need no cluster; the live
 * gates judge the cluster right before each write. Whoever wants to know why something may run reads this file from top to bottom.
 */

import { boundNamespaces } from './access.ts';
import { deriveApproval } from './approval.ts';
import { canonicalize, type Json } from './canonical.ts';
import type { ChainEvent } from './chain.ts';
import type { ExecutionCluster, LiveObject, ObjectRules, StepToRun } from './cluster-ports.ts';
import { commit, equalText } from './digest.ts';
import { holdsRedactedLeaf, type RawEvidence, rawEvidenceSchema, reveal, show } from './evidence.ts';
import { EXECUTOR_AUDIENCE, type GrantClaims, openGrant } from './grant.ts';
import { comparedAs, type Step, targetKey } from './intent.ts';
import { CLOCK_SKEW_SECONDS, EXECUTE_TIME_LEFT_SECONDS_MIN } from './limits.ts';
import { type OpenedPlan, openPlan } from './open-plan.ts';
import type { PolicySet } from './policy.ts';
import type { PlanRecords } from './ports.ts';
import type { Refusal } from './refusal.ts';
import { openRelease } from './release.ts';
import { pass, type Result, refuse } from './result.ts';
import { type PinnedKeys, sealHash } from './seal.ts';
import { chainRefusal } from './transitions.ts';
import { mayRelease } from './visibility.ts';

export interface RecordGatePorts {
  readonly policies: PolicySet;
  readonly keys: PinnedKeys;
  readonly deployment: string;
  readonly rules: ObjectRules;
}

/** A plan that has passed every record gate; the only thing that `claim` and `run` accept. */
export interface ReleasedPlan extends OpenedPlan {
  readonly grant: GrantClaims;
  readonly [released]: true;
}
declare const released: unique symbol;

interface RecordContext {
  readonly records: PlanRecords;
  readonly chain: readonly ChainEvent[];
  readonly opened: OpenedPlan;
  readonly grant: GrantClaims | undefined;
  readonly now: Date;
  readonly ports: RecordGatePorts;
}
type RecordGate = (context: RecordContext) => Refusal | undefined | Promise<Refusal | undefined>;

/** In this order; a test pins it. "plan exists, parses, version known" comes before them, as the opening of the records. */
export const RECORD_GATES: Readonly<Record<string, RecordGate>> = {
  'window open': ({ opened: { review }, now }) => {
    const at = now.toISOString();
    if (at < review.window.notBefore) return { code: 'plan.not_started', notBefore: review.window.notBefore };
    return at >= review.window.notAfter ? { code: 'plan.expired', notAfter: review.window.notAfter } : undefined;
  },

  'not canceled, revoked or done': ({ records: { plan }, chain }) => {
    const refusal = chainRefusal(plan, chain);
    if (refusal !== undefined) return refusal;
    if (plan.revocation !== null || plan.status === 'revoked') return { code: 'plan.revoked' };
    if (plan.status === 'pending') return { code: 'plan.not_approved', status: plan.status };
    const runnable = plan.status === 'approved' || plan.status === 'executing' || plan.status === 'unknown';
    return runnable ? undefined : { code: 'plan.finished', status: plan.status };
  },

  'released by someone who may': async ({ records, opened, grant, ports }) => {
    // Only the signed claim makes a plan run without a release; the review's copy alone would be the table's word.
    if (grant?.release === 'immediate' && opened.review.releaseMode === 'immediate') return undefined;
    if (records.release === null) return { code: 'release.missing' };
    const release = await openRelease(records.release, ports.keys);
    const fits =
      release !== undefined &&
      release.iss === ports.deployment &&
      release.planId === records.plan.planId &&
      release.intentDigest === opened.intentDigest &&
      release.reviewDigest === opened.reviewDigest &&
      records.grant !== null &&
      release.grantHash === sealHash(records.grant.seal);
    if (!fits) return { code: 'release.invalid' };
    // Stops any stranger with the execute scope from running somebody's plan.
    return mayRelease(opened.review, release.principal, ports.policies) ? undefined : { code: 'release.not_permitted' };
  },

  'grant signed by a pinned key, every claim equal': ({
    records: { plan, grant: record },
    opened,
    grant,
    now,
    ports,
  }) => {
    if (record === null) return { code: 'grant.missing' };
    if (grant === undefined) return { code: 'grant.invalid', claim: 'signature' };
    const { intent, review } = opened;
    const claims: readonly (readonly [string, boolean])[] = [
      ['iss', grant.iss === ports.deployment],
      ['aud', grant.aud === EXECUTOR_AUDIENCE],
      ['jti', grant.jti === plan.planId],
      ['planVersion', grant.planVersion === plan.grantedVersion && plan.version > grant.planVersion],
      ['intentDigest', grant.intentDigest === opened.intentDigest],
      ['reviewDigest', grant.reviewDigest === opened.reviewDigest],
      ['policyHash', grant.policyHash === review.policyHash],
      ['cluster', canonicalize(grant.cluster) === canonicalize(intent.cluster)],
      ['targets', canonicalize(grant.targets) === canonicalize(intent.steps.map((step) => targetKey(step.target)))],
      ['passkeyRegistryHead', grant.passkeyRegistryHead === null],
      ['release', grant.release === review.releaseMode],
      ['nbf', grant.nbf === review.window.notBefore],
      ['exp', grant.exp === review.window.notAfter],
    ];
    const wrong = claims.find(([, equal]) => !equal);
    if (wrong !== undefined) return { code: 'grant.invalid', claim: wrong[0] };
    return now.toISOString() >= grant.exp ? { code: 'grant.expired' } : undefined;
  },

  'votes sealed, quorum recomputed': async ({ records, opened, grant, ports }) => {
    const approval = await deriveApproval(records.votes, {
      ...ports,
      review: opened.review,
      reviewDigest: opened.reviewDigest,
    });
    if (!approval.ok) return approval.refusal;
    const same = grant !== undefined && canonicalize(approval.value.votes) === canonicalize(grant.votes);
    return same ? undefined : { code: 'grant.invalid', claim: 'votes' };
  },

  'digests recomputed from stored bytes': ({ records }) => {
    const again = openPlan(records);
    return again.ok ? undefined : again.refusal;
  },

  "deny rules of the plan's policy and of the deployed one": ({ opened, ports }) => {
    const own = ports.policies.byHash.get(opened.review.policyHash);
    if (own === undefined) return { code: 'policy.unknown' };
    const objectOf = (parts: OpenedPlan['evidence']['live'], at: number): Json =>
      parts.find((part) => part.step === at + 1)?.object ?? null;
    const steps = opened.intent.steps.map((step, at) => ({
      step,
      live: objectOf(opened.evidence.live, at),
      dryRun: objectOf(opened.evidence.dryRun, at),
    }));
    const denied = [own, ports.policies.deployed]
      .flatMap((policy) => ports.rules.findings(policy, steps, opened.review.requester))
      .concat(opened.evidence.findings)
      .filter((finding) => finding.severity === 'deny');
    return denied.length > 0 ? { code: 'policy.denied', findings: denied } : undefined;
  },

  'enough time left': ({ opened, now }) => {
    const secondsLeft =
      Math.floor((Date.parse(opened.review.window.notAfter) - now.getTime()) / 1000) - CLOCK_SKEW_SECONDS;
    return secondsLeft < EXECUTE_TIME_LEFT_SECONDS_MIN
      ? { code: 'deadline.too_close', secondsLeft: Math.max(secondsLeft, 0) }
      : undefined;
  },
};

export async function passRecordGates(
  records: PlanRecords,
  chain: readonly ChainEvent[],
  now: Date,
  ports: RecordGatePorts,
): Promise<Result<ReleasedPlan, Refusal>> {
  const opened = openPlan(records);
  if (!opened.ok) return opened;
  const grant = records.grant === null ? undefined : await openGrant(records.grant, ports.keys);
  const context: RecordContext = { records, chain, opened: opened.value, grant, now, ports };
  for (const gate of Object.values(RECORD_GATES)) {
    const refusal = await gate(context);
    if (refusal !== undefined) return refuse(refusal);
  }
  if (grant === undefined) return refuse({ code: 'grant.missing' });
  return pass({ ...opened.value, grant } as ReleasedPlan);
}

export interface LiveGatePorts {
  readonly cluster: ExecutionCluster;
  readonly rules: ObjectRules;
  readonly policies: PolicySet;
}

interface LiveContext {
  readonly plan: ReleasedPlan;
  /** From 1. */
  readonly stepNumber: number;
  readonly step: Step;
  readonly raw: RawEvidence['steps'][number];
  /** The one quorum read whose resourceVersion is used for the dry run and the write; null where the object is absent. */
  readonly live: LiveObject | null;
  readonly ports: LiveGatePorts;
}
type LiveGate = (context: LiveContext) => Promise<Refusal | undefined>;

/** In this order; a test pins it. The fence gate is the transaction that records the step as started: see execute.ts. */
export const LIVE_GATES: Readonly<Record<string, LiveGate>> = {
  'cluster identity as granted': async ({ plan, ports }) => {
    const identity = await ports.cluster.identity();
    const same = identity.uid === plan.grant.cluster.uid && identity.ca === plan.grant.cluster.ca;
    return same ? undefined : { code: 'cluster.identity_changed' };
  },

  'guard policies present and unchanged': async ({ plan, ports }) => {
    const guards = await ports.cluster.guards();
    if (guards.missing.length > 0) return { code: 'guard.missing', policies: guards.missing };
    // Both: as shipped with this executor, and as the plan was made under. A proposer alone cannot vouch for weaker ones.
    return guards.changed.length === 0 && guards.hash === plan.review.guardHash ? undefined : { code: 'guard.changed' };
  },

  'object fresh': async ({ plan, stepNumber, step, raw, live, ports }) => {
    if (isFresh(plan, stepNumber, raw, live, ports.rules)) return undefined;
    const { kind, namespace, name } = step.target;
    if (live === null) return { code: 'target.not_found', kind, namespace, name };
    if (comparedAs(step) === 'create') return { code: 'target.exists', kind, namespace, name };
    return { code: 'target.drifted', changed: changedSince(raw, live, ports.rules) };
  },

  "requester's right still holds where policy asks": async ({ plan, step, ports }) => {
    const policy = ports.policies.deployed;
    const isDeployment = plan.review.requester.kind === 'planner';
    if (policy.requesterRight === 'not-asked' || isDeployment) return undefined;
    // Groups of then are not known now: a binding by group alone does not count, which fails closed.
    const bound = boundNamespaces(policy, { ...plan.review.requester, groups: [] }, step.operation.type);
    return bound.includes(step.target.namespace) ? undefined : { code: 'requester.right_lost' };
  },

  'second dry run equals the approved one': async ({ plan, stepNumber, step, raw, live, ports }) => {
    const second = await ports.cluster.dryRun(stepToRun(plan, stepNumber, raw), live);
    if (!second.ok) return second.refusal;
    const as = comparedAs(step);
    const [approved, now] = [ports.rules.comparable(raw.dryRun, as), ports.rules.comparable(second.object, as)];
    if (canonicalize(approved) === canonicalize(now)) return undefined;
    return { code: 'dry_run.changed', changed: ports.rules.changedPaths(approved, now) };
  },
};

export async function passLiveGates(context: LiveContext): Promise<Refusal | undefined> {
  for (const gate of Object.values(LIVE_GATES)) {
    const refusal = await gate(context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

export const stepToRun = (
  { plan, intent }: Pick<OpenedPlan, 'plan' | 'intent'>,
  stepNumber: number,
  raw: RawEvidence['steps'][number],
): StepToRun => ({ intent, stepNumber, planId: plan.planId, leaves: raw.operationLeaves ?? {} });

/** Whole object minus the ignored paths, under the plan's own salt; uid and generation beside it, resourceVersion where the kind has neither generation nor status. What a step creates is fresh while it is absent. */
export function isFresh(
  plan: Pick<OpenedPlan, 'review'>,
  stepNumber: number,
  raw: RawEvidence['steps'][number],
  live: LiveObject | null,
  rules: ObjectRules,
): boolean {
  const approved = plan.review.freshness.find((entry) => entry.step === stepNumber);
  if (approved === undefined) return false;
  if (live === null) return approved.uid === null;
  if (live.deleting) return false;
  if (approved.uid !== live.uid) return false;
  if (approved.generation !== null && approved.generation !== live.generation) return false;
  if (approved.resourceVersion !== null && approved.resourceVersion !== live.resourceVersion) return false;
  return equalText(approved.commitment, commit(raw.freshnessSalt, rules.comparable(live.object)));
}

const changedSince = (raw: RawEvidence['steps'][number], live: LiveObject, rules: ObjectRules): readonly string[] =>
  rules.changedPaths(rules.comparable(raw.live), rules.comparable(live.object));

/**
 * Raw evidence is trusted only where its shown form is, byte for byte, the approved one: a swapped salt, leaf or object shows.
 * Answers the steps in order, or undefined.
 */
export function checkedRawEvidence(
  plan: OpenedPlan,
  raw: RawEvidence | null,
): readonly RawEvidence['steps'][number][] | undefined {
  if (raw === null || !rawEvidenceSchema.safeParse(raw).success || raw.planId !== plan.plan.planId) return undefined;
  if (raw.steps.length !== plan.intent.steps.length) return undefined;
  for (const [at, step] of raw.steps.entries()) {
    if (step.step !== at + 1) return undefined;
    const dryRunSalts = step.dryRunLeafSalts ?? step.leafSalts;
    for (const [shown, object, salts] of [
      [plan.evidence.live, step.live, step.leafSalts],
      [plan.evidence.dryRun, step.dryRun, dryRunSalts],
    ] as const) {
      const approved = shown.find((part) => part.step === step.step)?.object ?? null;
      if (canonicalize(show(object, salts)) !== canonicalize(approved)) return undefined;
    }
    const document = operationDocument(plan.intent.steps[at]);
    const leaves = step.operationLeaves ?? {};
    const hides = document !== undefined && holdsRedactedLeaf(document);
    if (hides ? reveal(document, leaves) === undefined : Object.keys(leaves).length > 0) return undefined;
    const redacted = plan.review.redactions.filter((entry) => entry.step === step.step);
    const listed = (places: readonly string[], salts: Readonly<Record<string, string>>): boolean =>
      canonicalize([...places].sort()) === canonicalize(Object.keys(salts).sort());
    if (
      !listed(
        redacted.map(({ path }) => path),
        step.leafSalts,
      )
    )
      return undefined;
    if (
      !listed(
        redacted.map(({ path, after }) => after ?? path),
        dryRunSalts,
      )
    )
      return undefined;
  }
  return raw.steps;
}

/** The part of an operation that may hold hidden leaves. */
export function operationDocument(step: Step | undefined): Json | undefined {
  if (step?.operation.type === 'apply') return step.operation.manifest;
  return step?.operation.type === 'rollback' ? step.operation.template : undefined;
}
