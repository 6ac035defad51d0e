import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTemporaryData, type TemporaryData } from '../contract/temporary-data.ts';
import { type Front, startFront } from './front.ts';
import { createTestBrowser, type TestBrowser, type Visit } from './issuer/test-browser.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import { sendRaw } from './raw-request.ts';

const PAGES = 'http://localhost:8787';
const http = { [oauth.allowInsecureRequests]: true } as const;

let temporary: TemporaryData;
let front: Front;
let issuer: Issuer;
let server: oauth.AuthorizationServer;
let resource = '';
let origin = '';
let browser: TestBrowser;
let now: () => Date;
let defects: unknown[] = [];

async function start(port = 0): Promise<void> {
  // The issuer's name holds its port, so the port comes first.
  let current: Issuer | undefined;
  front = await startFront({
    port,
    addresses: ['127.0.0.1'],
    names: ['127.0.0.1'],
    routes: [
      {
        path: '/',
        origins: [`http://127.0.0.1:${port}`],
        listener: (request, response) => current?.handler(request, response),
      },
    ],
    report: (problem) => defects.push(problem),
  });
  if (port === 0) {
    await front.stop();
    return start(front.port);
  }
  origin = `http://127.0.0.1:${port}`;
  resource = `${origin}/mcp`;
  issuer = await createIssuer({
    data: temporary.open(),
    origin,
    resource,
    pagesOrigin: PAGES,
    now: () => now(),
    report: (problem) => defects.push(problem),
  });
  current = issuer;
  // A kept connection to the port of before a restart may fail once.
  server = await vi.waitFor(discover);
}
async function stop(): Promise<void> {
  await front.stop();
  issuer.stop();
}
async function discover(): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer.issuer);
  return oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, { algorithm: 'oidc', ...http }));
}
beforeEach(async () => {
  temporary = createTemporaryData();
  now = () => new Date();
  defects = [];
  await start();
  browser = createTestBrowser(origin);
});
afterEach(async () => {
  await stop();
  temporary.remove();
  expect(defects).toEqual([]);
});

const verify = async (token: string) =>
  (await jwtVerify(token, createLocalJWKSet({ keys: [...issuer.jwks.keys] }), { issuer: issuer.issuer })).payload;

async function machineToken(
  name: 'agent' | 'reader',
  parameters: Record<string, string> = { resource },
): Promise<oauth.TokenEndpointResponse> {
  const { clientId, clientSecret } = issuer.clients[name];
  const client = { client_id: clientId };
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic(clientSecret),
    parameters,
    http,
  );
  return oauth.processClientCredentialsResponse(server, client, response);
}

type Flow = {
  client: oauth.Client;
  authentication: oauth.ClientAuth;
  redirectUri: string;
  parameters: Record<string, string>;
  tokenParameters?: Record<string, string>;
};
const cli = (parameters: Record<string, string> = { resource, scope: 'mcp:read mcp:execute' }): Flow => ({
  client: { client_id: issuer.clients.cli.clientId },
  authentication: oauth.None(),
  redirectUri: 'http://127.0.0.1:49152/callback',
  parameters,
});
const web = (parameters: Record<string, string> = { scope: 'openid email profile', max_age: '28800' }): Flow => ({
  client: { client_id: issuer.clients.web.clientId },
  authentication: oauth.ClientSecretBasic(issuer.clients.web.clientSecret),
  redirectUri: issuer.clients.web.redirectUri,
  parameters,
});

const VERIFIER = oauth.generateRandomCodeVerifier();
async function authorizationUrl(
  { client, redirectUri, parameters }: Flow,
  more: Record<string, string> = {},
): Promise<string> {
  const url = new URL(server.authorization_endpoint ?? '');
  const all = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    state: 'st',
    ...(parameters.scope?.includes('openid') ? { nonce: 'no' } : {}),
    code_challenge: await oauth.calculatePKCECodeChallenge(VERIFIER),
    code_challenge_method: 'S256',
    ...parameters,
    ...more,
  };
  for (const [name, value] of Object.entries(all)) if (value !== '') url.searchParams.set(name, value);
  return url.href;
}

