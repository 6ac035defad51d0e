import { createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openGrant } from './grant.ts';
import { openRelease } from './release.ts';
import { type PinnedKey, type PinnedKeys, SEAL_TYPES, sealHash } from './seal.ts';
import { openVote } from './vote.ts';

interface SealVector {
  readonly kind: 'vote' | 'grant' | 'release';
  readonly statement: unknown;
  readonly jws: string;
  readonly hash: string;
}

const file = new URL('../../../docs/vectors/seals.json', import.meta.url);
const { key, seals } = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly key: PinnedKey;
  readonly seals: readonly SealVector[];
};
const pinned: PinnedKeys = { vote: [key], grant: [key], release: [key], checkpoint: [] };

const open = async ({ kind, jws }: SealVector): Promise<unknown> => {
  const record = { planId: 'pln_AAAAAAAAAAAAAAAAAAAAAA', seal: jws } as const;
  switch (kind) {
    case 'vote':
      return openVote(
        { ...record, format: 'countersign.vote-record/v1', personId: '', idempotencyKey: '', requestHash: '' },
        pinned,
      );
    case 'grant':
      return openGrant({ ...record, format: 'countersign.grant-record/v1' }, pinned);
    case 'release':
      return openRelease({ ...record, format: 'countersign.release-record/v1' }, pinned);
  }
};

describe('published seals', () => {
  it.each(seals)('the $kind opens to the published statement and hashes as published', async (vector) => {
    expect(await open(vector)).toEqual(vector.statement);
    expect(sealHash(vector.jws)).toBe(vector.hash);
  });

  it.each(seals)('the $kind verifies with nothing of ours', ({ kind, jws }) => {
    const [header = '', payload = '', signature = ''] = jws.split('.');
    expect(JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))).toEqual({
      alg: 'ES256',
      kid: key.kid,
      typ: SEAL_TYPES[kind],
    });
    const publicKey = createPublicKey({ key: { ...key.jwk }, format: 'jwk' });
    const signed = Buffer.from(`${header}.${payload}`, 'ascii');
    expect(
      verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')),
    ).toBe(true);
  });

  it.each(seals)('the $kind passes for no other kind', async (vector) => {
    for (const kind of ['vote', 'grant', 'release'] as const) {
      if (kind !== vector.kind) expect(await open({ ...vector, kind })).toBeUndefined();
    }
  });
});
