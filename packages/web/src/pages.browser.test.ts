import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLocator } from './mail/locator.ts';
import { launchBrowser, serve } from './testing/browser.ts';
import { freePort } from './testing/database.ts';
import { type Issuer, startIssuer } from './testing/issuer.ts';
import { AGENT, GROUP, OPERATOR, personNamed } from './testing/people.ts';
import { EVIDENCE } from './testing/plans.ts';
import { startWorld, type World } from './testing/world.ts';

let world: World;
let browser: Browser;
let origin: string;
let site: Awaited<ReturnType<typeof serve>>;
let elsewhere: Awaited<ReturnType<typeof serve>>;
let issuer: Issuer;
/** What the page of the other site holds. */
let strange = '';

beforeAll(async () => {
  origin = `http://localhost:${await freePort()}`;
  issuer = await startIssuer();
  world = await startWorld({ origin, issuer: issuer.issuer });
  site = await serve((request) => world.app.fetch(request), origin);
  elsewhere = await serve(
    () => new Response(strange, { headers: { 'content-type': 'text/html' } }),
    'http://127.0.0.1',
  );
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await site.close();
  await elsewhere.close();
  await issuer.close();
  await world.stop();
});

interface Look {
  readonly width?: number;
  readonly scheme?: 'light' | 'dark';
  readonly person?: typeof OPERATOR | null;
}

async function contextOf({ width = 1280, scheme = 'light', person = OPERATOR }: Look = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    timezoneId: 'Asia/Tokyo',
  });
  if (person !== null) {
    const [name = '', ...value] = (await world.cookieOf(person)).split('=');
    await context.addCookies([
      {
        name,
        value: value.join('='),
        domain: 'localhost',
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Strict',
      },
    ]);
  }
  return context;
}

/** Opens a page and keeps what the browser complains about: a CSP violation, an error, a missing file. */
async function open(context: BrowserContext, path: string): Promise<{ page: Page; complaints: string[] }> {
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(origin)) complaints.push(`asks ${request.url()}`);
  });
  await page.goto(origin + path);
  return { page, complaints };
}

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function violationsOf(page: Page): Promise<readonly string[]> {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  expect(passes.length).toBeGreaterThan(15);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
}

const votesOn = async (planId: string): Promise<number> => (await world.ports.plans.read(planId))?.votes.length ?? -1;

describe('every page', () => {
  const pages = async (): Promise<Record<string, string>> => {
    const high = { riskTier: 'high' as const, riskReasons: ['stops the workload'] };
    const waiting = await world.store({
      by: AGENT,
      review: high,
      operation: { type: 'scale', replicas: 0 },
      target: { name: 'a-rather-long-name-of-a-deployment-that-has-to-wrap-somewhere' },
    });
    const done = await world.store({ by: AGENT });
    const decided = { ...(await world.decisionForm(done.planId, OPERATOR)), decision: 'deny', comment: 'Not now.' };
    await world.post(`/plans/${done.planId}/decision`, decided, OPERATOR);
    return {
      inbox: '/',
      review: `/plans/${waiting.planId}`,
      status: `/plans/${done.planId}`,
      anomalies: '/anomalies',
      audit: '/audit',
      missing: '/plans/none',
      out: '/signed-out',
    };
  };

  it.each([
    [1280, 'light', true],
    [360, 'dark', true],
    [1280, 'dark', false],
    [360, 'light', false],
  ] as const)(
    'fits and complains of nothing at %i px, %s (WCAG 2.2 AA by axe: %s)',
    { timeout: 120_000 },
    async (width, scheme, axe) => {
      const context = await contextOf({ width, scheme });
      for (const [name, path] of Object.entries(await pages())) {
        const { page, complaints } = await open(context, path);
        for (const details of await page.locator('details > summary').all()) await details.click();
        if (axe) expect([name, await violationsOf(page)]).toEqual([name, []]);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect([name, overflow]).toEqual([name, 0]);
        expect([name, complaints.filter((complaint) => !complaint.includes('404'))]).toEqual([name, []]);
        await page.close();
      }
      await context.close();
    },
  );

  it('works without its script', async () => {
    const { planId } = await world.store({ by: AGENT });
    const context = await browser.newContext({ javaScriptEnabled: false });
    const [name = '', ...value] = (await world.cookieOf(OPERATOR)).split('=');
    await context.addCookies([
      {
        name,
        value: value.join('='),
        domain: 'localhost',
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Strict',
      },
    ]);
    const page = await context.newPage();
    await page.goto(`${origin}/plans/${planId}`);
    await page.getByLabel('Comment').fill('Fine.');
    await page.getByRole('button', { name: 'Approve' }).click();
    expect(page.url()).toBe(`${origin}/plans/${planId}`);
    expect(await votesOn(planId)).toBe(1);
    await context.close();
  });

  it("adds the reader's own time to the deadline", async () => {
    const { planId } = await world.store({ by: AGENT });
    const context = await contextOf();
    const { page } = await open(context, `/plans/${planId}`);
    expect(await page.locator('.facts time').textContent()).toMatch(/^10:54 UTC \(.*\b0?7:54.*your time\)$/);
    await context.close();
  });
});

