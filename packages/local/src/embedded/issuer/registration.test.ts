import * as oauth from 'oauth4webapi';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sendRaw } from '../raw-request.ts';
import { type Flow, startTestIssuer, type TestIssuer } from './test-issuer.ts';

let local: TestIssuer;
beforeEach(async () => {
  local = await startTestIssuer();
});
afterEach(() => local.close());

describe('a client that registers itself', () => {
  const register = async (metadata: object) => {
    const answer = await fetch(local.server.registration_endpoint ?? '', {
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
      const answer = await sendRaw(local.port, {
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
    const answer = await sendRaw(local.port, { path, body, headers: { 'content-type': 'application/json' } });
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
      parameters: { resource: local.resource, scope: 'mcp:read mcp:propose' },
    };
  }

  test('gets a token after one click on a page that names it and where the answer goes, each time anew', async () => {
    const flow = await registered('<i>Claude</i>');
    const consent = await local.signIn(flow);
    expect(consent.text).toContain('Allow “&lt;i&gt;Claude&lt;/i&gt;”?');
    expect(consent.text).toContain('<code>localhost:50001</code>');
    expect(consent.text).toContain('propose changes in your name');
    expect(consent.headers.get('content-security-policy')).toContain("form-action 'self' http://localhost:50001;");
    const claims = await local.verify(
      (await local.redeem(flow, await local.browser.submit(consent, { decision: 'allow' }))).access_token,
    );
    expect(claims).toMatchObject({
      aud: local.resource,
      scope: 'mcp:read mcp:propose',
      client_id: flow.client.client_id,
      groups: ['kubernetes-operators'],
    });
    expect((await local.browser.visit(await local.authorizationUrl(flow))).text).toContain('Allow');
  });

  test('gets nothing after a no', async () => {
    const denied = await local.browser.submit(await local.signIn(await registered()), { decision: 'deny' });
    expect(denied.left?.searchParams.get('error')).toBe('access_denied');
  });

  test('gets the least scope where it asks for none', async () => {
    const flow = { ...(await registered()), parameters: {} };
    const tokens = await local.redeem(
      flow,
      await local.browser.submit(await local.signIn(flow), { decision: 'allow' }),
    );
    expect(await local.verify(tokens.access_token)).toMatchObject({ aud: local.resource, scope: 'mcp:read' });
  });
});
