/**
 * Approve: one person's decision becomes a sealed vote. Everything is verified first; the challenge's nonce is spent inside the vote's
 * own transaction, so a bad attempt burns nothing, and of two equal attempts exactly one counts.
 */
import { type ChallengeBody, checkChallenge } from './challenge.ts';
import { digestOf, equalText } from './digest.ts';
import { COMMENT_CHARACTERS_MAX, NONCE_BYTES } from './limits.ts';
import { openPlan } from './open-plan.ts';
import type { Plan } from './plan.ts';
import type { ApprovalRule, PolicySet } from './policy.ts';
import type { Clock, CommitResult, PlanRecords, PlanStore } from './ports.ts';
import type { Person } from './principal.ts';
import { readRecords } from './read-records.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import { type PinnedKeys, type Signer, sealHash } from './seal.ts';
import { type Advance, advance } from './transitions.ts';
import { mayDecide } from './visibility.ts';
import { type Decision, sealVote, type VoteRecord, type VoteStatement } from './vote.ts';

/** What the page's form sends back. `reviewDigest` echoes what the person saw. */
export interface Ballot {
  readonly planId: string;
  readonly reviewDigest: string;
  readonly decision: Decision;
  readonly comment: string;
  readonly challenge: string;
  readonly idempotencyKey: string;
}

export interface ApprovePorts {
  readonly plans: PlanStore;
  readonly policies: PolicySet;
  readonly voteSigner: Signer;
  readonly keys: PinnedKeys;
  readonly challengeKey: Uint8Array;
  readonly deployment: string;
  readonly clock: Clock;
}

export async function approve(
  ballot: Ballot,
  person: Person,
  ports: ApprovePorts,
): Promise<Result<{ readonly plan: Plan; readonly repeated: boolean }, Refusal>> {
  const read = await readRecords(ports.plans, ballot.planId);
  if (!read.ok) return read;
  const records = read.value;
  const earlier = records.votes.find((vote) => vote.personId === person.id);
  if (earlier !== undefined) return answerRepeat(earlier, ballot, records.plan);

  const judged = judgeBallot(ballot, person, records, ports);
  if (!judged.ok) return judged;
  const { challenge } = judged.value;
  const now = ports.clock();
  const statement: VoteStatement = {
    format: 'countersign.vote/v1',
    iss: ports.deployment,
    planId: ballot.planId,
    reviewDigest: records.plan.reviewDigest,
    decision: ballot.decision,
    person: person.id,
    display: person.display,
    groups: [...person.groups],
    signedInAt: person.signedInAt,
    comment: ballot.comment,
    nonce: challenge.nonce,
    decidedAt: now.toISOString(),
    passkey: null,
  };
  const vote: VoteRecord = {
    format: 'countersign.vote-record/v1',
    planId: ballot.planId,
    personId: person.id,
    seal: await sealVote(statement, ports.voteSigner),
    idempotencyKey: ballot.idempotencyKey,
    requestHash: requestHash(ballot),
  };
  const change = advance(records.plan, transitionOf(statement, vote, now));
  if (!change.ok) return change;
  const committed = await ports.plans.commit({
    ...change.value,
    vote,
    nonce: { nonce: challenge.nonce, expiresAt: new Date(challenge.exp * 1000).toISOString() },
    openAt: now.toISOString(),
  });
  if (committed.ok) return pass({ plan: change.value.after, repeated: false });
  return answerConflict(committed, ballot, person, ports);
}

