/**
 * Values that a browser carries for us and can neither read nor change: compact JWE (RFC 7516), direct encryption with AES-256-GCM.
 * Each purpose has a key of its own, derived by HKDF (RFC 5869), and a `typ` of its own: a sign-in's state can never pass for a session
 * (RFC 8725 sections 3.11 and 3.12).
 */
import { hkdfSync } from 'node:crypto';
import type { Clock } from '@countersign/approvals';
import { EncryptJWT, errors, type JWTPayload, jwtDecrypt } from 'jose';
import { KEY_BYTES } from './limits.ts';

export type SealedPurpose = 'session' | 'sign-in';

export interface SealedValues {
  seal(claims: Readonly<Record<string, unknown>>, lifetimeSeconds: number): Promise<string>;
  /** The claims while they live, or undefined for everything else: expired, changed, of another key or purpose, no JWE at all. */
  open(text: string): Promise<JWTPayload | undefined>;
}

/** Throws on keys that are no 32-byte keys: a function with a weak key must not start. */
export function sealedValues(keys: readonly Uint8Array[], purpose: SealedPurpose, clock: Clock): SealedValues {
  const derived = keys.map((key) => deriveKey(key, purpose));
  const [first] = derived;
  if (first === undefined) throw new RangeError('at least one session key is needed');
  const typ = `countersign-${purpose}+jwe`;
  return {
    seal: (claims, lifetimeSeconds) => {
      const now = Math.floor(clock().getTime() / 1000);
      return new EncryptJWT({ ...claims })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', typ })
        .setIssuedAt(now)
        .setExpirationTime(now + lifetimeSeconds)
        .encrypt(first);
    },
    open: async (text) => {
      for (const key of derived) {
        const claims = await openWith(key, text, typ, clock);
        if (claims !== undefined) return claims;
      }
      return undefined;
    },
  };
}

function deriveKey(key: Uint8Array, purpose: SealedPurpose): Uint8Array {
  if (key.byteLength !== KEY_BYTES) throw new RangeError(`a session key has ${KEY_BYTES} bytes`);
  return new Uint8Array(hkdfSync('sha256', key, '', `countersign.dev/browser/${purpose}/v1`, KEY_BYTES));
}

async function openWith(key: Uint8Array, text: string, typ: string, clock: Clock): Promise<JWTPayload | undefined> {
  try {
    const { payload } = await jwtDecrypt(text, key, {
      // Pinned algorithms: the value's own header chooses nothing (RFC 8725 section 3.1).
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
      requiredClaims: ['iat', 'exp'],
      typ,
      currentDate: clock(),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
