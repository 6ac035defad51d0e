import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, agentOf } from './parts/agent.ts';
import { decide, launchBrowser, personAt, waitForStatus } from './parts/browser.ts';
import { clusterAs } from './parts/cluster-user.ts';
import { eventually, type RunningSystem, startSystem } from './parts/running-system.ts';

let system: RunningSystem;
let browser: Browser;
let agent: Agent;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  agent = await agentOf(system.ready);
});
afterAll(async () => {
  await agent?.close();
  await browser?.close();
  await system?.dispose();
});

const scale = async (replicas: number, name = 'api'): Promise<string> => {
  const { body, isError } = await agent.call('request_scale_deployment', {
    namespace: 'shop',
    name,
    replicas,
    reason: 'Load is rising.',
  });
  if (isError) throw new Error(JSON.stringify(body));
  return body.planId;
};
const status = async (planId: string): Promise<string> => (await agent.call('get_plan_status', { planId })).body.status;
const approveAs = async (email: string, planId: string): Promise<void> => {
  const { page, context } = await personAt(browser, system, email, `/plans/${planId}`);
  await decide(page, 'Approve');
  await waitForStatus(page, /approved|applied|verified/i);
  await context.close();
};
const replicasOf = async (name = 'api'): Promise<number> =>
  (await clusterAs(system.ready).deployment('shop', name)).spec.replicas;

describe("an agent's plan", () => {
  it('answers with the plan itself, changes nothing before approval, and runs once after approval and release', async () => {
    const before = await replicasOf();
    const { body } = await agent.call('request_scale_deployment', {
      namespace: 'shop',
      name: 'api',
      replicas: before + 1,
      reason: 'Load is rising.',
    });
    expect(body).toMatchObject({
      status: 'approval_required',
      planId: expect.stringMatching(/^pln_/),
      intentDigest: expect.stringMatching(/^sha256:/),
    });
    expect(body.reviewUrl).toBe(`${system.ready.webUrl}/plans/${body.planId}`);
    expect((await agent.call('execute_approved_plan', { planId: body.planId })).body).toMatchObject({
      status: 'approval_required',
    });
    expect(await replicasOf()).toBe(before);

    await approveAs('operator@example.com', body.planId);
    expect(await status(body.planId)).toBe('approved');
    expect(await replicasOf()).toBe(before);
    const executed = await agent.call('execute_approved_plan', { planId: body.planId });
    expect(executed.body.status).toMatch(/^(applied|verified)$/);
    expect(await replicasOf()).toBe(before + 1);
    await eventually('verification', 20_000, async () =>
      (await status(body.planId)) === 'verified' ? true : undefined,
    );
  });

  it('runs once for five callers at the same moment and refuses a second run', async () => {
    const planId = await scale((await replicasOf()) + 1);
    await approveAs('operator@example.com', planId);
    const generation = (await clusterAs(system.ready).deployment('shop', 'api')).metadata.generation;
    const answers = await Promise.all(Array.from({ length: 5 }, () => agent.call('execute_approved_plan', { planId })));
    for (const answer of answers) expect(answer.body.status).toMatch(/^(applied|verified|executing)$/);
    expect((await clusterAs(system.ready).deployment('shop', 'api')).metadata.generation).toBe(generation + 1);
    await eventually('verification', 20_000, async () => ((await status(planId)) === 'verified' ? true : undefined));
    await agent.call('execute_approved_plan', { planId });
    expect((await clusterAs(system.ready).deployment('shop', 'api')).metadata.generation).toBe(generation + 1);
  });

  it('does not run when a person denied it, and says so', async () => {
    const planId = await scale(1);
    const { page, context } = await personAt(browser, system, 'operator@example.com', `/plans/${planId}`);
    await decide(page, 'Deny', 'Not now.');
    await waitForStatus(page, /denied/i);
    await context.close();
    expect(await status(planId)).toBe('denied');
    const { body } = await agent.call('execute_approved_plan', { planId });
    expect(body.status ?? body.code).not.toBe('applied');
    expect(await replicasOf()).not.toBe(1);
  });

  it('can be cancelled by its requester, and then neither approved nor run', async () => {
    const planId = await scale(1);
    expect((await agent.call('cancel_plan', { planId })).body.status).toBe('canceled');
    const { page, context } = await personAt(browser, system, 'operator@example.com', `/plans/${planId}`);
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await context.close();
  });

  it('is refused to its owner, to an outsider and to a stranger to the plan', async () => {
    const planId = await scale(1);
    const owner = await personAt(browser, system, 'second@example.com', `/plans/${planId}`);
    expect(await owner.page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    const outsider = await personAt(browser, system, 'outsider@example.com', `/plans/${planId}`);
    const strange = (await outsider.page.locator('main').textContent()) ?? '';
    await outsider.page.goto(`${system.ready.webUrl}/plans/pln_${'x'.repeat(22)}`);
    expect((await outsider.page.locator('main').textContent()) ?? '').toBe(strange);
    expect(strange).not.toContain('api');
    await owner.context.close();
    await outsider.context.close();
    expect(await status(planId)).toBe('pending');
    await agent.call('cancel_plan', { planId });
  });

  it('goes stale when the object changed between approval and execution', async () => {
    const planId = await scale((await replicasOf('cart')) + 1, 'cart');
    await approveAs('operator@example.com', planId);
    const patched = await clusterAs(system.ready).send(
      'PATCH',
      '/apis/apps/v1/namespaces/shop/deployments/cart',
      { metadata: { labels: { touched: 'by-somebody' } } },
      'application/merge-patch+json',
    );
    expect(patched.status).toBe(200);
    const before = await replicasOf('cart');
    const { body } = await agent.call('execute_approved_plan', { planId });
    expect(body.status ?? body.code).toMatch(/stale|drifted/);
    expect(await status(planId)).toBe('stale');
    expect(await replicasOf('cart')).toBe(before);
  });

  it('refuses to scale out of bounds, to name an unknown container, an untagged image, or a namespace outside the list', async () => {
    const cases = [
      ['request_scale_deployment', { namespace: 'shop', name: 'api', replicas: 6, reason: 'x' }],
      ['request_scale_deployment', { namespace: 'internal-admin', name: 'x', replicas: 1, reason: 'x' }],
      [
        'request_set_deployment_image',
        { namespace: 'shop', name: 'api', container: 'nope', image: 'nginx:1.27-alpine', reason: 'x' },
      ],
      [
        'request_set_deployment_image',
        { namespace: 'shop', name: 'api', container: 'api', image: 'registry:5000/app', reason: 'x' },
      ],
    ] as const;
    for (const [tool, args] of cases) {
      const answer = await agent.call(tool, args);
      expect(answer.isError, JSON.stringify(args)).toBe(true);
    }
  });

  // Last: it moves the clock for everything that comes after it.
  it('expires at the end of its window', async () => {
    const planId = await scale(1);
    await system.advanceClock(3_601);
    const { page, context } = await personAt(browser, system, 'operator@example.com', `/plans/${planId}`);
    expect(await page.getByRole('button', { name: 'Approve' }).count()).toBe(0);
    await context.close();
    await eventually('expiry', 20_000, async () => ((await status(planId)) === 'expired' ? true : undefined));
  });
});