describe('the decision', () => {
  it('has neither button focused, and no Enter decides: not in the comment, not in the name of the object', async () => {
    const { planId } = await world.store({ by: AGENT, review: { riskTier: 'high' } });
    const context = await contextOf();
    const { page } = await open(context, `/plans/${planId}`);
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(request.url());
    });
    expect(await page.evaluate('document.activeElement.tagName')).toBe('BODY');
    await page.getByLabel('Comment').press('Enter');
    await page.getByLabel(/To approve this high risk/).fill('shop/web');
    await page.getByLabel(/To approve this high risk/).press('Enter');
    // A whole round trip later, nothing has left.
    expect(await page.evaluate("fetch('/healthz').then((answer) => answer.text())")).toBe('ok');
    expect(posts).toEqual([]);
    expect(page.url()).toBe(`${origin}/plans/${planId}`);
    expect(await page.getByRole('status').textContent()).toBe('Waiting for your decision');
    expect(await votesOn(planId)).toBe(0);
    const boxes = await Promise.all(
      ['Deny', 'Approve'].map((name) => page.getByRole('button', { name }).boundingBox()),
    );
    expect([boxes[0]?.width, boxes[0]?.height]).toEqual([boxes[1]?.width, boxes[1]?.height]);
    await context.close();
  });

  it('is made by keyboard alone', async () => {
    const { planId } = await world.store({ by: AGENT });
    const context = await contextOf();
    const { page } = await open(context, `/plans/${planId}`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the decision');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.id')).toBe('comment');
    await page.keyboard.type('No.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByRole('status').filter({ hasText: 'Denied' }).waitFor();
    await context.close();
  });

  it('in a second tab finds that somebody has decided, and keeps what was typed out of harm', async () => {
    const { planId } = await world.store({ by: AGENT });
    const third = personNamed('third', [GROUP]);
    const [mine, theirs] = [await contextOf(), await contextOf({ person: third })];
    const [a, b] = [await open(mine, `/plans/${planId}`), await open(theirs, `/plans/${planId}`)];
    await a.page.getByLabel('Comment').fill('No.');
    await a.page.getByRole('button', { name: 'Deny' }).click();
    await b.page.getByRole('button', { name: 'Approve' }).click();
    await b.page.getByRole('alert').waitFor();
    expect(await b.page.getByRole('status').textContent()).toBe('Denied');
    expect(await votesOn(planId)).toBe(1);
    await mine.close();
    await theirs.close();
  });

  it('cannot be approved against a stored deny finding', async () => {
    const findings = [
      ...EVIDENCE.findings,
      { severity: 'deny' as const, code: 'privileged', step: 1, message: 'Runs privileged' },
    ];
    const { planId } = await world.store({ by: AGENT, evidence: { findings } });
    const context = await contextOf();
    const { page } = await open(context, `/plans/${planId}`);
    expect(await page.getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Deny' }).isDisabled()).toBe(false);
    await context.close();
  });

  it('is followed by a page that keeps up with the plan by itself', async () => {
    const { planId } = await world.store({ by: AGENT });
    const context = await contextOf();
    const { page } = await open(context, `/plans/${planId}`);
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('status').filter({ hasText: 'approved, the grant is being signed' }).waitFor();
    await world.move(planId, { type: 'grant.issued', actor: 'system:grant' });
    await page
      .getByRole('status')
      .filter({ hasText: /^Approved$/ })
      .waitFor();
    await context.close();
  });
});

