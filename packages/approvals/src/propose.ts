/**
 * Propose: a request becomes a plan `pending`. The change is read, judged and dry-run by the cluster port under the proposer's
 * identity; here it is put under policy, bound to its two digests, and stored in one transaction.
 */
import { boundNamespaces } from './access.ts';
import { canonicalize } from './canonical.ts';
import { type ChainEvent, chainHash, EMPTY_CHAIN } from './chain.ts';
import type { ChangeRequest } from './change-request.ts';
import type { PreparedChange, ProposalCluster } from './cluster-ports.ts';
import { digestsOfEvidence, evidenceBytes } from './evidence.ts';
import { intentBytes, intentDigest } from './intent.ts';
import {
  PLAN_BYTES_MAX,
  PLAN_ID_BYTES,
  RAW_EVIDENCE_BYTES_MAX,
  SHOWN_EVIDENCE_BYTES_MAX,
  WORDS_REASON_CHARACTERS_MAX,
  WORDS_TITLE_CHARACTERS_MAX,
} from './limits.ts';
import { openPlan } from './open-plan.ts';
import type { Plan } from './plan.ts';
import { approvalRuleFor, type PolicySet } from './policy.ts';
import type { Clock, PlanChange, PlanStore, Randomness, RawEvidenceStore } from './ports.ts';
import { type Requester, requesterOf } from './principal.ts';
import { redactText } from './redaction/redact-text.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { RENDERER_VERSION, type Review, reviewBytes, reviewDigest } from './review.ts';
import { outboxRecord } from './transitions.ts';

export interface Proposal {
  readonly requester: Requester;
  /** The requester's groups at this moment, for bindings. */
  readonly groups: readonly string[];
  /** In the order in which they run. */
  readonly changes: readonly ChangeRequest[];
  readonly words: Review['words'];
  /** The anomaly that the plan is for; one open plan at a time. */
  readonly anomaly: string | null;
  /** The queue message that asked for it, to be settled with the plan's creation. */
  readonly settles?: readonly string[];
}

export interface ProposePorts {
  readonly cluster: ProposalCluster;
  readonly plans: PlanStore;
  readonly rawEvidence: RawEvidenceStore;
  readonly policies: PolicySet;
  readonly clock: Clock;
  readonly random: Randomness;
}

export async function proposePlan(proposal: Proposal, ports: ProposePorts): Promise<Result<Plan, Refusal>> {
  const { deployed, deployedHash } = ports.policies;
  const refused = judgeRequester(proposal, ports.policies);
  if (refused !== undefined) return refuse(refused);
  const now = ports.clock();
  const planId = `pln_${ports.random.token(PLAN_ID_BYTES)}`;
  const prepared = await ports.cluster.prepare({
    planId,
    requests: proposal.changes,
    policy: deployed,
    requester: requesterOf(proposal.requester),
    now,
    random: ports.random,
  });
  if (!prepared.ok) return prepared;
  const denied = prepared.value.evidence.findings.filter((finding) => finding.severity === 'deny');
  // A deny rule at proposal is a refusal and stores no plan: nobody is asked to wave through what policy forbids.
  if (denied.length > 0) return refuse({ code: 'policy.denied', findings: denied });
  if (approvalRuleFor(deployed, proposal.requester, prepared.value.riskTier) === undefined) {
    return refuse({ code: 'policy.nobody_may_approve' });
  }
  const review = reviewOf(planId, proposal, prepared.value, deployedHash, deployed.windowSeconds, now);
  const change = creation(review, prepared.value, proposal, now);
  const tooLarge = sizeRefusal(change, prepared.value);
  if (tooLarge !== undefined) return refuse(tooLarge);
  // Raw evidence first: a plan without it could never run, evidence without a plan is only litter.
  if (!openPlan({ plan: change.after, evidence: change.evidence ?? '' }).ok)
    throw new Error('made a plan that cannot be opened');
  await ports.rawEvidence.put(prepared.value.raw);
  const committed = await ports.plans.commit(change);
  if (committed.ok) return pass(change.after);
  return refuse({ code: committed.conflict === 'anomaly' ? 'plan.open_exists' : 'request.conflict' });
}