const passwordOf = (email: string) => issuer.users.find((person) => person.email === email)?.password ?? '';
async function signIn(flow: Flow, email = 'operator@example.com'): Promise<Visit> {
  const page = await browser.visit(await authorizationUrl(flow));
  expect(page.text).toContain('Password');
  return browser.submit(page, { email, password: passwordOf(email) });
}
async function redeem(flow: Flow, visit: Visit, verifier = VERIFIER): Promise<oauth.TokenEndpointResponse> {
  const answer = oauth.validateAuthResponse(server, flow.client, visit.left ?? new URL('http://none'), 'st');
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    flow.client,
    flow.authentication,
    answer,
    flow.redirectUri,
    verifier,
    {
      ...http,
      additionalParameters: flow.tokenParameters ?? {},
    },
  );
  return oauth.processAuthorizationCodeResponse(
    server,
    flow.client,
    response,
    flow.parameters.scope?.includes('openid') ? { expectedNonce: 'no' } : {},
  );
}

describe('tokens of clients', () => {
  test('are signed by the published key, for the endpoint, for five minutes, with the scopes asked for', async () => {
    const { access_token: token, expires_in: lifetime } = await machineToken('agent', {
      resource,
      scope: 'mcp:read mcp:propose',
    });
    expect(lifetime).toBe(300);
    const claims = await verify(token);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: issuer.jwks.keys[0]?.kid });
    expect(claims).toEqual({
      iss: issuer.issuer,
      aud: resource,
      sub: 'agent',
      client_id: 'agent',
      scope: 'mcp:read mcp:propose',
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: (claims.iat ?? 0) + 300,
    });
  });

  test("have the client's scopes and the endpoint as audience where nothing is asked for", async () => {
    expect(await verify((await machineToken('agent', {})).access_token)).toMatchObject({
      aud: resource,
      scope: 'mcp:read mcp:propose mcp:execute',
    });
    expect(await verify((await machineToken('reader', {})).access_token)).toMatchObject({
      aud: resource,
      scope: 'mcp:read',
    });
  });

  test('are refused for a scope that the client was not promised', async () => {
    await expect(machineToken('reader', { resource, scope: 'mcp:read mcp:propose' })).rejects.toMatchObject({
      error: 'invalid_scope',
    });
  });

  test.each(['https://other.example/mcp', 'http://127.0.0.1/mcp', 'not an address'])(
    'are refused for the resource %s',
    async (other) => {
      await expect(machineToken('agent', { resource: other })).rejects.toMatchObject({ error: 'invalid_target' });
    },
  );

  test('are refused for a wrong secret, and for clients that are for people', async () => {
    const ask = async (client_id: string, authentication: oauth.ClientAuth) =>
      oauth.processClientCredentialsResponse(
        server,
        { client_id },
        await oauth.clientCredentialsGrantRequest(server, { client_id }, authentication, { resource }, http),
      );
    await expect(ask('agent', oauth.ClientSecretBasic('guessed'))).rejects.toMatchObject({ cause: expect.anything() });
    await expect(ask('cli', oauth.None())).rejects.toMatchObject({
      error_description: expect.stringContaining('not allowed for this client'),
    });
    await expect(ask('web', oauth.ClientSecretBasic(issuer.clients.web.clientSecret))).rejects.toMatchObject({
      error_description: expect.stringContaining('not allowed for this client'),
    });
  });
});

