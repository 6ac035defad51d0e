/**
 * Seals: compact JWS (RFC 7515), ES256, canonical JSON payload, `typ` per kind so that a vote can never pass for a grant
 * (RFC 8725 section 3.11). The private halves stay behind the Signer port (KMS, or a key file on one machine); verification needs
 * only the pinned public keys, so anybody can do it offline.
 */
import { compactVerify, importJWK, type JWK } from 'jose';
import { canonicalize, NotCanonicalizable, parseCanonical } from './canonical.ts';
import { type Digest, digestOfText } from './digest.ts';

export const SEAL_TYPES = {
  vote: 'countersign-vote+jws',
  grant: 'countersign-grant+jws',
  release: 'countersign-release+jws',
  checkpoint: 'countersign-checkpoint+jws',
} as const;
export type SealKind = keyof typeof SEAL_TYPES;

/** Signs the SHA-256 of the bytes with ECDSA P-256; answers r||s, 64 bytes (RFC 7518 section 3.4). */
export interface Signer {
  readonly kid: string;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Public keys by kind, pinned at deploy. A kid that is not among them is refused: no key is ever fetched because a token names it (RFC 8725 section 3.10). */
export type PinnedKeys = Readonly<Record<SealKind, readonly PinnedKey[]>>;
export interface PinnedKey {
  readonly kid: string;
  readonly jwk: Pick<JWK, 'kty' | 'crv' | 'x' | 'y'>;
}

export async function seal(kind: SealKind, statement: unknown, signer: Signer): Promise<string> {
  const header = { alg: 'ES256', kid: signer.kid, typ: SEAL_TYPES[kind] };
  const input = `${base64url(canonicalize(header))}.${base64url(canonicalize(statement))}`;
  const signature = await signer.sign(Buffer.from(input, 'ascii'));
  return `${input}.${Buffer.from(signature).toString('base64url')}`;
}

/** The statement under a valid seal of that kind by a pinned key, or undefined: whoever asks refuses with its own code. */
export async function unseal(kind: SealKind, jws: string, keys: PinnedKeys): Promise<unknown> {
  try {
    const { payload, protectedHeader } = await compactVerify(
      jws,
      async (header) => {
        const pinned = keys[kind].find((key) => key.kid === header.kid);
        if (pinned === undefined) throw new UnknownKey();
        return importJWK({ ...pinned.jwk, alg: 'ES256' }, 'ES256');
      },
      // Pinned algorithm: stops `none`, HS256-with-a-public-key and friends (RFC 8725 section 3.1).
      { algorithms: ['ES256'] },
    );
    if (protectedHeader.typ !== SEAL_TYPES[kind]) return undefined;
    return parseCanonical(Buffer.from(payload).toString('utf8'));
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/** Names a sealed record inside others (the grant names its votes, the release its grant). */
export const sealHash = (jws: string): Digest => digestOfText('countersign.dev/seal/v1', jws);

class UnknownKey extends Error {}

/** jose's own errors carry a stable `code`; SyntaxError and TypeError come from bytes that are no JWS. */
function isRefusal(error: unknown): boolean {
  if (error instanceof UnknownKey || error instanceof NotCanonicalizable) return true;
  if (error instanceof SyntaxError || error instanceof TypeError) return true;
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_J');
}

const base64url = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');
