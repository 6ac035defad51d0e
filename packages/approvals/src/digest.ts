/**
 * Digests: SHA-256 over a domain separator and the canonical JSON (RFC 8785). The separator keeps a digest of one kind of document
 * from being taken for another's. Pure: hashing reads nothing but its arguments. Test vectors: docs/vectors.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalize } from './canonical.ts';

/** `sha256:` and 64 lower-case hex digits. */
export type Digest = `sha256:${string}`;
export const DIGEST_PATTERN = /^sha256:[0-9a-f]{64}$/;

/** What a digest is over. Stored and signed forms name these; a new form gets a new version, never a new meaning. */
export type DigestDomain =
  | 'countersign.dev/intent/v1'
  | 'countersign.dev/review/v1'
  | 'countersign.dev/evidence/v1'
  | 'countersign.dev/policy/v1'
  | 'countersign.dev/chain/v1'
  | 'countersign.dev/access/v1'
  | 'countersign.dev/guard/v1'
  | 'countersign.dev/seal/v1'
  | 'countersign.dev/request/v1'
  | 'countersign.dev/anomaly/v1';

/** SHA-256(domain, 0x0A, canonical JSON of the value). */
export function digestOf(domain: DigestDomain, value: unknown): Digest {
  return digestOfText(domain, canonicalize(value));
}

/** The same over text that is canonical already (stored bytes) or is no JSON (a compact JWS). */
export function digestOfText(domain: DigestDomain, text: string): Digest {
  return `sha256:${createHash('sha256').update(domain).update('\n').update(text, 'utf8').digest('hex')}`;
}

/** HMAC-SHA-256, keyed with the salt's text, 128 random bits of the plan's own: commits to a value that must not be shown (section 4 of the design). */
export function commit(salt: string, value: unknown): Digest {
  return `sha256:${createHmac('sha256', salt).update(canonicalize(value), 'utf8').digest('hex')}`;
}

/** Constant-time text comparison: the time of an answer must not tell how much of a guess was right. */
export function equalText(a: string, b: string): boolean {
  const left = Buffer.from(a, 'utf8');
  const right = Buffer.from(b, 'utf8');
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Four words for a digest, the same in mail and page, for a person to compare. A reading aid: 32 bits, never an authority. */
export function digestWords(digest: Digest, words: readonly string[]): string {
  const bytes = Buffer.from(digest.slice('sha256:'.length), 'hex');
  return [0, 1, 2, 3].map((at) => words[(bytes[at] ?? 0) % words.length]).join(' · ');
}
