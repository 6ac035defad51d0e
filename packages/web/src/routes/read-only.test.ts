import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WEB_ROUTES } from '../create-web-app.ts';
import { makeLocator } from '../mail/locator.ts';
import { AGENT, OPERATOR, OUTSIDER } from '../testing/people.ts';
import { ORIGIN, startWorld, type World } from '../testing/world.ts';

let world: World;
let planId: string;
let locator: string;
beforeAll(async () => {
  world = await startWorld();
  ({ planId } = await world.store({ by: AGENT }));
  const made = makeLocator(world.ports.random);
  locator = made.locator;
  await world.ports.locators.put({
    hash: made.hash,
    planId,
    recipient: 'operator@example.com',
    createdAt: world.clock.now.toISOString(),
  });
});
afterAll(() => world.stop());

const filled = (path: string): string => path.replace(':planId', planId).replace(':locator', locator);
const send = async (method: string, path: string, cookie: string, headers: Record<string, string> = {}) =>
  world.app.request(`${ORIGIN}${path}`, { method, headers: { ...(cookie === '' ? {} : { cookie }), ...headers } });

describe('looking', () => {
  it('changes no record: 10 000 mixed requests of scanners, signed out and signed in', {
    timeout: 180_000,
  }, async () => {
    const before = await world.database.contents();
    const cookies = ['', await world.cookieOf(OPERATOR), await world.cookieOf(OUTSIDER), '__Host-countersign=garbage'];
    const paths = WEB_ROUTES.map((route) => filled(route.path)).concat([
      '/r/unknown',
      '/approve',
      '/plans',
      `/plans/${planId}/approve`,
      '/robots.txt',
    ]);
    const agents = ['Mozilla/5.0', 'GoogleImageProxy', 'curl/8', 'MicrosoftPreview/2.0'];
    let sent = 0;
    while (sent < 10_000) {
      for (const method of ['HEAD', 'GET', 'OPTIONS']) {
        const batch = paths.map((path, at) => {
          const agent = agents[(sent + at) % agents.length] ?? '';
          return send(method, path, cookies[(sent + at) % cookies.length] ?? '', { 'user-agent': agent });
        });
        for (const answer of await Promise.all(batch)) expect(answer.status).toBeLessThan(504);
        sent += batch.length;
      }
    }
    expect(await world.database.contents()).toBe(before);
    expect(before.length).toBeGreaterThan(1000);
  });

  it('by HEAD gives what GET gives, without a body', async () => {
    const cookie = await world.cookieOf(OPERATOR);
    for (const { method, path } of WEB_ROUTES.filter(
      (route) => route.path !== '/signin' && route.path !== '/signin/callback',
    )) {
      if (method !== 'GET') continue;
      const [head, get] = [await send('HEAD', filled(path), cookie), await send('GET', filled(path), cookie)];
      expect([path, head.status, await head.text()]).toEqual([path, get.status, '']);
    }
  });

  it('is refused by OPTIONS and every other method, with a small page and an Allow header', async () => {
    const cookie = await world.cookieOf(OPERATOR);
    for (const route of WEB_ROUTES) {
      for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', route.method === 'GET' ? 'POST' : 'GET']) {
        const answer = await send(method, filled(route.path), cookie, { origin: ORIGIN });
        expect([route.path, method, answer.status]).toEqual([route.path, method, 405]);
        expect(answer.headers.get('allow')).toBe(route.method === 'GET' ? 'GET, HEAD' : 'POST');
        expect((await answer.text()).length).toBeLessThan(3000);
      }
    }
  });
});

describe('an address that leads nowhere', () => {
  it('has no approve, no deny and no execute among the routes that GET can reach', () => {
    for (const { method, path } of WEB_ROUTES)
      if (method === 'GET') expect(path).not.toMatch(/approve|deny|decision|cancel|revoke|execute|reject/);
  });

  it.each([
    '/plans/%00',
    '/plans/%E0%A4%A',
    '/plans/..%2f..%2fetc%2fpasswd',
    '/plans/%2e%2e/%2e%2e/secret',
    '/plans/pln_%F0%9F%92%A9',
    `/plans/${'a'.repeat(5000)}`,
    '/plans/pln_constructor00000000000',
    '/plans/__proto__',
    '/r/%3Cscript%3E',
    '/r/..%2f..%2f',
    '/api/plans/%00',
    '/nowhere',
    '//evil.example',
    '/plans//x',
    '/assets/style.0000000000000000.css',
    '/assets/../package.json',
  ])('answers 404 with a small page: %s', async (path) => {
    const answer = await send('GET', path, await world.cookieOf(OPERATOR));
    expect(answer.status).toBe(404);
    const text = await answer.text();
    expect(text.length).toBeLessThan(3000);
    expect(text).not.toContain('<script>');
    expect(world.faults).toEqual([]);
  });

  it('is not served under a name that is not ours (DNS rebinding)', async () => {
    for (const host of ['evil.example', 'localhost', 'localhost:8788', '127.0.0.1:8787']) {
      const answer = await send('GET', `/plans/${planId}`, await world.cookieOf(OPERATOR), { host });
      expect([host, answer.status]).toEqual([host, 421]);
    }
  });
});

describe('every answer', () => {
  it('carries the security headers, errors, redirects and assets included', async () => {
    const cookie = await world.cookieOf(OPERATOR);
    const answers = [
      ...(await Promise.all(WEB_ROUTES.map((route) => send('GET', filled(route.path), cookie)))),
      await send('GET', '/', ''),
      await send('GET', '/nowhere', ''),
      await send('POST', `/plans/${planId}/decision`, ''),
      await send('GET', '/', cookie, { host: 'evil.example' }),
    ];
    for (const { headers } of answers) {
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
      );
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toMatch(/^(no-store|public, max-age=31536000, immutable)$/);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('is kept by nobody but the hashed assets', async () => {
    const cookie = await world.cookieOf(OPERATOR);
    for (const { path, method } of WEB_ROUTES) {
      if (method !== 'GET') continue;
      const kept = (await send('GET', filled(path), cookie)).headers.get('cache-control') !== 'no-store';
      expect([path, kept]).toEqual([path, path.startsWith('/assets/')]);
    }
  });

  it('asks nobody but us for anything, and has nothing inline', async () => {
    for (const path of ['/', `/plans/${planId}`, '/anomalies', '/audit', '/signed-out', '/nowhere']) {
      const html = await (await world.get(path, OPERATOR)).text();
      expect(
        [...html.matchAll(/\b(?:src|href|action|url)=["']?([^"'\s>]+)/g)].filter(
          ([, to = '']) => !/^[/#](?!\/)/.test(to),
        ),
      ).toEqual([]);
      expect(html).not.toMatch(/<style|\sstyle=|\son[a-z]+=|<script>|javascript:/);
    }
  });
});
