import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentOf } from './parts/agent.ts';
import { decide, launchBrowser, signIn, takePicture, waitForStatus } from './parts/browser.ts';
import { clusterAs } from './parts/cluster-user.ts';
import { type RunningSystem, startSystem } from './parts/running-system.ts';

let system: RunningSystem;
let browser: Browser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await system?.dispose();
});

describe('the autonomous path', () => {
  it('finds the broken Deployment, mails a person, and heals it once that person has approved', async () => {
    const cluster = clusterAs(system.ready);
    expect((await cluster.deployment('shop', 'web')).status.availableReplicas ?? 0).toBe(0);

    const mail = await system.observeUntilMailed('shop/web', 'operator@example.com');
    const [link = ''] = mail.text.match(/http:\/\/localhost:\d+\/r\/[A-Za-z0-9_-]{22,}/) ?? [];
    // One link, and the name of the place it leads to; nothing else that could be followed.
    const addresses = mail.text.match(/https?:\/\/[^\s]+/g) ?? [];
    expect(addresses.filter((address) => address !== link)).toEqual([system.ready.webUrl]);

    const page = await (await browser.newContext()).newPage();
    await page.goto(link);
    await signIn(page, system.user('operator@example.com'));
    await page.waitForURL(/\/plans\/pln_[A-Za-z0-9_-]{22}$/);
    // The mail shows the same words, and the page shows what will run.
    const words = (await page.locator('.words').first().innerText()).split(/[^a-z]+/).filter((word) => word !== '');
    expect(words).toHaveLength(4);
    expect(mail.text).toContain(words.join(' · '));
    expect(await page.locator('main').textContent()).toContain('nginx:1.27-alpine');
    expect(await page.getByRole('status').first().textContent()).toMatch(/waiting/i);

    await takePicture(page, 'review-page');
    await decide(page, 'Approve', 'The old tag is known good.');
    await waitForStatus(page, /verified/i);
    const healed = await cluster.deployment('shop', 'web');
    expect(healed.spec.template.spec.containers[0].image).toBe('nginx:1.27-alpine');
    expect(healed.status.availableReplicas).toBe(healed.spec.replicas);
    expect(healed.metadata.annotations['countersign.dev/plan']).toMatch(
      /^pln_[A-Za-z0-9_-]{22}\/1\/sha256:[0-9a-f]{64}$/,
    );
  });

  it('shows no plan for what has no known fix, and says what to look at', async () => {
    // A Service may be without endpoints for a while before that is a fault.
    await system.advanceClock(600);
    await system.observe();
    const agent = await agentOf(system.ready);
    const { body } = await agent.call('list_anomalies', { namespace: 'shop' });
    const search = body.anomalies.find((anomaly: { target: { name: string } }) => anomaly.target.name === 'search');
    expect(search).toMatchObject({ category: 'ServiceNoEndpoints', planId: null });
    expect(search.untrusted.note).toMatch(/selector/i);
    await agent.close();
  });

  it('does not propose again for what was healed', async () => {
    const before = (await system.mails()).filter(({ text }) => text.includes('shop/web')).length;
    await system.observe();
    await system.observe();
    expect(
      (await system.mails()).filter(
        ({ subject, text }) => text.includes('shop/web') && /decide|decision|review/i.test(subject),
      ).length,
    ).toBeLessThanOrEqual(before);
  });
});
