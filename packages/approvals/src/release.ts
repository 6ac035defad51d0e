/** The release of a client's plan: that the approved plan may run now. Sealed by functions/mcp alone. */
import * as z from 'zod';
import { digest, instant } from './intent.ts';
import { requester } from './principal.ts';
import { planId } from './review.ts';
import { type PinnedKeys, type Signer, seal, unseal } from './seal.ts';

export const releaseStatement = z.strictObject({
  format: z.literal('countersign.release/v1'),
  iss: z.string(),
  planId,
  intentDigest: digest,
  reviewDigest: digest,
  /** sealHash of the grant that is released: a release cannot be carried over to another. */
  grantHash: digest,
  principal: requester,
  releasedAt: instant,
});
export type ReleaseStatement = z.infer<typeof releaseStatement>;

export interface ReleaseRecord {
  readonly format: 'countersign.release-record/v1';
  readonly planId: string;
  readonly seal: string;
}

export const sealRelease = (statement: ReleaseStatement, signer: Signer): Promise<string> =>
  seal('release', statement, signer);

export async function openRelease(record: ReleaseRecord, keys: PinnedKeys): Promise<ReleaseStatement | undefined> {
  const parsed = releaseStatement.safeParse(await unseal('release', record.seal, keys));
  return parsed.success ? parsed.data : undefined;
}
