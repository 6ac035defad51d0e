/** A vote: one person's decision on one review digest, sealed by functions/web alone. */
import * as z from 'zod';
import { digest, instant } from './intent.ts';
import { COMMENT_CHARACTERS_MAX } from './limits.ts';
import { personId } from './principal.ts';
import { planId } from './review.ts';
import { type PinnedKeys, type Signer, seal, unseal } from './seal.ts';

export const voteStatement = z.strictObject({
  format: z.literal('countersign.vote/v1'),
  /** The deployment: a vote of a staging system is worth nothing in production. */
  iss: z.string(),
  planId,
  reviewDigest: digest,
  decision: z.enum(['approve', 'deny']),
  person: personId,
  /** For people's eyes. */
  display: z.string().max(200),
  /** Exact memberships at the time of the vote, as the issuer stated them; quorum is recomputed from these. */
  groups: z.array(z.string().max(256)).max(200),
  signedInAt: instant,
  comment: z.string().max(COMMENT_CHARACTERS_MAX),
  /** The challenge's nonce; spent in the vote's own transaction. */
  nonce: z.string().min(22).max(64),
  decidedAt: instant,
  /** Raw WebAuthn assertion where the tier asks for one. */
  passkey: z
    .strictObject({
      credentialId: z.string(),
      authenticatorData: z.string(),
      clientDataJson: z.string(),
      signature: z.string(),
    })
    .nullable(),
});
export type VoteStatement = z.infer<typeof voteStatement>;
export type Decision = VoteStatement['decision'];

/** The stored record. Only `seal` has authority; the rest finds and answers repeats. */
export interface VoteRecord {
  readonly format: 'countersign.vote-record/v1';
  readonly planId: string;
  readonly personId: string;
  readonly seal: string;
  /** An equal POST with the same key is answered from this record. */
  readonly idempotencyKey: string;
  readonly requestHash: string;
}

export const sealVote = (statement: VoteStatement, signer: Signer): Promise<string> =>
  seal('vote', voteStatement.parse(statement), signer);

/** The statement of a validly sealed vote, or undefined. */
export async function openVote(record: VoteRecord, keys: PinnedKeys): Promise<VoteStatement | undefined> {
  const parsed = voteStatement.safeParse(await unseal('vote', record.seal, keys));
  return parsed.success ? parsed.data : undefined;
}
