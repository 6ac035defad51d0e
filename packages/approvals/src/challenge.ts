/**
 * The challenge: a short-lived invitation to one person to decide on one review digest. Stateless: a MAC over plan, review digest,
 * person, session, expiry and nonce. Its nonce is spent by put-if-absent in the vote's own transaction, after everything else was
 * verified, so that showing the page changes no record and a bad attempt burns nothing.
 */
import { createHmac } from 'node:crypto';
import * as z from 'zod';
import { canonicalize } from './canonical.ts';
import { equalText } from './digest.ts';
import { CHALLENGE_LIFETIME_SECONDS } from './limits.ts';
import type { Person } from './principal.ts';
import { pass, type Result, refuse } from './result.ts';
import type { Review } from './review.ts';

const challengeBody = z.strictObject({
  v: z.literal(1),
  planId: z.string(),
  reviewDigest: z.string(),
  person: z.string(),
  session: z.string(),
  /** Epoch seconds. */
  exp: z.number().int(),
  nonce: z.string(),
});
export type ChallengeBody = z.infer<typeof challengeBody>;
export type ChallengeRefusal = 'invalid' | 'expired' | 'other-person' | 'other-plan';

export interface ChallengeSubject {
  readonly planId: string;
  readonly reviewDigest: string;
  readonly person: Pick<Person, 'id' | 'sessionId'>;
}

/** `nonce`: at least 128 random bits, base64url. Never outlives the plan's window. */
export function makeChallenge(
  subject: ChallengeSubject,
  window: Review['window'],
  now: Date,
  nonce: string,
  key: Uint8Array,
): string {
  const exp = Math.min(
    Math.floor(now.getTime() / 1000) + CHALLENGE_LIFETIME_SECONDS,
    Math.floor(Date.parse(window.notAfter) / 1000),
  );
  const body: ChallengeBody = {
    v: 1,
    planId: subject.planId,
    reviewDigest: subject.reviewDigest,
    person: subject.person.id,
    session: subject.person.sessionId,
    exp,
    nonce,
  };
  const text = Buffer.from(canonicalize(body), 'utf8').toString('base64url');
  return `${text}.${mac(text, key)}`;
}

/** Checks the MAC before it reads a byte of the body; then person, session, plan, digest, and time last. */
export function checkChallenge(
  challenge: string,
  subject: ChallengeSubject,
  now: Date,
  key: Uint8Array,
): Result<ChallengeBody, ChallengeRefusal> {
  const [text, tag, ...rest] = challenge.split('.');
  if (text === undefined || tag === undefined || rest.length > 0) return refuse('invalid');
  if (!equalText(tag, mac(text, key))) return refuse('invalid');
  const parsed = challengeBody.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  if (!parsed.success) return refuse('invalid');
  const body = parsed.data;
  if (body.person !== subject.person.id || body.session !== subject.person.sessionId) return refuse('other-person');
  if (body.planId !== subject.planId || body.reviewDigest !== subject.reviewDigest) return refuse('other-plan');
  if (now.getTime() >= body.exp * 1000) return refuse('expired');
  return pass(body);
}

const mac = (text: string, key: Uint8Array): string =>
  createHmac('sha256', key).update('countersign.dev/challenge/v1\n').update(text).digest('base64url');
