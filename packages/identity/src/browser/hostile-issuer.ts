/** A small OIDC issuer for tests that can lie in every way that a browser's sign-in must notice. Not part of the product. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

export interface HostileIssuer {
  readonly issuer: string;
  /** What the next ID token says beside or instead of the truth; undefined removes a claim. */
  lie(claims: Readonly<Record<string, unknown>>): void;
  /** The next ID token is signed by a key that the issuer does not publish. */
  forgeSignature(): void;
  /** Overrides in the metadata document. */
  metadata(overrides: Readonly<Record<string, unknown>>): void;
  /** Plays the browser at the issuer: answers the callback URL for an authorization URL. */
  authenticate(authorizationUrl: string): string;
  /** Requests that the issuer has seen, as `METHOD path`. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

interface Grant {
  readonly nonce: string;
  readonly challenge: string;
  readonly clientId: string;
}

export async function startHostileIssuer(): Promise<HostileIssuer> {
  const honest = await generateKeyPair('ES256');
  const forger = await generateKeyPair('ES256');
  const grants = new Map<string, Grant>();
  const requests: string[] = [];
  let lies: Readonly<Record<string, unknown>> = {};
  let overrides: Readonly<Record<string, unknown>> = {};
  let forged = false;

  const idToken = (grant: Grant, issuer: string): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const claims: Record<string, unknown> = {
      iss: issuer,
      aud: grant.clientId,
      sub: 'subject-1',
      email: 'operator@example.com',
      groups: ['kubernetes-operators', 'irrelevant'],
      nonce: grant.nonce,
      auth_time: now - 5,
      iat: now,
      exp: now + 300,
      ...lies,
    };
    const said = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined)) as JWTPayload;
    const key = forged ? forger.privateKey : honest.privateKey;
    return new SignJWT(said).setProtectedHeader({ alg: 'ES256', kid: 'key-1' }).sign(key);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push(`${request.method} ${request.url}`);
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.url === '/.well-known/openid-configuration') {
      return send(200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['ES256'],
        ...overrides,
      });
    }
    if (request.url === '/jwks') {
      return send(200, { keys: [{ ...(await exportJWK(honest.publicKey)), kid: 'key-1', alg: 'ES256', use: 'sig' }] });
    }
    const form = new URLSearchParams(Buffer.concat(await request.toArray()).toString('utf8'));
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    if (grant === undefined || (await sha256(form.get('code_verifier') ?? '')) !== grant.challenge) {
      return send(400, { error: 'invalid_grant' });
    }
    send(200, { access_token: 'unused', token_type: 'Bearer', id_token: await idToken(grant, issuer) });
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lie: (claims) => {
      lies = claims;
    },
    forgeSignature: () => {
      forged = true;
    },
    metadata: (values) => {
      overrides = values;
    },
    authenticate: (authorizationUrl) => {
      const asked = new URL(authorizationUrl).searchParams;
      const code = `code-${grants.size + 1}-${asked.get('state')}`;
      grants.set(code, {
        nonce: asked.get('nonce') ?? '',
        challenge: asked.get('code_challenge') ?? '',
        clientId: asked.get('client_id') ?? '',
      });
      const back = new URL(asked.get('redirect_uri') ?? '');
      back.searchParams.set('code', code);
      back.searchParams.set('state', asked.get('state') ?? '');
      return back.href;
    },
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const sha256 = async (text: string): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(text, 'ascii'))).toString('base64url');
