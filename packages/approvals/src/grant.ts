/** The grant: authorises one intent digest, once. Signed by functions/grant alone; checked claim by claim against the plan. */
import * as z from 'zod';
import { clusterIdentity, digest, instant } from './intent.ts';
import { RELEASE_MODES, planId } from './review.ts';
import { type PinnedKeys, type Signer, seal, unseal } from './seal.ts';

export const EXECUTOR_AUDIENCE = 'countersign-executor';

export const grantClaims = z.strictObject({
  format: z.literal('countersign.grant/v1'),
  iss: z.string(),
  aud: z.literal(EXECUTOR_AUDIENCE),
  /** The plan id: one grant a plan. */
  jti: planId,
  /** The plan's version counter when the grant was made. */
  planVersion: z.number().int().min(1),
  intentDigest: digest,
  reviewDigest: digest,
  policyHash: digest,
  cluster: clusterIdentity,
  /** targetKey of every step, in order. */
  targets: z.array(z.string()).min(1),
  /** sealHash of every vote that the approval was derived from, sorted. */
  votes: z.array(digest).min(1),
  /** Head hash of the passkey registry when the assertions were verified; null where the policy asks for none. */
  passkeyRegistryHead: digest.nullable(),
  release: z.enum(RELEASE_MODES),
  issuedAt: instant,
  nbf: instant,
  exp: instant,
});
export type GrantClaims = z.infer<typeof grantClaims>;

export interface GrantRecord {
  readonly format: 'countersign.grant-record/v1';
  readonly planId: string;
  readonly seal: string;
}

export const sealGrant = (claims: GrantClaims, signer: Signer): Promise<string> => seal('grant', claims, signer);

export async function openGrant(record: GrantRecord, keys: PinnedKeys): Promise<GrantClaims | undefined> {
  const parsed = grantClaims.safeParse(await unseal('grant', record.seal, keys));
  return parsed.success ? parsed.data : undefined;
}
