import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import * as z from 'zod';
import type { DataDirectory } from '../../contract/data-directory.ts';

const PrivateKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
  kid: z.string(),
  alg: z.literal('ES256'),
  use: z.literal('sig'),
});
export type IssuerKey = z.infer<typeof PrivateKey>;

/** The key that signs every token: made once, or tokens and sessions of before a restart would be worth nothing. */
export async function loadIssuerKey(data: DataDirectory): Promise<IssuerKey> {
  const document = data.document('issuer-key', PrivateKey);
  const stored = document.read();
  if (stored) return stored;
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  const key = PrivateKey.parse({ ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' });
  document.write(key);
  return key;
}

export function publicPart({ d: _secret, ...key }: IssuerKey): JWK {
  return key;
}
