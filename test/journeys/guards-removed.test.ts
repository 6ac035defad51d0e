import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, agentOf } from './parts/agent.ts';
import { decide, launchBrowser, personAt, waitForStatus } from './parts/browser.ts';
import { clusterAs } from './parts/cluster-user.ts';
import { type RunningSystem, startSystem } from './parts/running-system.ts';

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

describe('guard policies that somebody removed', () => {
  it('stop an approved plan from running, and any further plan from being made', async () => {
    const { body } = await agent.call('request_restart_deployment', { namespace: 'shop', name: 'api', reason: 'x' });
    const { page } = await personAt(browser, system, 'operator@example.com', `/plans/${body.planId}`);
    await decide(page, 'Approve');
    await waitForStatus(page, /approved/i);
    const cluster = clusterAs(system.ready);
    const before = (await cluster.deployment('shop', 'api')).metadata.generation;
    const removed = await cluster.send(
      'DELETE',
      '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/countersign-executor-marked-writes',
    );
    expect(removed.status).toBe(200);
    await agent.call('execute_approved_plan', { planId: body.planId });
    expect((await agent.call('get_plan_status', { planId: body.planId })).body.status).toBe('blocked');
    expect((await cluster.deployment('shop', 'api')).metadata.generation).toBe(before);
    const refused = await agent.call('request_restart_deployment', { namespace: 'shop', name: 'cart', reason: 'x' });
    expect(refused.isError).toBe(true);
    expect(JSON.stringify(refused.body)).toContain('guard.');
  });
});
