/** The votes on a plan, as their seals say; what a record says beside its seal counts for nothing. */
import { openVote, type PinnedKeys, type VoteRecord, type VoteStatement } from '@countersign/approvals';

export interface VoteTally {
  /** Validly sealed for this plan, digest and deployment; oldest first. */
  readonly votes: readonly VoteStatement[];
  /** Records without such a seal: evidence of tampering, which also stops the grant. */
  readonly spoiled: number;
}

export async function tallyVotes(
  records: readonly VoteRecord[],
  of: {
    readonly planId: string;
    readonly reviewDigest: string;
    readonly deployment: string;
    readonly keys: PinnedKeys;
  },
): Promise<VoteTally> {
  const opened = await Promise.all(records.map((record) => openVote(record, of.keys)));
  const votes = opened.filter(
    (vote, at): vote is VoteStatement =>
      vote !== undefined &&
      vote.iss === of.deployment &&
      vote.planId === of.planId &&
      vote.reviewDigest === of.reviewDigest &&
      vote.person === records[at]?.personId,
  );
  return {
    votes: votes.toSorted((a, b) => a.decidedAt.localeCompare(b.decidedAt)),
    spoiled: records.length - votes.length,
  };
}
