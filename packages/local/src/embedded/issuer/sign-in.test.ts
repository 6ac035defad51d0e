import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sendRaw } from '../raw-request.ts';
import { createTestBrowser } from './test-browser.ts';
import { PAGES_ORIGIN, startTestIssuer, type TestIssuer } from './test-issuer.ts';

let local: TestIssuer;
beforeEach(async () => {
  local = await startTestIssuer();
});
afterEach(() => local.close());

describe("the pages' sign-in", () => {
  test('gives an ID token with subject, e-mail, groups and sign-in time, and no token for the endpoint', async () => {
    const flow = local.web();
    const tokens = await local.redeem(flow, await local.signIn(flow));
    expect(await local.verify(tokens.id_token ?? '')).toMatchObject({
      aud: 'web',
      sub: local.issuer.users[0]?.sub,
      email: 'operator@example.com',
      groups: ['kubernetes-operators'],
      auth_time: expect.any(Number),
      nonce: 'no',
    });
    await expect(local.verify(tokens.access_token)).rejects.toThrow(); // Opaque: good for userinfo here and nothing else.
  });

  test('is refused for the endpoint as resource and for its scopes', async () => {
    const asResource = await local.browser.visit(
      await local.authorizationUrl(local.web({ scope: 'openid', resource: local.resource })),
    );
    expect(asResource.left?.searchParams.get('error')).toBe('invalid_target');
    const forScope = await local.browser.visit(
      await local.authorizationUrl(local.web({ scope: 'openid mcp:execute' })),
    );
    expect(forScope.left?.searchParams.get('error')).toBe('invalid_scope');
  });

  test('stays for who is signed in, and asks again where the client says so', async () => {
    const flow = local.web();
    await local.signIn(flow);
    expect((await local.browser.visit(await local.authorizationUrl(flow))).left?.searchParams.has('code')).toBe(true);
    const again = await local.browser.visit(await local.authorizationUrl(flow, { prompt: 'login' }));
    expect(again.text).toContain('Password');
  });

  test('ends with a sign-out that goes back to the pages', async () => {
    const flow = local.web();
    const tokens = await local.redeem(flow, await local.signIn(flow));
    const url = new URL(local.issuer.endSessionEndpoint);
    url.search = new URLSearchParams({
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: `${PAGES_ORIGIN}/`,
    }).toString();
    const asked = await local.browser.visit(url.href);
    expect(asked.text).toContain('Sign out on this machine?');
    expect((await local.browser.submit(asked, { logout: 'yes' })).left?.href).toBe(`${PAGES_ORIGIN}/`);
    expect((await local.browser.visit(await local.authorizationUrl(flow))).text).toContain('Password');
  });
});

describe('the authorization request', () => {
  test.each([
    ['another host', 'http://evil.example/callback'],
    ['localhost in the place of the address', 'http://localhost:49152/callback'],
    ['another path', 'http://127.0.0.1:49152/other'],
    ['the address in the user part', 'http://127.0.0.1@evil.example/callback'],
  ])('refuses a redirect to %s with a page of its own and sends nobody there', async (_what, redirectUri) => {
    const refused = await local.browser.visit(await local.authorizationUrl({ ...local.cli(), redirectUri }));
    expect(refused).toMatchObject({ status: 400, text: expect.stringContaining('This sign-in cannot go on') });
    expect(refused.left).toBeUndefined();
  });

  test('answers with the issuer in it, against mix-up (RFC 9207)', async () => {
    expect((await local.signIn(local.cli())).left?.searchParams.get('iss')).toBe(local.issuer.issuer);
  });
});

describe('the sign-in page', () => {
  test('has fields Email and Password and a button, in a policy without inline code that lets its form go only home and back', async () => {
    const page = await local.browser.visit(await local.authorizationUrl(local.web()));
    expect(page.text).toMatch(/<label>Email<input type="email" name="email"/);
    expect(page.text).toMatch(/<label>Password<input type="password" name="password"/);
    expect(page.text).toContain('<button class="main" type="submit">Sign in</button>');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`form-action 'self' ${PAGES_ORIGIN};`);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.text).not.toMatch(/<style|style="|<script/);
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
    const [, stylesheet = ''] = /<link rel="stylesheet" href="([^"]+)"/.exec(page.text) ?? [];
    expect(await sendRaw(local.port, { path: stylesheet })).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/css; charset=utf-8' },
    });
  });

  test('says that address and password do not belong together, whichever is wrong, and keeps the address as text', async () => {
    const page = await local.browser.visit(await local.authorizationUrl(local.web()));
    const wrong = await local.browser.submit(page, { email: 'operator@example.com', password: 'guessed' });
    const unknown = await local.browser.submit(page, { email: '"><b>nobody@example.com', password: 'guessed' });
    for (const answer of [wrong, unknown])
      expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('role="alert"') });
    expect(unknown.text).toContain('&quot;&gt;&lt;b&gt;nobody@example.com');
    expect(wrong.text.replace(/value="[^"]*"/, '')).toBe(unknown.text.replace(/value="[^"]*"/, ''));
  });

  test('looks at no password for a minute after five wrong ones in a row, the right one included', async () => {
    const page = await local.browser.visit(await local.authorizationUrl(local.web()));
    const attempt = (password: string, email = 'operator@example.com') =>
      local.browser.submit(page, { email, password });
    for (let wrong = 0; wrong < 5; wrong += 1) expect((await attempt('guessed')).status).toBe(400);
    const paused = await attempt(local.passwordOf('operator@example.com'));
    expect(paused).toMatchObject({ status: 429, text: expect.stringContaining('try again in 60 seconds') });
    expect(paused.headers.get('retry-after')).toBe('60');
    expect((await attempt('guessed', 'OPERATOR@example.com ')).status).toBe(429);
    expect((await attempt('guessed', 'second@example.com')).status).toBe(400);
    local.setNow(() => new Date(Date.now() + 61_000));
    expect((await attempt(local.passwordOf('operator@example.com'))).left?.searchParams.has('code')).toBe(true);
  });

  test('is nothing to another browser, to another request, or to a form of another origin', async () => {
    const page = await local.browser.visit(await local.authorizationUrl(local.web()));
    const good = { email: 'operator@example.com', password: local.passwordOf('operator@example.com') };
    expect(await local.browser.submit(page, good, 'https://page.example')).toMatchObject({ status: 403 });
    expect(await local.browser.submit(page, good, 'null')).toMatchObject({ status: 403 });
    const stranger = createTestBrowser(local.origin);
    expect(await stranger.submit(page, good)).toMatchObject({
      status: 400,
      text: expect.stringContaining('begun in another browser'),
    });
    expect((await local.browser.submit(page, good)).left?.searchParams.has('code')).toBe(true);
  });

  test('lets another person sign in over a session', async () => {
    await local.signIn(local.web());
    const page = await local.browser.visit(await local.authorizationUrl(local.web(), { prompt: 'login' }));
    const changing = await local.browser.submit(page, {
      email: 'second@example.com',
      password: local.passwordOf('second@example.com'),
    });
    // The old session is ended by a form that posts itself.
    const done = await local.browser.submit(changing, {});
    const tokens = await local.redeem(local.web(), done);
    expect(await local.verify(tokens.id_token ?? '')).toMatchObject({ email: 'second@example.com' });
  });
});
