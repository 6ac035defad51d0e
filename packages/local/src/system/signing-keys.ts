/** The three signing keys of one machine, each in a file of its own (KMS on AWS), and the public halves that every verifier pins. */
import { existsSync, readFileSync } from 'node:fs';
import type { PinnedKeys } from '@countersign/approvals';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { replaceFile } from '../contract/atomic-file.ts';
import type { DataDirectory } from '../contract/data-directory.ts';

export type SigningKeys = {
  readonly files: Readonly<Record<'vote' | 'grant' | 'release', string>>;
  readonly pinned: PinnedKeys;
};

export async function loadSigningKeys(data: DataDirectory): Promise<SigningKeys> {
  const [vote, grant, release] = await Promise.all([keyOf(data, 'vote'), keyOf(data, 'grant'), keyOf(data, 'release')]);
  return {
    files: { vote: vote.file, grant: grant.file, release: release.file },
    pinned: { vote: [vote.pinned], grant: [grant.pinned], release: [release.pinned], checkpoint: [] },
  };
}

async function keyOf(data: DataDirectory, kind: string): Promise<{ file: string; pinned: PinnedKeys['vote'][number] }> {
  const file = data.file(`signing-${kind}.jwk`);
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    replaceFile(file, JSON.stringify({ ...(await exportJWK(privateKey)), kid: `local-${kind}-1` }), true);
  }
  const { kid = '', kty = '', crv = '', x = '', y = '' }: JWK = JSON.parse(readFileSync(file, 'utf8'));
  return { file, pinned: { kid, jwk: { kty, crv, x, y } } };
}
