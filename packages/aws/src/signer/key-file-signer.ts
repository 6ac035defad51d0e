/** A signing key in a file, for one machine. In AWS the same port is KMS, where no function ever holds the key. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
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

/** ES256 with the JWK's own kid. Throws TypeError for anything but a whole private P-256 key with a kid; the message holds nothing of it. */
export function keyFileSigner(jwk: PrivateJwk): Signer {
  const key = privateKeyOf(jwk);
  const { kid } = jwk;
  if (key === undefined || kid === undefined || kid === '')
    throw new TypeError('a signing key is a private P-256 JWK with a kid');
  return {
    kid,
    // JOSE wants r and s side by side, not DER (RFC 7518 section 3.4).
    sign: async (bytes) => new Uint8Array(await signAsync('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' })),
  };
}

function privateKeyOf({ kty, crv, x, y, d }: PrivateJwk): KeyObject | undefined {
  if (kty !== 'EC' || crv !== 'P-256' || x === undefined || y === undefined || d === undefined) return undefined;
  try {
    const key = createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' });
    // Node does not ask whether the halves belong together; a file with mixed ones would sign what nobody can verify.
    const probe = Buffer.from('countersign');
    const whole = verify(
      'sha256',
      probe,
      createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' }),
      sign('sha256', probe, key),
    );
    return whole ? key : undefined;
  } catch {
    return undefined;
  }
}
