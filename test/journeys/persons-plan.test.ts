import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, connectAgent, personToken } from './parts/agent.ts';
import { decide, launchBrowser, personAt, waitForStatus } from './parts/browser.ts';
import { type RunningSystem, startSystem } from './parts/running-system.ts';

let system: RunningSystem;
let browser: Browser;
let own: Agent;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  own = await connectAgent(system.ready, await personToken(browser, system, 'second@example.com'));
});
afterAll(async () => {
  await own?.close();
  await browser?.close();
  await system?.dispose();
});

describe("a plan made with a person's own token", () => {
  it('may be approved by that same person at the low tier, and by nobody else', async () => {
    const { body } = await own.call('request_restart_deployment', {
      namespace: 'shop',
      name: 'cart',
      reason: 'It leaks memory.',
    });
    expect(body.riskTier).toBe('low');
    const other = await personAt(browser, system, 'operator@example.com', `/plans/${body.planId}`);
    expect(await other.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await other.context.close();
    const same = await personAt(browser, system, 'second@example.com', `/plans/${body.planId}`);
    await decide(same.page, 'Approve');
    await waitForStatus(same.page, /approved/i);
    expect((await own.call('execute_approved_plan', { planId: body.planId })).body.status).toMatch(/applied|verified/);
    await waitForStatus(same.page, /verified/i);
    await same.context.close();
  });

  it('needs another operator above the low tier', async () => {
    const { body } = await own.call('request_set_deployment_image', {
      namespace: 'shop',
      name: 'cart',
      container: 'cart',
      image: 'nginx:1.26-alpine',
      reason: 'Back to the old one.',
    });
    expect(body.riskTier).toBe('medium');
    const same = await personAt(browser, system, 'second@example.com', `/plans/${body.planId}`);
    expect(await same.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    const other = await personAt(browser, system, 'operator@example.com', `/plans/${body.planId}`);
    expect(await other.page.getByRole('button', { name: 'Approve' }).count()).toBe(1);
    await same.context.close();
    await other.context.close();
  });
});
