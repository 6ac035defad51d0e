/** The review document: what a person decides on, whole. The page renders it; the review digest is over it. */
import * as z from 'zod';
import { canonicalize, NotCanonicalizable, parseCanonical } from './canonical.ts';
import { type Digest, digestOf, digestOfText } from './digest.ts';
import { evidenceDigests, redaction } from './evidence.ts';
import { digest, instant } from './intent.ts';
import { WORDS_REASON_CHARACTERS_MAX, WORDS_TITLE_CHARACTERS_MAX } from './limits.ts';
import { RISK_TIERS } from './policy.ts';
import { requester } from './principal.ts';

/** `pln_` and 22 base64url characters: 128 random bits. An opaque handle, never an integrity mechanism. */
export const PLAN_ID_PATTERN = /^pln_[A-Za-z0-9_-]{22}$/;
export const planId = z.string().regex(PLAN_ID_PATTERN);

/** How the object looked: execution refuses whatever has moved on. */
export const freshness = z.strictObject({
  step: z.number().int().min(1),
  /** Null for an object that must be absent. */
  uid: z.string().nullable(),
  generation: z.number().int().nullable(),
  /** Pinned only for kinds with neither generation nor status. */
  resourceVersion: z.string().nullable(),
  /** HMAC over the whole raw object minus the ignored paths; the salt lies in the raw evidence, so the value says nothing of hidden leaves. */
  commitment: digest,
});
export type Freshness = z.infer<typeof freshness>;

export const RELEASE_MODES = ['immediate', 'on-request'] as const;

/** Which page code rendered the document: part of what was seen. */
export const RENDERER_VERSION = 'countersign.web/1';

export const reviewSchema = z.strictObject({
  format: z.literal('countersign.review/v1'),
  planId,
  intentDigest: digest,
  evidence: evidenceDigests,
  freshness: z.array(freshness),
  policyHash: digest,
  /** Hash over the guard policies as the proposer found them in the cluster. */
  guardHash: digest,
  riskTier: z.enum(RISK_TIERS),
  riskReasons: z.array(z.string().max(300)),
  requester,
  /** The agent's words: untrusted, shown fenced and last. */
  words: z.strictObject({
    title: z.string().max(WORDS_TITLE_CHARACTERS_MAX),
    reason: z.string().max(WORDS_REASON_CHARACTERS_MAX),
    /** Who chose: rules, a model, or a client whose insides we do not know. */
    decidedBy: z.enum(['rules', 'model', 'client']),
  }),
  anomaly: z.string().max(100).nullable(),
  releaseMode: z.enum(RELEASE_MODES),
  window: z.strictObject({ notBefore: instant, notAfter: instant }),
  redactions: z.array(redaction),
  /** The closed, versioned list of paths that dry-run equality and freshness leave out. */
  ignoredPaths: z.strictObject({ version: z.number().int().min(1), paths: z.array(z.string()) }),
  renderer: z.string(),
});
export type Review = z.infer<typeof reviewSchema>;

export const reviewDigest = (review: Review): Digest => digestOf('countersign.dev/review/v1', review);
export const reviewBytes = (review: Review): string => canonicalize(review);

export function readReview(bytes: string): { readonly review: Review; readonly digest: Digest } | undefined {
  try {
    const parsed = reviewSchema.safeParse(parseCanonical(bytes));
    return parsed.success && canonicalize(parsed.data) === bytes
      ? { review: parsed.data, digest: digestOfText('countersign.dev/review/v1', bytes) }
      : undefined;
  } catch (error) {
    if (error instanceof NotCanonicalizable) return undefined;
    throw error;
  }
}