/** Of every check the cheapest and least telling first; the challenge before anything that says something about the plan. */
function judgeBallot(
  ballot: Ballot,
  person: Person,
  records: PlanRecords,
  ports: ApprovePorts,
): Result<{ readonly challenge: ChallengeBody; readonly rule: ApprovalRule }, Refusal> {
  const now = ports.clock();
  const challenge = checkChallenge(ballot.challenge, { ...ballot, person }, now, ports.challengeKey);
  if (!challenge.ok) {
    return refuse({ code: challenge.refusal === 'expired' ? 'vote.challenge_expired' : 'vote.challenge_invalid' });
  }
  if (challenge.value.nonce.length * 6 < NONCE_BYTES * 8) return refuse({ code: 'vote.challenge_invalid' });
  if (records.plan.status !== 'pending') return refuse({ code: 'plan.not_pending', status: records.plan.status });
  const opened = openPlan(records);
  if (!opened.ok) return opened;
  const { review, evidence, reviewDigest } = opened.value;
  // Binds the vote to what the person saw: whatever was stored in between is another digest.
  if (!equalText(ballot.reviewDigest, reviewDigest)) return refuse({ code: 'vote.digest_changed' });
  const at = now.toISOString();
  if (at < review.window.notBefore) return refuse({ code: 'plan.not_started', notBefore: review.window.notBefore });
  if (at >= review.window.notAfter) return refuse({ code: 'plan.expired', notAfter: review.window.notAfter });
  const rule = mayDecide(review, person, ports.policies);
  if (!rule.ok) return rule;
  const denied = evidence.findings.filter((finding) => finding.severity === 'deny');
  if (ballot.decision === 'approve' && denied.length > 0) return refuse({ code: 'policy.denied', findings: denied });
  if (ballot.decision === 'approve' && rule.value.passkey) return refuse({ code: 'vote.passkey_required' });
  if (ballot.comment.length > COMMENT_CHARACTERS_MAX || !ballot.comment.isWellFormed()) {
    return refuse({
      code: 'request.invalid',
      issues: [`comment: at most ${COMMENT_CHARACTERS_MAX} characters of text`],
    });
  }
  const mustComment = ballot.decision === 'deny' || rule.value.commentOnApprove;
  if (mustComment && ballot.comment.trim() === '') return refuse({ code: 'vote.comment_required' });
  return pass({ challenge: challenge.value, rule: rule.value });
}

/** One deny is final; an approving vote only asks the granter to count. */
function transitionOf(statement: VoteStatement, record: VoteRecord, now: Date): Advance {
  const { decision, person, reviewDigest } = statement;
  const data = { decision, person, reviewDigest, vote: sealHash(record.seal) };
  return statement.decision === 'deny'
    ? { type: 'plan.denied', actor: statement.person, now, data, outbox: [{ kind: 'notify', notice: 'decided' }] }
    : { type: 'vote.recorded', actor: statement.person, now, data, outbox: [{ kind: 'grant' }] };
}

const requestHash = (ballot: Ballot): string =>
  digestOf('countersign.dev/request/v1', {
    planId: ballot.planId,
    reviewDigest: ballot.reviewDigest,
    decision: ballot.decision,
    comment: ballot.comment,
  });

/** A double click, the back button and a retry make one vote and get one answer. */
function answerRepeat(
  earlier: VoteRecord,
  ballot: Ballot,
  plan: Plan,
): Result<{ readonly plan: Plan; readonly repeated: boolean }, Refusal> {
  if (earlier.idempotencyKey !== ballot.idempotencyKey) return refuse({ code: 'vote.already_voted' });
  if (earlier.requestHash !== requestHash(ballot)) return refuse({ code: 'vote.idempotency_conflict' });
  return pass({ plan, repeated: true });
}

/** Lost a race: against the same form sent twice, another person's vote, or an exit. Say which, from what is stored now. */
async function answerConflict(
  committed: Extract<CommitResult, { ok: false }>,
  ballot: Ballot,
  person: Person,
  ports: ApprovePorts,
): Promise<Result<{ readonly plan: Plan; readonly repeated: boolean }, Refusal>> {
  const read = await readRecords(ports.plans, ballot.planId);
  if (!read.ok) return read;
  const stored = read.value;
  const own = stored.votes.find((vote) => vote.personId === person.id);
  if (own !== undefined) return answerRepeat(own, ballot, stored.plan);
  if (committed.conflict === 'nonce') return refuse({ code: 'vote.challenge_used' });
  if (committed.conflict === 'window') return refuse({ code: 'plan.expired', notAfter: stored.plan.notAfter });
  if (stored.plan.status !== 'pending') return refuse({ code: 'plan.not_pending', status: stored.plan.status });
  return refuse({ code: 'request.conflict' });
}