describe('another site', () => {
  it('can link here: a web mail’s link reaches the plan although the session cookie is strict', async () => {
    const { planId } = await world.store({ by: AGENT });
    const { locator, hash } = makeLocator(world.ports.random);
    await world.ports.locators.put({
      hash,
      planId,
      recipient: 'operator@example.com',
      createdAt: world.clock.now.toISOString(),
    });
    strange = `<a href="${origin}/r/${locator}">Review</a>`;
    const context = await contextOf();
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${elsewhere.port}/`);
    await page.getByRole('link', { name: 'Review' }).click();
    await page.getByRole('heading', { level: 1, name: 'Set the image' }).waitFor();
    expect(page.url()).toBe(`${origin}/plans/${planId}`);
    await context.close();
  });

  it('cannot vote with a form, even with a stolen copy of all its fields', async () => {
    const { planId } = await world.store({ by: AGENT });
    const fields = { ...(await world.decisionForm(planId, OPERATOR)), decision: 'approve', comment: '' };
    const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
    strange = `<form method="post" action="${origin}/plans/${planId}/decision">${inputs.join('')}<button>Win</button></form>`;
    const context = await contextOf();
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${elsewhere.port}/`);
    await page.getByRole('button', { name: 'Win' }).click();
    await page.getByRole('heading', { level: 1, name: 'Signed out' }).waitFor();
    expect(await votesOn(planId)).toBe(0);
    await context.close();
  });

  it('cannot put the page into a frame (clickjacking)', async () => {
    const { planId } = await world.store({ by: AGENT });
    strange = `<iframe src="${origin}/plans/${planId}"></iframe>`;
    const context = await contextOf();
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${elsewhere.port}/`);
    const framed = page.frames().find((frame) => frame !== page.mainFrame());
    expect(await framed?.getByRole('button').count()).toBe(0);
    await context.close();
  });
});

describe('somebody who is not signed in', () => {
  it('signs in at the issuer and lands where they wanted to go, with a strict session', async () => {
    const { planId } = await world.store({ by: AGENT });
    issuer.signsIn({ sub: 'operator', email: 'operator@example.com', groups: [GROUP] });
    const context = await contextOf({ person: null });
    const page = await context.newPage();
    await page.goto(`${origin}/plans/${planId}`);
    await page.getByRole('status').waitFor();
    expect(page.url()).toBe(`${origin}/plans/${planId}`);
    const session = (await context.cookies()).find((cookie) => cookie.name === '__Host-countersign');
    expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Signed out' }).waitFor();
    expect((await context.cookies()).map((cookie) => cookie.name)).toEqual([]);
    // Back shows nothing of the plan: it is asked for again, and that needs a sign-in.
    issuer.signsIn(null);
    await page.goBack();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(page.url()).toContain(issuer.issuer);
    await context.close();
  });

  it('changes nothing by opening everything and clicking whatever there is', async () => {
    const { planId } = await world.store({ by: AGENT });
    const { locator, hash } = makeLocator(world.ports.random);
    await world.ports.locators.put({
      hash,
      planId,
      recipient: 'operator@example.com',
      createdAt: world.clock.now.toISOString(),
    });
    const before = await world.database.contents();
    issuer.signsIn(null);
    const context = await contextOf({ person: null });
    const page = await context.newPage();
    const paths = [
      `/r/${locator}`,
      `/plans/${planId}`,
      `/plans/${planId}/decision`,
      '/',
      '/signed-out',
      '/nowhere',
      '/anomalies',
    ];
    for (const path of paths) {
      await page.goto(origin + path);
      const controls = await page.locator('a, button').count();
      for (let at = 0; at < controls; at += 1) {
        await page.goto(origin + path);
        await page.locator('a, button').nth(at).dispatchEvent('click');
        // Whatever the click set off has ended before the next visit begins.
        await page.waitForLoadState('networkidle');
      }
    }
    expect(await world.database.contents()).toBe(before);
    await context.close();
  });
});
