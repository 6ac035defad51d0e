import { canonicalize, digestOf } from '@countersign/approvals';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Agent, agentOf } from './parts/agent.ts';
import { decide, launchBrowser, personAt, waitForStatus } from './parts/browser.ts';
import { clusterAs } from './parts/cluster-user.ts';
import { eventually, type RunningSystem, startSystem } from './parts/running-system.ts';
import { type Item, type TableWriter, tableWriter } from './parts/table.ts';

const ACCESS_SHARDS = 4;

let system: RunningSystem;
let browser: Browser;
let agent: Agent;
let table: TableWriter;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  agent = await agentOf(system.ready);
  table = tableWriter(system.ready);
});
afterAll(async () => {
  table?.close();
  await agent?.close();
  await browser?.close();
  await system?.dispose();
});

/** Approved by a real person, not yet released. */
async function approvedPlan(): Promise<{ readonly planId: string; readonly generation: number }> {
  const { spec, metadata } = await clusterAs(system.ready).deployment('shop', 'api');
  const { body } = await agent.call('request_scale_deployment', {
    namespace: 'shop',
    name: 'api',
    replicas: spec.replicas === 3 ? 4 : 3,
    reason: 'x',
  });
  const { page, context } = await personAt(browser, system, 'operator@example.com', `/plans/${body.planId}`);
  await decide(page, 'Approve');
  await waitForStatus(page, /approved/i);
  await context.close();
  return { planId: body.planId, generation: metadata.generation };
}

/** Either the call is refused at once, or the executor takes the message and refuses it at a gate: never an effect. */
async function expectNoEffect(planId: string, generation: number): Promise<void> {
  const call = agent.call('execute_approved_plan', { planId });
  const refused = eventually('a refusal', 30_000, () => gateRefusal(planId));
  const first = await Promise.race([call.then(({ body }) => ({ body })), refused.then((code) => ({ body: { code } }))]);
  expect(first.body.code ?? first.body.status, JSON.stringify(first.body)).not.toMatch(/^(applied|verified)$/);
  expect((await clusterAs(system.ready).deployment('shop', 'api')).metadata.generation).toBe(generation);
  refused.catch(() => undefined);
}

/** The code with which functions/execute refused the plan, from its access log. */
async function gateRefusal(planId: string): Promise<string | undefined> {
  for (let shard = 0; shard < ACCESS_SHARDS; shard += 1) {
    for (const item of await table.partition(`ACCESS#execute#${shard}`)) {
      const entry = JSON.stringify(item);
      const [code] = entry.match(/(?:digest|grant|votes|release|plan|policy|vote)\.[a-z_]+/) ?? [];
      if (entry.includes(planId) && entry.includes('gate.refused')) return code ?? 'gate.refused';
    }
  }
  return undefined;
}

const text = (item: Item, attribute: string): string => item[attribute]?.S ?? '';

describe('a table writer, between approval and execution', () => {
  it.each(['the intent alone', 'intent, review and every digest beside them'] as const)(
    'cannot swap %s',
    async (what) => {
      const { planId, generation } = await approvedPlan();
      const [plan] = (await table.partition(`PLAN#${planId}`)).filter((item) => item.intent !== undefined);
      if (plan === undefined) throw new Error('no plan record');
      const intent = JSON.parse(text(plan, 'intent'));
      intent.steps[0].operation.replicas = 5;
      const forged = { ...plan, intent: { S: canonicalize(intent) } };
      if (what !== 'the intent alone') {
        const intentDigest = digestOf('countersign.dev/intent/v1', intent);
        const review = { ...JSON.parse(text(plan, 'review')), intentDigest };
        Object.assign(forged, {
          intentDigest: { S: intentDigest },
          review: { S: canonicalize(review) },
          reviewDigest: { S: digestOf('countersign.dev/review/v1', review) },
        });
      }
      await table.put(forged);
      await expectNoEffect(planId, generation);
    },
  );

  it('cannot approve by writing the status', async () => {
    const { body } = await agent.call('request_scale_deployment', {
      namespace: 'shop',
      name: 'api',
      replicas: 1,
      reason: 'x',
    });
    const [plan] = (await table.partition(`PLAN#${body.planId}`)).filter((item) => item.intent !== undefined);
    const { metadata } = await clusterAs(system.ready).deployment('shop', 'api');
    if (plan === undefined) throw new Error('no plan record');
    await table.put({ ...plan, status: { S: 'approved' }, grantedVersion: { N: '1' }, version: { N: '2' } });
    await expectNoEffect(body.planId, metadata.generation);
  });

  it.each(['VOTES', 'GRANT'] as const)('cannot change or remove the record of %s', async (prefix) => {
    for (const attack of ['change', 'remove'] as const) {
      const { planId, generation } = await approvedPlan();
      const [record] = await table.partition(`${prefix}#${planId}`);
      if (record === undefined) throw new Error('no record');
      const [header, payload, signature] = text(record, 'seal').split('.');
      const body = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
      const forged = { ...body, comment: 'forged', exp: '2036-01-01T00:00:00.000Z' };
      const seal = [header, Buffer.from(JSON.stringify(forged)).toString('base64url'), signature].join('.');
      if (attack === 'change') await table.put({ ...record, seal: { S: seal } });
      else await table.remove(record);
      await expectNoEffect(planId, generation);
    }
  });

  it("cannot release by a record copied from another plan's release", async () => {
    const { planId, generation } = await approvedPlan();
    const other = await approvedPlan();
    await agent.call('execute_approved_plan', { planId: other.planId });
    const [release] = await table.partition(`RELEASE#${other.planId}`);
    const after = (await clusterAs(system.ready).deployment('shop', 'api')).metadata.generation;
    expect(after).toBe(generation + 1);
    if (release === undefined) throw new Error('no release record');
    await table.put({ ...release, pk: { S: `RELEASE#${planId}` }, planId: { S: planId } });
    await orderByHand(planId);
    expect(await eventually('a refusal', 30_000, () => gateRefusal(planId))).toBe('release.invalid');
    expect((await clusterAs(system.ready).deployment('shop', 'api')).metadata.generation).toBe(after);
  });

  it('cannot run an approved plan that nobody released by writing an outbox record', async () => {
    const { planId, generation } = await approvedPlan();
    await orderByHand(planId);
    expect(await eventually('a refusal', 30_000, () => gateRefusal(planId))).toBe('release.missing');
    expect((await clusterAs(system.ready).deployment('shop', 'api')).metadata.generation).toBe(generation);
  });
});

/** An execute order that no transaction of ours wrote: the stream announces it like any other. */
async function orderByHand(planId: string): Promise<void> {
  const at = new Date().toISOString();
  await table.put({
    pk: { S: `OUTBOX#execute.${planId}.9` },
    sk: { S: 'OUTBOX' },
    format: { S: 'countersign.outbox/v1' },
    outboxId: { S: `execute.${planId}.9` },
    kind: { S: 'execute' },
    pointer: { M: { type: { S: 'plan' }, planId: { S: planId } } },
    notice: { NULL: true },
    createdAt: { S: at },
    dueAt: { S: at },
  });
}
