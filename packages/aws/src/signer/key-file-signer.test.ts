import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { seal, unseal } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { keyFileSigner, type PrivateJwk } from './key-file-signer.ts';

const newKey = (curve = 'P-256'): PrivateJwk => ({
  ...(generateKeyPairSync('ec', { namedCurve: curve }).privateKey.export({ format: 'jwk' }) as PrivateJwk),
  kid: 'key-1',
});

describe('keyFileSigner', () => {
  it('signs r and s side by side, always 64 bytes, verifiable with the public half', async () => {
    const jwk = newKey();
    const { d: _private, ...publicJwk } = jwk;
    const key = createPublicKey({ key: publicJwk as never, format: 'jwk' });
    const signer = keyFileSigner(jwk);
    expect(signer.kid).toBe('key-1');
    for (let n = 0; n < 300; n += 1) {
      const bytes = Buffer.from(`message ${n}`);
      const signature = await signer.sign(bytes);
      expect(signature).toHaveLength(64);
      expect(verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true);
    }
  });

  it('makes seals that the core accepts under the pinned key, and under no other', async () => {
    const [jwk, other] = [newKey(), newKey()];
    const jws = await seal('grant', { statement: 1 }, keyFileSigner(jwk));
    const pinned = (key: PrivateJwk) => {
      const { kty, crv, x, y } = key;
      const keys = [{ kid: 'key-1', jwk: { kty, ...(crv && { crv }), ...(x && { x }), ...(y && { y }) } }];
      return { vote: keys, grant: keys, release: keys, checkpoint: keys };
    };
    expect(await unseal('grant', jws, pinned(jwk))).toEqual({ statement: 1 });
    expect(await unseal('grant', jws, pinned(other))).toBeUndefined();
    expect(await unseal('vote', jws, pinned(jwk))).toBeUndefined();
  });

  it('refuses every other kind of key, and says nothing of it', () => {
    const jwk = newKey();
    const { d: _d, ...publicOnly } = jwk;
    const { kid: _kid, ...nameless } = jwk;
    const bad: readonly PrivateJwk[] = [
      publicOnly,
      nameless,
      { ...jwk, kid: '' },
      newKey('P-384'),
      { kty: 'oct' },
      { ...jwk, d: 'AA' },
    ];
    for (const key of bad) {
      expect(() => keyFileSigner(key)).toThrow('a signing key is a private P-256 JWK with a kid');
    }
  });
});
