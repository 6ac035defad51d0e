import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Issuer, startIssuer } from '../testing/issuer.ts';
import { GROUP, OPERATOR } from '../testing/people.ts';
import { ORIGIN, startWorld, type World } from '../testing/world.ts';

let issuer: Issuer;
let world: World;
beforeAll(async () => {
  issuer = await startIssuer();
  issuer.signsIn({ sub: 'operator', email: 'operator@example.com', groups: [GROUP] });
  world = await startWorld({ issuer: issuer.issuer });
});
afterAll(async () => {
  await world.stop();
  await issuer.close();
});

const jarOf = (answer: Response): string =>
  answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');

/** Goes to the issuer and back as a browser does; answers the callback's answer. */
async function signIn(from: string): Promise<Response> {
  const begun = await world.get(from);
  const atIssuer = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
  const back = new URL(atIssuer.headers.get('location') ?? '');
  return world.get(back.pathname + back.search, undefined, { cookie: jarOf(begun) });
}

describe('signing in', () => {
  it('begins by GET, and comes back by a page of our own that goes on to where one was', async () => {
    const answer = await signIn('/signin?return=/plans/pln_abc');
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain('<meta http-equiv="refresh" content="0; url=/plans/pln_abc"/>');
    expect(html).toContain('href="/plans/pln_abc">Continue</a>');
    const inbox = await world.get('/', undefined, { cookie: jarOf(answer) });
    expect([inbox.status, (await inbox.text()).includes('operator@example.com')]).toEqual([200, true]);
  });

  it('gives a page that asks for it from another site a page of our own first, since a Strict cookie stays at home', async () => {
    const answer = await world.get('/r/abcdefghijklmnop', undefined, { 'sec-fetch-site': 'cross-site' });
    expect([answer.status, (await answer.text()).includes('content="0; url=/r/abcdefghijklmnop"')]).toEqual([
      200,
      true,
    ]);
    const second = await world.get('/r/abcdefghijklmnop', undefined, { 'sec-fetch-site': 'same-origin' });
    expect([second.status, second.headers.get('location')]).toEqual([302, '/signin?return=%2Fr%2Fabcdefghijklmnop']);
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    'javascript:alert(1)',
    '/plans/../../evil',
    '/%2F/evil.example',
    '/signin',
    '/signin/callback',
    '/signout',
    '/api/plans',
    ' /plans/x',
    '/plans/x"><script>',
    '/\nplans',
  ])('never returns to %j (open redirect)', async (wish) => {
    const html = await (await signIn(`/signin?return=${encodeURIComponent(wish)}`)).text();
    expect(html).toContain('content="0; url=/"');
    expect(html).not.toContain('evil');
  });

  it('fails with a page that helps, sets no session, and says nothing of what the issuer said', async () => {
    const begun = await world.get('/signin');
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state');
    const cases: readonly [string, string, number][] = [
      ['/signin/callback', '', 400],
      ['/signin/callback?code=x&state=y', jarOf(begun), 400],
      [`/signin/callback?code=never&state=${state}`, jarOf(begun), 400],
      [`/signin/callback?error=access_denied&error_description=%3Cb%3Ewicked&state=${state}`, jarOf(begun), 403],
    ];
    for (const [path, cookie, status] of cases) {
      const answer = await world.get(path, undefined, { cookie });
      const html = await answer.text();
      expect([
        path,
        answer.status,
        answer.headers.getSetCookie(),
        html.includes('Sign in again'),
        html.includes('wicked'),
      ]).toEqual([path, status, [], true, false]);
    }
  });

  it('does not use up a code when a scanner only looks with HEAD', async () => {
    const begun = await world.get('/signin');
    const atIssuer = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
    const back = new URL(atIssuer.headers.get('location') ?? '');
    const headers = { cookie: jarOf(begun) };
    const head = await world.app.request(`${ORIGIN}${back.pathname}${back.search}`, { method: 'HEAD', headers });
    expect([head.status, head.headers.getSetCookie()]).toEqual([200, []]);
    expect((await world.get(back.pathname + back.search, undefined, headers)).status).toBe(200);
  });

  it('says so when the issuer does not answer', async () => {
    const alone = await startWorld();
    expect((await alone.get('/signin')).status).toBe(503);
    await alone.stop();
  });
});

describe('signing out', () => {
  it('is a POST of our own pages that ends the session in this browser', async () => {
    const answer = await world.post('/signout', {}, OPERATOR);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/signed-out']);
    expect(answer.headers.getSetCookie()).toEqual([
      '__Host-countersign=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict',
      '__Host-countersign-signin=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax',
    ]);
    expect((await world.get('/signed-out')).status).toBe(200);
  });

  it('is not for other sites to do', async () => {
    const answer = await world.post('/signout', {}, OPERATOR, { origin: 'https://evil.example' });
    expect(answer.headers.getSetCookie()).toEqual([]);
  });
});
