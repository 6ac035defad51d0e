import { decodeProtectedHeader } from 'jose';
import * as oauth from 'oauth4webapi';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { INSECURE, startTestIssuer, type TestIssuer } from './test-issuer.ts';

let local: TestIssuer;
beforeEach(async () => {
  local = await startTestIssuer();
});
afterEach(() => local.close());

describe('tokens of clients', () => {
  test('are signed by the published key, for the endpoint, for five minutes, with the scopes asked for', async () => {
    const { access_token: token, expires_in: lifetime } = await local.machineToken('agent', {
      resource: local.resource,
      scope: 'mcp:read mcp:propose',
    });
    expect(lifetime).toBe(300);
    const claims = await local.verify(token);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: local.issuer.jwks.keys[0]?.kid });
    expect(claims).toEqual({
      iss: local.issuer.issuer,
      aud: local.resource,
      sub: 'agent',
      client_id: 'agent',
      scope: 'mcp:read mcp:propose',
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: (claims.iat ?? 0) + 300,
    });
  });

  test("have the client's scopes and the endpoint as audience where nothing is asked for", async () => {
    expect(await local.verify((await local.machineToken('agent', {})).access_token)).toMatchObject({
      aud: local.resource,
      scope: 'mcp:read mcp:propose mcp:execute',
    });
    expect(await local.verify((await local.machineToken('reader', {})).access_token)).toMatchObject({
      aud: local.resource,
      scope: 'mcp:read',
    });
  });

  test('are refused for a scope that the client was not promised', async () => {
    await expect(
      local.machineToken('reader', { resource: local.resource, scope: 'mcp:read mcp:propose' }),
    ).rejects.toMatchObject({
      error: 'invalid_scope',
    });
  });

  test.each(['https://other.example/mcp', 'http://127.0.0.1/mcp', 'not an address'])(
    'are refused for the resource %s',
    async (other) => {
      await expect(local.machineToken('agent', { resource: other })).rejects.toMatchObject({ error: 'invalid_target' });
    },
  );

  test('are refused for a wrong secret, and for clients that are for people', async () => {
    const ask = async (client_id: string, authentication: oauth.ClientAuth) =>
      oauth.processClientCredentialsResponse(
        local.server,
        { client_id },
        await oauth.clientCredentialsGrantRequest(
          local.server,
          { client_id },
          authentication,
          { resource: local.resource },
          INSECURE,
        ),
      );
    await expect(ask('agent', oauth.ClientSecretBasic('guessed'))).rejects.toMatchObject({ cause: expect.anything() });
    await expect(ask('cli', oauth.None())).rejects.toMatchObject({
      error_description: expect.stringContaining('not allowed for this client'),
    });
    await expect(ask('web', oauth.ClientSecretBasic(local.issuer.clients.web.clientSecret))).rejects.toMatchObject({
      error_description: expect.stringContaining('not allowed for this client'),
    });
  });
});

describe("a person's own token", () => {
  test('names the person, their groups and the client, on any port of the redirect, without a consent', async () => {
    const flow = local.cli();
    const claims = await local.verify((await local.redeem(flow, await local.signIn(flow))).access_token);
    const operator = local.issuer.users[0];
    expect(claims).toMatchObject({
      aud: local.resource,
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
    const flow = local.cli();
    expect(
      await local.verify((await local.redeem(flow, await local.signIn(flow, 'outsider@example.com'))).access_token),
    ).toMatchObject({
      groups: [],
    });
  });

  test('is for the endpoint where the client leaves resource out, everywhere or at the token endpoint', async () => {
    const nowhere = local.cli({ scope: 'openid mcp:read' });
    expect(await local.verify((await local.redeem(nowhere, await local.signIn(nowhere))).access_token)).toMatchObject({
      aud: local.resource,
      scope: 'mcp:read',
    });
    const unscoped = local.cli({});
    const again = await local.browser.visit(await local.authorizationUrl(unscoped));
    expect(await local.verify((await local.redeem(unscoped, again)).access_token)).toMatchObject({
      aud: local.resource,
      scope: 'mcp:read mcp:propose mcp:execute',
    });
  });

  test('is refused for another resource, at either endpoint', async () => {
    const other = local.cli({ resource: 'https://other.example', scope: 'mcp:read' });
    const refused = await local.browser.visit(await local.authorizationUrl(other));
    expect(refused.left?.searchParams.get('error')).toBe('invalid_target');
    const flow = { ...local.cli(), tokenParameters: { resource: 'https://other.example' } };
    const done = await local.signIn(flow);
    await expect(local.redeem(flow, done)).rejects.toMatchObject({ error: 'invalid_target' });
  });

  test('is renewed by a refresh token that works once', async () => {
    const flow = local.cli();
    const first = await local.redeem(flow, await local.signIn(flow));
    const refresh = async (token: string) => {
      const response = await oauth.refreshTokenGrantRequest(local.server, flow.client, oauth.None(), token, INSECURE);
      return oauth.processRefreshTokenResponse(local.server, flow.client, response);
    };
    const second = await refresh(first.refresh_token ?? '');
    expect(await local.verify(second.access_token)).toMatchObject({
      aud: local.resource,
      scope: 'mcp:read mcp:execute',
      groups: ['kubernetes-operators'],
    });
    expect(second.refresh_token).not.toBe(first.refresh_token);
    await expect(refresh(first.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
    // A refresh token that comes twice was stolen once: its successor ends with it.
    await expect(refresh(second.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('PKCE', () => {
  test.each([
    ['no challenge', { code_challenge: '', code_challenge_method: '' }],
    ['the plain method', { code_challenge_method: 'plain' }],
    ['a challenge without a method', { code_challenge_method: '' }],
  ])('is required of every client: refuses %s', async (_what, change) => {
    for (const flow of [local.cli(), local.web()]) {
      const refused = await local.browser.visit(await local.authorizationUrl(flow, change));
      expect(refused.left?.searchParams.get('error')).toBe('invalid_request');
    }
  });

  test('refuses a stolen code without its verifier', async () => {
    const flow = local.cli();
    const done = await local.signIn(flow);
    await expect(local.redeem(flow, done, oauth.generateRandomCodeVerifier())).rejects.toMatchObject({
      error: 'invalid_grant',
    });
  });
});
