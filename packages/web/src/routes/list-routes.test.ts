import type { Anomaly } from '@countersign/approvals';
import { readAccessShard } from '@countersign/aws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLocator } from '../mail/locator.ts';
import { AGENT, asRequester, OPERATOR, OUTSIDER, SECOND } from '../testing/people.ts';
import { startWorld, type World } from '../testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const textOf = async (answer: Promise<Response>): Promise<string> =>
  (await (await answer).text()).replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

const anomaly = (key: string, change: Partial<Anomaly>): Anomaly => ({
  format: 'countersign.anomaly/v1',
  key: `ano_${key.repeat(32)}`,
  version: 1,
  cluster: 'prod-eu-1',
  category: 'PodUnhealthy',
  target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u' },
  severity: 'high',
  severityRule: 'image-pull',
  status: 'active',
  summary: 'web: image cannot be pulled',
  facts: { reason: '<script>alert(1)</script>' },
  evidence: [],
  firstSeenAt: '2026-11-21T09:32:30.000Z',
  lastSeenAt: '2026-11-21T09:54:20.000Z',
  resolvedAt: null,
  missedCycles: 0,
  recurrences: 0,
  planId: null,
  note: null,
  ...change,
});

describe('the inbox', () => {
  it('puts what waits for this very person first, and counts only that', async () => {
    const mine = await world.store({ by: AGENT, target: { name: 'mine' } });
    await world.store({ by: asRequester(OPERATOR), target: { name: 'asked-by-me' } });
    const over = await world.store({ by: AGENT, target: { name: 'over' } });
    await world.move(over.planId, { type: 'plan.canceled', actor: AGENT.id });
    const html = await (await world.get('/', OPERATOR)).text();
    const [waiting = '', open = '', recent = ''] = html.split(/id="h-(?:waiting|open|recent)"/).slice(1);
    expect([waiting.includes('mine'), open.includes('asked-by-me'), recent.includes('over')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(html).toMatch(/Inbox<span class="count">1<\/span>/);
    expect(html).toContain('<title>Inbox (1) · Countersign</title>');
    await world.post(
      `/plans/${mine.planId}/decision`,
      { ...(await world.decisionForm(mine.planId, OPERATOR)), decision: 'approve', comment: '' },
      OPERATOR,
    );
    expect(await (await world.get('/', OPERATOR)).text()).not.toMatch(/Inbox<span class="count">/);
  });

  it('shows an outsider nothing of other people, and their own plans', async () => {
    expect(await textOf(world.get('/', OUTSIDER))).not.toContain('mine');
    const own = await world.store({ by: asRequester(OUTSIDER), target: { name: 'own-thing' } });
    const html = await (await world.get('/', OUTSIDER)).text();
    expect([html.includes('own-thing'), html.includes(own.planId)]).toEqual([true, true]);
  });

  it('tells operators of a record that cannot be read, and still shows the others', async () => {
    const bad = await world.store({ by: AGENT });
    await world.database.clients.dynamodb.call('UpdateItem', {
      TableName: world.database.table,
      Key: { pk: { S: `PLAN#${bad.planId}` }, sk: { S: 'PLAN' } },
      UpdateExpression: 'SET #review = :garbage',
      ExpressionAttributeNames: { '#review': 'review' },
      ExpressionAttributeValues: { ':garbage': { S: '{"not":"a review"}' } },
    });
    const html = await (await world.get('/', OPERATOR)).text();
    expect([html.includes('A stored plan cannot be trusted'), html.includes('asked-by-me')]).toEqual([true, true]);
    expect(await (await world.get('/', OUTSIDER)).text()).not.toContain(bad.planId);
    expect(await textOf(world.get(`/plans/${bad.planId}`, OPERATOR))).toContain('plan.unreadable');
    expect((await world.get(`/plans/${bad.planId}`, OUTSIDER)).status).toBe(404);
  });
});

describe('anomalies', () => {
  it('are shown to those who may read the namespace, most severe first, as text', async () => {
    await world.ports.anomalies.put(anomaly('a', { severity: 'low', summary: 'low: warning events' }), 0);
    await world.ports.anomalies.put(anomaly('b', { note: 'No operation of ours can change <i>that</i>.' }), 0);
    await world.ports.anomalies.put(anomaly('c', { cluster: 'other', summary: 'elsewhere' }), 0);
    const html = await (await world.get('/anomalies', OPERATOR)).text();
    expect(html.indexOf('web: image cannot be pulled')).toBeLessThan(html.indexOf('low: warning events'));
    expect(html).toContain('&lt;script&gt;alert(1)');
    expect(html).toContain('change &lt;i&gt;that');
    expect(html).not.toContain('elsewhere');
    expect(html).toMatch(/Anomalies<span class="count">2<\/span>/);
    expect(await textOf(world.get('/anomalies', OUTSIDER))).toContain(
      'Nothing unhealthy in the namespaces that you may read.',
    );
  });

  it('name the plan that is for them, and the plan names them', async () => {
    const { planId } = await world.store({ by: AGENT, review: { anomaly: `ano_${'b'.repeat(32)}` } });
    expect(await (await world.get('/anomalies', OPERATOR)).text()).toContain(`/plans/${planId}`);
    expect(await (await world.get(`/plans/${planId}`, OPERATOR)).text()).toContain(
      `href="/anomalies#ano_${'b'.repeat(32)}"`,
    );
  });
});

describe('the audit page', () => {
  it('lists the events of the plans that one may see, newest first', async () => {
    const text = await textOf(world.get('/audit', OPERATOR));
    expect(text).toContain('Approving vote sealed');
    expect(text.indexOf('Canceled')).toBeGreaterThan(0);
    expect(await textOf(world.get('/audit', OUTSIDER))).not.toContain('Approving vote sealed');
  });
});

describe("a mail's link", () => {
  const put = async (planId: string): Promise<string> => {
    const { locator, hash } = makeLocator(world.ports.random);
    await world.ports.locators.put({
      hash,
      planId,
      recipient: 'operator@example.com',
      createdAt: world.clock.now.toISOString(),
    });
    return locator;
  };

  it('leads whoever may see the plan to its own address, any number of times', async () => {
    const { planId } = await world.store({ by: AGENT });
    const locator = await put(planId);
    for (const person of [OPERATOR, OPERATOR, SECOND]) {
      const answer = await world.get(`/r/${locator}`, person);
      expect([answer.status, answer.headers.get('location')]).toEqual([302, `/plans/${planId}`]);
    }
  });

  it('looks the same to the signed-out and to outsiders, valid or not (no enumeration)', async () => {
    const locator = await put((await world.store({ by: AGENT })).planId);
    const unknown = makeLocator(world.ports.random).locator;
    const [a, b] = [await world.get(`/r/${locator}`), await world.get(`/r/${unknown}`)];
    expect([a.status, b.status]).toEqual([302, 302]);
    expect(a.headers.get('location')?.replace(locator, unknown)).toBe(b.headers.get('location'));
    const [c, d] = [await world.get(`/r/${locator}`, OUTSIDER), await world.get(`/r/${unknown}`, OUTSIDER)];
    expect([c.status, d.status, await c.text()]).toEqual([404, 404, await d.text()]);
  });

  it('that was forwarded shows up in the access log, with the plan and who followed it', async () => {
    const { planId } = await world.store({ by: AGENT });
    await world.get(`/r/${await put(planId)}`, OUTSIDER);
    const { records, broken } = await readAccessShard(world.database.clients.dynamodb, world.database.table, 'web', 0);
    expect(broken).toBeNull();
    expect(records.at(-1)).toMatchObject({
      type: 'page.refused',
      actor: OUTSIDER.id,
      planId,
      data: { code: 'plan.not_found' },
    });
  });

  it('has 192 random bits, and only its hash is stored', async () => {
    const { locator, hash } = makeLocator(world.ports.random);
    expect(locator).toMatch(/^[A-Za-z0-9_-]{32}$/);
    await put((await world.store({ by: AGENT })).planId);
    expect(hash).not.toContain(locator);
    expect(await world.database.contents()).not.toContain(locator);
  });
});

describe('the JSON', () => {
  it('holds the same reads for the same people', async () => {
    const { planId } = await world.store({ by: AGENT });
    const { plans } = (await (await world.get('/api/plans', OPERATOR)).json()) as {
      plans: { planId: string; waitsForYou: boolean }[];
    };
    expect(plans.find((plan) => plan.planId === planId)?.waitsForYou).toBe(true);
    const answer = await world.get(`/api/plans/${planId}`, OPERATOR);
    expect(await answer.json()).toMatchObject({
      plan: { planId, status: 'pending', version: 1 },
      votes: [],
      timeline: { brokenAt: null },
    });
    expect(answer.headers.get('etag')).toBe('"1-0"');
    const outside = (await (await world.get('/api/plans', OUTSIDER)).json()) as { plans: { planId: string }[] };
    expect(outside.plans.map((plan) => plan.planId)).not.toContain(planId);
  });

  it('is for our own pages alone', async () => {
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
    ]) {
      expect((await world.get('/api/plans', OPERATOR, headers as Record<string, string>)).status).toBe(403);
    }
    expect((await world.get('/api/plans')).status).toBe(401);
  });

  it('tells by its ETag that a plan has moved on', async () => {
    const { planId } = await world.store({ by: AGENT });
    const etag = async () => (await world.get(`/api/plans/${planId}`, OPERATOR)).headers.get('etag');
    const before = await etag();
    await world.move(planId, { type: 'plan.canceled', actor: AGENT.id });
    expect(await etag()).not.toBe(before);
  });
});