describe("a person's own token", () => {
  test('names the person, their groups and the client, on any port of the redirect, without a consent', async () => {
    const flow = cli();
    const claims = await verify((await redeem(flow, await signIn(flow))).access_token);
    const operator = issuer.users[0];
    expect(claims).toMatchObject({
      aud: resource,
      sub: operator?.sub,
      client_id: 'cli',
      scope: 'mcp:read mcp:execute',
      groups: ['kubernetes-operators'],
      email: 'operator@example.com',
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300);
    expect(claims.sub).not.toContain('@');
  });

  test('has no groups for the outsider', async () => {
    const flow = cli();
    expect(await verify((await redeem(flow, await signIn(flow, 'outsider@example.com'))).access_token)).toMatchObject({
      groups: [],
    });
  });

  test('is for the endpoint where the client leaves resource out, everywhere or at the token endpoint', async () => {
    const nowhere = cli({ scope: 'openid mcp:read' });
    expect(await verify((await redeem(nowhere, await signIn(nowhere))).access_token)).toMatchObject({
      aud: resource,
      scope: 'mcp:read',
    });
    const unscoped = cli({});
    const again = await browser.visit(await authorizationUrl(unscoped));
    expect(await verify((await redeem(unscoped, again)).access_token)).toMatchObject({
      aud: resource,
      scope: 'mcp:read mcp:propose mcp:execute',
    });
  });

  test('is refused for another resource, at either endpoint', async () => {
    const other = cli({ resource: 'https://other.example', scope: 'mcp:read' });
    const refused = await browser.visit(await authorizationUrl(other));
    expect(refused.left?.searchParams.get('error')).toBe('invalid_target');
    const flow = { ...cli(), tokenParameters: { resource: 'https://other.example' } };
    const done = await signIn(flow);
    await expect(redeem(flow, done)).rejects.toMatchObject({ error: 'invalid_target' });
  });

  test('is renewed by a refresh token that works once', async () => {
    const flow = cli();
    const first = await redeem(flow, await signIn(flow));
    const refresh = async (token: string) => {
      const response = await oauth.refreshTokenGrantRequest(server, flow.client, oauth.None(), token, http);
      return oauth.processRefreshTokenResponse(server, flow.client, response);
    };
    const second = await refresh(first.refresh_token ?? '');
    expect(await verify(second.access_token)).toMatchObject({
      aud: resource,
      scope: 'mcp:read mcp:execute',
      groups: ['kubernetes-operators'],
    });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    await expect(refresh(first.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    // A refresh token that comes twice was stolen once: its successor ends with it.
    await expect(refresh(second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe("the pages' sign-in", () => {
  test('gives an ID token with subject, e-mail, groups and sign-in time, and no token for the endpoint', async () => {
    const flow = web();
    const tokens = await redeem(flow, await signIn(flow));
    expect(await verify(tokens.id_token ?? '')).toMatchObject({
      aud: 'web',
      sub: issuer.users[0]?.sub,
      email: 'operator@example.com',
      groups: ['kubernetes-operators'],
      auth_time: expect.any(Number),
      nonce: 'no',
    });
    await expect(verify(tokens.access_token)).rejects.toThrow(); // Opaque: good for userinfo here and nothing else.
  });

  test('is refused for the endpoint as resource and for its scopes', async () => {
    const asResource = await browser.visit(await authorizationUrl(web({ scope: 'openid', resource })));
    expect(asResource.left?.searchParams.get('error')).toBe('invalid_target');
    const forScope = await browser.visit(await authorizationUrl(web({ scope: 'openid mcp:execute' })));
    expect(forScope.left?.searchParams.get('error')).toBe('invalid_scope');
  });

  test('stays for who is signed in, and asks again where the client says so', async () => {
    const flow = web();
    await signIn(flow);
    expect((await browser.visit(await authorizationUrl(flow))).left?.searchParams.has('code')).toBe(true);
    const again = await browser.visit(await authorizationUrl(flow, { prompt: 'login' }));
    expect(again.text).toContain('Password');
  });

  test('ends with a sign-out that goes back to the pages', async () => {
    const flow = web();
    const tokens = await redeem(flow, await signIn(flow));
    const url = new URL(issuer.endSessionEndpoint);
    url.search = new URLSearchParams({
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: `${PAGES}/`,
    }).toString();
    const asked = await browser.visit(url.href);
    expect(asked.text).toContain('Sign out on this machine?');
    expect((await browser.submit(asked, { logout: 'yes' })).left?.href).toBe(`${PAGES}/`);
    expect((await browser.visit(await authorizationUrl(flow))).text).toContain('Password');
  });
});

describe('PKCE', () => {
  test.each([
    ['no challenge', { code_challenge: '', code_challenge_method: '' }],
    ['the plain method', { code_challenge_method: 'plain' }],
    ['a challenge without a method', { code_challenge_method: '' }],
  ])('is required of every client: refuses %s', async (_what, change) => {
    for (const flow of [cli(), web()]) {
      const refused = await browser.visit(await authorizationUrl(flow, change));
      expect(refused.left?.searchParams.get('error')).toBe('invalid_request');
    }
  });

  test('refuses a stolen code without its verifier', async () => {
    const flow = cli();
    const done = await signIn(flow);
    await expect(redeem(flow, done, oauth.generateRandomCodeVerifier())).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});

describe('the authorization request', () => {
  test.each([
    ['another host', 'http://evil.example/callback'],
    ['localhost in the place of the address', 'http://localhost:49152/callback'],
    ['another path', 'http://127.0.0.1:49152/other'],
    ['the address in the user part', 'http://127.0.0.1@evil.example/callback'],
  ])('refuses a redirect to %s with a page of its own and sends nobody there', async (_what, redirectUri) => {
    const refused = await browser.visit(await authorizationUrl({ ...cli(), redirectUri }));
    expect(refused).toMatchObject({ status: 400, text: expect.stringContaining('This sign-in cannot go on') });
    expect(refused.left).toBeUndefined();
  });

  test('answers with the issuer in it, against mix-up (RFC 9207)', async () => {
    expect((await signIn(cli())).left?.searchParams.get('iss')).toBe(issuer.issuer);
  });
});

describe('the sign-in page', () => {
  test('has fields Email and Password and a button, in a policy without inline code that lets its form go only home and back', async () => {
    const page = await browser.visit(await authorizationUrl(web()));
    expect(page.text).toMatch(/<label>Email<input type="email" name="email"/);
    expect(page.text).toMatch(/<label>Password<input type="password" name="password"/);
    expect(page.text).toContain('<button class="main" type="submit">Sign in</button>');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`form-action 'self' ${PAGES};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.text).not.toMatch(/<style|style="|<script/);
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    const [, stylesheet = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(page.text) ?? [];
    expect(await sendRaw(front.port, { path: stylesheet })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/css; charset=utf-8' },
    });
  });

  test('says that address and password do not belong together, whichever is wrong, and keeps the address as text', async () => {
    const page = await browser.visit(await authorizationUrl(web()));
    const wrong = await browser.submit(page, { email: 'operator@example.com', password: 'guessed' });
    const unknown = await browser.submit(page, { email: '"><b>nobody@example.com', password: 'guessed' });
    for (const answer of [wrong, unknown])
      expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('role="alert"') });
    expect(unknown.text).toContain('&quot;&gt;&lt;b&gt;nobody@example.com');
    expect(wrong.text.replace(/value="[^"]*"/, '')).toBe(unknown.text.replace(/value="[^"]*"/, ''));
  });

  test('looks at no password for a minute after five wrong ones in a row, the right one included', async () => {
    const page = await browser.visit(await authorizationUrl(web()));
    const attempt = (password: string, email = 'operator@example.com') => browser.submit(page, { email, password });
    for (let wrong = 0; wrong < 5; wrong += 1) expect((await attempt('guessed')).status).toBe(400);
    const paused = await attempt(passwordOf('operator@example.com'));
    expect(paused).toMatchObject({ status: 429, text: expect.stringContaining('try again in 60 seconds') });
    expect(paused.headers.get('retry-after')).toBe('60');
    expect((await attempt('guessed', 'OPERATOR@example.com ')).status).toBe(429);
    expect((await attempt('guessed', 'second@example.com')).status).toBe(400);
    now = () => new Date(Date.now() + 61_000);
    expect((await attempt(passwordOf('operator@example.com'))).left?.searchParams.has('code')).toBe(true);
  });

  test('is nothing to another browser, to another request, or to a form of another origin', async () => {
    const page = await browser.visit(await authorizationUrl(web()));
    const good = { email: 'operator@example.com', password: passwordOf('operator@example.com') };
    expect(await browser.submit(page, good, 'https://page.example')).toMatchObject({ status: 403 });
    expect(await browser.submit(page, good, 'null')).toMatchObject({ status: 403 });
    const stranger = createTestBrowser(origin);
    expect(await stranger.submit(page, good)).toMatchObject({
      status: 400,
      text: expect.stringContaining('begun in another browser'),
    });
    expect((await browser.submit(page, good)).left?.searchParams.has('code')).toBe(true);
  });

  test('lets another person sign in over a session', async () => {
    await signIn(web());
    const page = await browser.visit(await authorizationUrl(web(), { prompt: 'login' }));
    const changing = await browser.submit(page, {
      email: 'second@example.com',
      password: passwordOf('second@example.com'),
    });
    // The old session is ended by a form that posts itself.
    const done = await browser.submit(changing, {});
    const tokens = await redeem(web(), done);
    expect(await verify(tokens.id_token ?? '')).toMatchObject({ email: 'second@example.com' });
  });
});

describe('a client that registers itself', () => {
  const register = async (metadata: object) => {
    const answer = await fetch(server.registration_endpoint ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  test('is public, may use any port of its loopback redirects, and loses those that leave the machine', async () => {
    const { status, body } = await register({
      client_name: '  Claude\u202e Code\n',
      redirect_uris: [
        'http://localhost:3118/callback',
        'https://vscode.dev/redirect',
        'http://127.0.0.1:33418/',
        'cursor://anysphere/callback',
      ],
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      scope: 'openid unknown:scope',
      logo_uri: 'https://evil.example/logo.png',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      client_name: 'Claude Code',
      redirect_uris: ['http://localhost:3118/callback', 'http://127.0.0.1:33418/'],
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'],
    });
    expect(body).not.toHaveProperty('client_secret');
    expect(body).not.toHaveProperty('logo_uri');
  });

  test.each([
    ['another machine', { redirect_uris: ['https://evil.example/callback'] }, 'invalid_redirect_uri'],
    [
      'a name that starts like loopback',
      { redirect_uris: ['http://localhost.evil.example/', 'http://127.0.0.1@evil.example/'] },
      'invalid_redirect_uri',
    ],
    ['no redirect', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['no list of redirects', { client_name: 'x' }, 'invalid_client_metadata'],
    ['a name that is no text', { redirect_uris: ['http://127.0.0.1/'], client_name: {} }, 'invalid_client_metadata'],
  ])('is refused with %s', async (_what, metadata, error) => {
    expect(await register(metadata)).toMatchObject({
      status: 400,
      body: { error, error_description: expect.any(String) },
    });
  });

  test('is refused with what is no JSON, or too much of it', async () => {
    for (const body of ['{', 'x'.repeat(20_000)]) {
      const answer = await sendRaw(front.port, {
        path: '/local/oidc/reg',
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('invalid_client_metadata') });
    }
  });

  test.each([
    '/local/oidc/REG',
    '/local/oidc/Reg',
    '/local/oidc/reg/',
    '/local/oidc//reg',
    '/local/oidc/%72eg',
    '/local/oidc/reg?x=1',
  ])('loses a redirect that leaves the machine, however the path %s is written', async (path) => {
    const body = JSON.stringify({
      redirect_uris: ['https://evil.example/callback'],
      token_endpoint_auth_method: 'none',
    });
    const answer = await sendRaw(front.port, { path, body, headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toContain('client_id_issued_at');
  });

  async function registered(client_name = 'Claude Code'): Promise<Flow> {
    const { body } = await register({
      client_name,
      redirect_uris: ['http://localhost:3118/callback'],
      token_endpoint_auth_method: 'none',
    });
    return {
      client: { client_id: String(body.client_id) },
      authentication: oauth.None(),
      redirectUri: 'http://localhost:50001/callback',
      parameters: { resource, scope: 'mcp:read mcp:propose' },
    };
  }

  test('gets a token after one click on a page that names it and where the answer goes, each time anew', async () => {
    const flow = await registered('<i>Claude</i>');
    const consent = await signIn(flow);
    expect(consent.text).toContain('Allow “&lt;i&gt;Claude&lt;/i&gt;”?');
    expect(consent.text).toContain('<code>localhost:50001</code>');
    expect(consent.text).toContain('propose changes in your name');
    expect(consent.headers.get('content-security-policy')).toContain("form-action 'self' http://localhost:50001;");
    const claims = await verify(
      (await redeem(flow, await browser.submit(consent, { decision: 'allow' }))).access_token,
    );
    expect(claims).toMatchObject({
      aud: resource,
      scope: 'mcp:read mcp:propose',
      client_id: flow.client.client_id,
      groups: ['kubernetes-operators'],
    });
    expect((await browser.visit(await authorizationUrl(flow))).text).toContain('Allow');
  });

  test('gets nothing after a no', async () => {
    const denied = await browser.submit(await signIn(await registered()), { decision: 'deny' });
    expect(denied.left?.searchParams.get('error')).toBe('access_denied');
  });

  test('gets the least scope where it asks for none', async () => {
    const flow = { ...(await registered()), parameters: {} };
    const tokens = await redeem(flow, await browser.submit(await signIn(flow), { decision: 'allow' }));
    expect(await verify(tokens.access_token)).toMatchObject({ aud: resource, scope: 'mcp:read' });
  });
});

describe('the metadata', () => {
  test.each([
    '/local/oidc/.well-known/openid-configuration',
    '/local/oidc/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/local/oidc',
    '/.well-known/openid-configuration/local/oidc',
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
  ])('is found at %s with the same addresses', async (path) => {
    const answer = await sendRaw(front.port, { path });
    expect(JSON.parse(answer.body)).toMatchObject({
      issuer: issuer.issuer,
      authorization_endpoint: issuer.authorizationEndpoint,
      token_endpoint: issuer.tokenEndpoint,
      registration_endpoint: `${issuer.issuer}/reg`,
      jwks_uri: issuer.jwksUri,
      end_session_endpoint: issuer.endSessionEndpoint,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['ES256'],
      scopes_supported: expect.arrayContaining(['openid', 'mcp:read', 'mcp:propose', 'mcp:execute']),
    });
  });

  test('publishes the public half of the key only', async () => {
    const answer = await sendRaw(front.port, { path: '/local/oidc/jwks' });
    const { keys } = JSON.parse(answer.body);
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kid: issuer.jwks.keys[0]?.kid, kty: 'EC' });
    expect(keys[0]).not.toHaveProperty('d');
    expect(issuer.jwks.keys[0]).not.toHaveProperty('d');
  });

  test.each([
    '/.well-known/oauth-authorization-server/other',
    '/local/oidc',
    '/local/oidc/nothing',
    '/local/oidc/interaction/../token',
  ])('is not at %s', async (path) => {
    expect((await sendRaw(front.port, { path })).status).toBe(404);
  });
});

describe('a restart', () => {
  test('keeps key, passwords, secrets, sessions, registered clients and refresh tokens, in files that nobody else can read', async () => {
    const flow = cli();
    const before = {
      tokens: await redeem(flow, await signIn(flow)),
      users: issuer.users,
      clients: issuer.clients,
      jwks: issuer.jwks,
    };
    const asked = await fetch(server.registration_endpoint ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://127.0.0.1/'] }),
    });
    const { client_id: registeredId } = (await asked.json()) as { client_id: string };
    const { port } = front;
    await stop();
    await start(port);
    expect({ users: issuer.users, clients: issuer.clients, jwks: issuer.jwks }).toEqual({
      users: before.users,
      clients: before.clients,
      jwks: before.jwks,
    });
    expect(await verify(before.tokens.access_token)).toMatchObject({ client_id: 'cli' });
    const response = await oauth.refreshTokenGrantRequest(
      server,
      flow.client,
      oauth.None(),
      before.tokens.refresh_token ?? '',
      http,
    );
    expect((await oauth.processRefreshTokenResponse(server, flow.client, response)).access_token).toBeTruthy();
    expect((await browser.visit(await authorizationUrl(flow))).left?.searchParams.has('code')).toBe(true);
    const consent = await browser.visit(
      await authorizationUrl({ ...flow, client: { client_id: registeredId }, redirectUri: 'http://127.0.0.1:1234/' }),
    );
    expect(consent.text).toContain('Allow');
    for (const file of readdirSync(temporary.path).filter((name) => name.startsWith('issuer'))) {
      expect(statSync(join(temporary.path, file)).mode & 0o077).toBe(0);
    }
  });
});
