/** A plan of several steps from kubectl commands, a manifest, and an undo: decided by a person in a browser, run, verified, taken back. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, agentOf } from './parts/agent.ts';
import { decide, launchBrowser, personAt, takePicture, waitForStatus } from './parts/browser.ts';
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

const proposed = async (tool: string, args: Record<string, unknown>) => {
  const { body, isError } = await agent.call(tool, args);
  if (isError) throw new Error(JSON.stringify(body));
  return body;
};
const status = async (planId: string) => (await agent.call('get_plan_status', { planId })).body;

/** Answers what the page said before the decision. */
async function approve(planId: string, picture?: string): Promise<string> {
  const { page, context } = await personAt(browser, system, 'operator@example.com', `/plans/${planId}`);
  const text = (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
  if (picture !== undefined) await takePicture(page, picture);
  // A high risk asks for the object's name.
  const confirm = page.getByLabel(/To approve this high risk, type/);
  if ((await confirm.count()) > 0)
    await confirm.fill(
      (await confirm.evaluate((input) => input.labels?.[0]?.querySelector('code')?.textContent)) ?? '',
    );
  await decide(page, 'Approve', 'Looks right.');
  await waitForStatus(page, /approved|applied|verified/i);
  await context.close();
  return text;
}
async function approvedAndRun(planId: string, picture?: string): Promise<string> {
  const text = await approve(planId, picture);
  await agent.call('execute_approved_plan', { planId });
  await eventually('verification', 30_000, async () =>
    (await status(planId)).status === 'verified' ? true : undefined,
  );
  return text;
}
const deployment = (name: string) => clusterAs(system.ready).deployment('shop', name);

describe('kubectl commands as one plan', () => {
  it('become typed steps that a person decides on together, and are run in order, each with its result', async () => {
    const before = await deployment('cart');
    const body = await proposed('propose_remediation', {
      action: 'More carts, and a label to find them by',
      commands: [
        {
          command: 'kubectl scale deployment/cart --replicas=2 -n shop',
          explanation: 'Load is rising.',
          safety_level: 'SAFE',
        },
        { command: 'kubectl label deployment/api tier=front -n shop', explanation: 'To find it.' },
      ],
    });
    expect(body.steps.map(({ operation }: { operation: string }) => operation)).toEqual(['scale', 'label']);
    expect((await deployment('cart')).spec.replicas).toBe(before.spec.replicas);

    const text = await approvedAndRun(body.planId, 'several-steps');
    expect(text).toContain('1. Deployment shop/cart');
    expect(text).toContain('2. Deployment shop/api');
    expect(text).toContain('SAFE');
    expect((await status(body.planId)).steps.map(({ result }: { result: string }) => result)).toEqual([
      'written',
      'written',
    ]);
    expect((await deployment('cart')).spec.replicas).toBe(2);
    expect((await deployment('api')).metadata.labels?.tier).toBe('front');

    const undo = await proposed('request_undo', { planId: body.planId, reason: 'The load is gone.' });
    await approvedAndRun(undo.planId);
    expect((await deployment('cart')).spec.replicas).toBe(before.spec.replicas);
    expect((await deployment('api')).metadata.labels?.tier).toBeUndefined();
  });

  it('stop at the first step that fails, and every later step is said not to have run', async () => {
    const body = await proposed('propose_remediation', {
      action: 'Two changes',
      commands: [
        'kubectl scale deployment/cart --replicas=3 -n shop',
        'kubectl scale deployment/cache --replicas=3 -n shop',
        'kubectl scale deployment/api --replicas=3 -n shop',
      ],
    });
    await approve(body.planId);
    // Somebody changes the second object between the approval and the run.
    await clusterAs(system.ready).send(
      'PATCH',
      '/apis/apps/v1/namespaces/shop/deployments/cache',
      { metadata: { labels: { theirs: 'now' } } },
      'application/merge-patch+json',
    );
    await agent.call('execute_approved_plan', { planId: body.planId });
    const ended = await eventually('the end', 30_000, async () => {
      const now = await status(body.planId);
      return now.finished ? now : undefined;
    });
    expect(ended.status).toBe('partially_applied');
    expect(ended.steps.map(({ result, code }: { result: string; code: string | null }) => code ?? result)).toEqual([
      'written',
      'target.drifted',
      'not_run',
    ]);
    const { page, context } = await personAt(browser, system, 'operator@example.com', `/plans/${body.planId}`);
    const text = (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
    expect(text).toContain('Step 2, Deployment shop/cache, was refused before its write');
    expect(text).toContain('Step 3, Deployment shop/api, was not run');
    await takePicture(page, 'partially-applied');
    await context.close();
  });
});

describe('a manifest', () => {
  it('creates what is absent, is applied again, and its undo takes it away', async () => {
    const manifest = (port: number) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'front', namespace: 'shop' },
      spec: { selector: { app: 'api' }, ports: [{ name: 'http', port, targetPort: 8080 }] },
    });
    const reason = 'A name for the front.';
    const created = await proposed('request_apply_manifest', { namespace: 'shop', manifest: manifest(80), reason });
    const text = await approvedAndRun(created.planId, 'create');
    expect(text).toContain('Create front');
    const changed = await proposed('request_apply_manifest', { namespace: 'shop', manifest: manifest(81), reason });
    await approvedAndRun(changed.planId);
    const undo = await proposed('request_undo', { planId: created.planId, reason: 'Not needed.' });
    expect(undo.steps).toMatchObject([{ operation: 'delete', name: 'front' }]);
    await approvedAndRun(undo.planId, 'delete');
    const gone = await agent.call('get_k8s_resource', { namespace: 'shop', kind: 'Service', name: 'front' });
    expect(gone).toMatchObject({ isError: true, body: { code: 'target.not_found' } });
  });
});
