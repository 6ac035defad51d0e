/** The approval: derived from sealed votes by policy, never set. Used by the granter, and recomputed from the same bytes by the executor. */

import type { Digest } from './digest.ts';
import type { PolicySet } from './policy.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import type { Review } from './review.ts';
import { type PinnedKeys, sealHash } from './seal.ts';
import { mayDecide } from './visibility.ts';
import { openVote, type VoteRecord, type VoteStatement } from './vote.ts';

export interface Approval {
  readonly approvers: readonly VoteStatement[];
  /** sealHash of each vote that counted, sorted. */
  readonly votes: readonly Digest[];
}

export interface VotesUnder {
  readonly review: Review;
  readonly reviewDigest: Digest;
  readonly deployment: string;
  readonly policies: PolicySet;
  readonly keys: PinnedKeys;
}

/**
 * Opens every vote, then counts. A record that is not validly sealed for this very plan, digest and deployment spoils the whole: it is
 * evidence of tampering, not an absent vote. One deny is final; one vote a person.
 */
export async function deriveApproval(
  records: readonly VoteRecord[],
  under: VotesUnder,
): Promise<Result<Approval, Refusal>> {
  const approvers = new Map<string, VoteStatement>();
  const hashes: Digest[] = [];
  let need = 1;
  for (const record of records) {
    const vote = await openVote(record, under.keys);
    if (vote === undefined || !belongs(vote, record, under)) return refuse({ code: 'votes.invalid' });
    if (vote.decision === 'deny') return refuse({ code: 'plan.finished', status: 'denied' });
    const allowed = mayDecide(under.review, { id: vote.person, groups: vote.groups }, under.policies);
    if (!allowed.ok)
      return refuse(allowed.refusal.code === 'policy.unknown' ? allowed.refusal : { code: 'votes.invalid' });
    // Passkeys arrive with functions/enrol; until then a tier that asks for one cannot be approved.
    if (allowed.value.passkey) return refuse({ code: 'vote.passkey_required' });
    if (approvers.has(vote.person)) return refuse({ code: 'votes.invalid' });
    need = Math.max(need, allowed.value.quorum);
    approvers.set(vote.person, vote);
    hashes.push(sealHash(record.seal));
  }
  if (approvers.size < need) return refuse({ code: 'votes.quorum_missing', have: approvers.size, need });
  return pass({ approvers: [...approvers.values()], votes: hashes.sort() });
}

/** Stops a vote of another plan, digest, deployment, person, or one from outside the window from being counted here. */
function belongs(vote: VoteStatement, record: VoteRecord, under: VotesUnder): boolean {
  const { window } = under.review;
  return (
    vote.iss === under.deployment &&
    vote.planId === under.review.planId &&
    vote.reviewDigest === under.reviewDigest &&
    vote.person === record.personId &&
    vote.decidedAt >= window.notBefore &&
    vote.decidedAt < window.notAfter
  );
}
