/** For tests: an issuer with real keys and a real key set endpoint on loopback. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose';

export interface TestKey {
  readonly kid: string;
  readonly privateKey: Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];
  readonly jwk: Awaited<ReturnType<typeof exportJWK>>;
}

export async function testKey(kid: string, alg: 'ES256' | 'RS256' = 'ES256'): Promise<TestKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export interface TestIssuer {
  readonly jwksUri: string;
  /** What the endpoint answers now. */
  readonly keys: TestKey[];
  /** Overrides the answer while set. */
  answer: { status: number; headers: Record<string, string>; body: string } | undefined;
  readonly requests: () => number;
  stop(): Promise<void>;
}

export async function startTestIssuer(keys: readonly TestKey[]): Promise<TestIssuer> {
  let requests = 0;
  const server = createServer((_request, response) => {
    requests += 1;
    const { status, headers, body } = issuer.answer ?? {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ keys: issuer.keys.map((key) => key.jwk) }),
    };
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: TestIssuer = {
    jwksUri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    keys: [...keys],
    answer: undefined,
    requests: () => requests,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}

export function signToken(
  key: Pick<TestKey, 'kid' | 'privateKey'>,
  claims: Record<string, unknown>,
  header: Partial<JWTHeaderParameters> = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid, ...header })
    .sign(key.privateKey);
}
