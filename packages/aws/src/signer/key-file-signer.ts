/** A signing key in a file, for one machine. In AWS the same port is KMS, where no function ever holds the key. */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { promisify } from 'node:util';
import type { Signer } from '@countersign/approvals';

export interface PrivateJwk {
  readonly kty: string;
  readonly crv?: string;
  readonly kid?: string;
  readonly x?: string;
  readonly y?: string;
  readonly d?: string;
}

const signAsync = promisify<string, Uint8Array, { key: KeyObject; dsaEncoding: 'ieee-p1363' }, Buffer>(sign);

/** ES256 with the JWK's own kid. Throws TypeError for anything but a private P-256 key with a kid; the message holds nothing of it. */
export function keyFileSigner(jwk: PrivateJwk): Signer {
  const { kty, crv, kid, x, y, d } = jwk;
  if (
    kty !== 'EC' ||
    crv !== 'P-256' ||
    x === undefined ||
    y === undefined ||
    d === undefined ||
    kid === undefined ||
    kid === ''
  ) {
    throw new TypeError('a signing key is a private P-256 JWK with a kid');
  }
  const key = privateKey({ kty, crv, x, y, d });
  return {
    kid,
    // JOSE wants r and s side by side, not DER (RFC 7518 section 3.4).
    sign: async (bytes) => new Uint8Array(await signAsync('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })),
  };
}

function privateKey(jwk: Record<string, string>): KeyObject {
  try {
    return createPrivateKey({ key: jwk, format: 'jwk' });
  } catch {
    throw new TypeError('a signing key is a private P-256 JWK with a kid');
  }
}
