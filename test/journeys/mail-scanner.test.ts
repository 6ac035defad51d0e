import { canonicalize } from '@countersign/approvals';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentOf } from './parts/agent.ts';
import { decide, launchBrowser, signIn, waitForStatus } from './parts/browser.ts';
import { type RunningSystem, startSystem } from './parts/running-system.ts';
import { tableWriter } from './parts/table.ts';

let system: RunningSystem;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await system?.dispose();
});

describe('a mail scanner', () => {
  it('that opens every link and clicks every button while signed out changes nothing and uses nothing up', async () => {
    const agent = await agentOf(system.ready);
    const { body } = await agent.call('request_restart_deployment', { namespace: 'shop', name: 'api', reason: 'x' });
    const mail = await system.mail(({ to, html }) => to === 'operator@example.com' && html.includes('/r/'));
    const [link = ''] = mail.text.match(/http:\/\/localhost:\d+\/r\/[A-Za-z0-9_-]+/) ?? [];
    const table = tableWriter(system.ready);
    const records = async (): Promise<string> =>
      canonicalize(
        await Promise.all(
          ['PLAN', 'VOTES', 'GRANT', 'CHAIN'].map((prefix) => table.partition(`${prefix}#${body.planId}`)),
        ),
      );
    const before = await records();

    for (const method of ['GET', 'HEAD', 'OPTIONS'] as const) {
      for (const path of ['', '/', '?x=1']) await fetch(`${link}${path}`, { method, redirect: 'manual' });
      await fetch(`${system.ready.webUrl}/plans/${body.planId}/decision`, { method, redirect: 'manual' });
    }
    const posted = await fetch(`${system.ready.webUrl}/plans/${body.planId}/decision`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: system.ready.webUrl },
      body: 'decision=approve',
      redirect: 'manual',
    });
    expect(posted.status).toBeGreaterThanOrEqual(300);
    const page = await (await browser.newContext()).newPage();
    await page.goto(link);
    for (let click = 0; click < 5; click += 1) {
      for (const button of await page.getByRole('button').all())
        await button.click({ timeout: 2_000 }).catch(() => undefined);
      for (const anchor of await page.getByRole('link').all())
        await anchor.click({ timeout: 2_000 }).catch(() => undefined);
    }
    expect(await records()).toBe(before);

    // Valid and invalid links look the same to whoever is signed out.
    const wrong = link.replace(/.{5}$/, 'AAAAA');
    const [valid, invalid] = await Promise.all([link, wrong].map((url) => fetch(url, { redirect: 'manual' })));
    expect(invalid?.status).toBe(valid?.status);
    expect(Object.keys(mail)).toContain('html');
    expect(mail.html + mail.text).not.toMatch(/approve=|decision=|token=|eyJ/);

    // Nothing was used up: the same link still brings the right person to a decision.
    const visit = await (await browser.newContext()).newPage();
    await visit.goto(link);
    await signIn(visit, system.user('operator@example.com'));
    await visit.waitForURL(`${system.ready.webUrl}/plans/${body.planId}`);
    await decide(visit, 'Approve');
    await waitForStatus(visit, /approved/i);
    table.close();
    await agent.close();
  });
});