/** What would not fit its record is refused before anything is stored. */
function sizeRefusal(change: PlanChange, prepared: PreparedChange): Refusal | undefined {
  const sizes = [
    [change.evidence ?? '', SHOWN_EVIDENCE_BYTES_MAX],
    [change.after.intent + change.after.review, PLAN_BYTES_MAX],
    [canonicalize(prepared.raw), RAW_EVIDENCE_BYTES_MAX],
  ] as const;
  const over = sizes.find(([text, limitBytes]) => Buffer.byteLength(text, 'utf8') > limitBytes);
  return over === undefined ? undefined : { code: 'plan.too_large', limitBytes: over[1] };
}

/** Again here, although the endpoint has judged it: the proposer trusts nobody's word for it. The planner acts for the deployment itself. */
function judgeRequester(proposal: Proposal, policies: PolicySet): Refusal | undefined {
  const { requester } = proposal;
  if (requester.kind === 'planner') return undefined;
  if ((requester.kind === 'agent' || requester.kind === 'service') && requester.owner === null) {
    return { code: 'access.owner_unknown' };
  }
  // Where the right is asked again at execution, it must not rest on groups, which nobody will know then.
  const groups = policies.deployed.requesterRight === 'binding' ? [] : proposal.groups;
  for (const { namespace, operation } of proposal.changes) {
    const allowed = boundNamespaces(policies.deployed, { ...requester, groups }, operation.type);
    if (!allowed.includes(namespace))
      return { code: 'access.not_bound', namespace, operation: operation.type, allowed };
  }
  return undefined;
}

function reviewOf(
  planId: string,
  proposal: Proposal,
  prepared: PreparedChange,
  policyHash: Review['policyHash'],
  windowSeconds: number,
  now: Date,
): Review {
  return {
    format: 'countersign.review/v1',
    planId,
    intentDigest: intentDigest(prepared.intent),
    evidence: digestsOfEvidence(prepared.evidence),
    freshness: [...prepared.freshness],
    policyHash,
    guardHash: prepared.guardHash,
    riskTier: prepared.riskTier,
    riskReasons: [...prepared.riskReasons],
    requester: requesterOf(proposal.requester),
    words: {
      // Whoever writes words may have read a secret: they go to pages, mails and logs.
      title: capped(redactText(proposal.words.title), WORDS_TITLE_CHARACTERS_MAX),
      reason: capped(redactText(proposal.words.reason), WORDS_REASON_CHARACTERS_MAX),
      decidedBy: proposal.words.decidedBy,
    },
    anomaly: proposal.anomaly,
    releaseMode: proposal.requester.kind === 'planner' ? 'immediate' : 'on-request',
    window: { notBefore: now.toISOString(), notAfter: new Date(now.getTime() + windowSeconds * 1000).toISOString() },
    redactions: [...prepared.redactions],
    ignoredPaths: prepared.ignoredPaths,
    renderer: RENDERER_VERSION,
  };
}

/** Whole characters, well formed: half a surrogate pair has no canonical form. */
const capped = (text: string, characters: number): string =>
  text.length <= characters ? text.toWellFormed() : `${text.slice(0, characters - 1).toWellFormed()}…`;

function creation(review: Review, prepared: PreparedChange, proposal: Proposal, now: Date): PlanChange {
  const digest = reviewDigest(review);
  const at = now.toISOString();
  const event: ChainEvent = {
    format: 'countersign.chain/v1',
    planId: review.planId,
    seq: 1,
    at,
    type: 'plan.created',
    actor: review.requester.id,
    status: 'pending',
    previous: EMPTY_CHAIN.hash,
    data: { intentDigest: review.intentDigest, reviewDigest: digest, policyHash: review.policyHash },
  };
  const after: Plan = {
    format: 'countersign.plan/v1',
    planId: review.planId,
    status: 'pending',
    version: 1,
    createdAt: at,
    updatedAt: at,
    intent: intentBytes(prepared.intent),
    intentDigest: review.intentDigest,
    review: reviewBytes(review),
    reviewDigest: digest,
    notAfter: review.window.notAfter,
    requesterId: review.requester.id,
    ownerId: review.requester.owner,
    anomaly: review.anomaly,
    chain: { seq: 1, hash: chainHash(event) },
    grantedVersion: null,
    fence: 0,
    lease: null,
    revocation: null,
    reason: null,
  };
  return {
    before: null,
    after,
    event,
    evidence: evidenceBytes(prepared.evidence),
    outbox: [outboxRecord({ kind: 'notify', notice: 'decision-needed' }, after, now)],
    settles: proposal.settles ?? [],
    ...(proposal.anomaly === null ? {} : { anomaly: { key: proposal.anomaly, planId: review.planId } }),
  };
}
