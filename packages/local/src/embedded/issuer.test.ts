import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as oauth from 'oauth4webapi';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { INSECURE, startTestIssuer, type TestIssuer } from './issuer/test-issuer.ts';
import { sendRaw } from './raw-request.ts';

let local: TestIssuer;
beforeEach(async () => {
  local = await startTestIssuer();
});
afterEach(() => local.close());

describe('the metadata', () => {
  test.each([
    '/local/oidc/.well-known/openid-configuration',
    '/local/oidc/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/local/oidc',
    '/.well-known/openid-configuration/local/oidc',
    '/.well-known/openid-configuration',
    '/.well-known/oauth-authorization-server',
  ])('is found at %s with the same addresses', async (path) => {
    const answer = await sendRaw(local.port, { path });
    expect(JSON.parse(answer.body)).toMatchObject({
      issuer: local.issuer.issuer,
      authorization_endpoint: local.issuer.authorizationEndpoint,
      token_endpoint: local.issuer.tokenEndpoint,
      registration_endpoint: `${local.issuer.issuer}/reg`,
      jwks_uri: local.issuer.jwksUri,
      end_session_endpoint: local.issuer.endSessionEndpoint,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['ES256'],
      scopes_supported: expect.arrayContaining(['openid', 'mcp:read', 'mcp:propose', 'mcp:execute']),
    });
  });

  test('publishes the public half of the key only', async () => {
    const answer = await sendRaw(local.port, { path: '/local/oidc/jwks' });
    const { keys } = JSON.parse(answer.body);
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kid: local.issuer.jwks.keys[0]?.kid, kty: 'EC' });
    expect(keys[0]).not.toHaveProperty('d');
    expect(local.issuer.jwks.keys[0]).not.toHaveProperty('d');
  });

  test.each([
    '/.well-known/oauth-authorization-server/other',
    '/local/oidc',
    '/local/oidc/nothing',
    '/local/oidc/interaction/../token',
  ])('is not at %s', async (path) => {
    expect((await sendRaw(local.port, { path })).status).toBe(404);
  });
});

describe('a restart', () => {
  test('keeps key, passwords, secrets, sessions, registered clients and refresh tokens, in files that nobody else can read', async () => {
    const flow = local.cli();
    const before = {
      tokens: await local.redeem(flow, await local.signIn(flow)),
      users: local.issuer.users,
      clients: local.issuer.clients,
      jwks: local.issuer.jwks,
    };
    const asked = await fetch(local.server.registration_endpoint ?? '', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: ['http://127.0.0.1/'] }),
    });
    const { client_id: registeredId } = (await asked.json()) as { client_id: string };

    await local.restart();
    expect({ users: local.issuer.users, clients: local.issuer.clients, jwks: local.issuer.jwks }).toEqual({
      users: before.users,
      clients: before.clients,
      jwks: before.jwks,
    });
    expect(await local.verify(before.tokens.access_token)).toMatchObject({ client_id: 'cli' });
    const response = await oauth.refreshTokenGrantRequest(
      local.server,
      flow.client,
      oauth.None(),
      before.tokens.refresh_token ?? '',
      INSECURE,
    );
    expect((await oauth.processRefreshTokenResponse(local.server, flow.client, response)).access_token).toBeTruthy();
    expect((await local.browser.visit(await local.authorizationUrl(flow))).left?.searchParams.has('code')).toBe(true);
    const consent = await local.browser.visit(
      await local.authorizationUrl({
        ...flow,
        client: { client_id: registeredId },
        redirectUri: 'http://127.0.0.1:1234/',
      }),
    );
    expect(consent.text).toContain('Allow');
    for (const file of readdirSync(local.dataPath).filter((name) => name.startsWith('issuer'))) {
      expect(statSync(join(local.dataPath, file)).mode & 0o077).toBe(0);
    }
  });
});
