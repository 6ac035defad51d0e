import { openPlan } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mailFacts } from '../mail/mail-facts.ts';
import { AGENT, asRequester, OPERATOR, OUTSIDER, personNamed, SECOND } from '../testing/people.ts';
import { EVIDENCE } from '../testing/plans.ts';
import { startWorld, type World } from '../testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const pageOf = async (planId: string, person = OPERATOR): Promise<string> =>
  (await world.get(`/plans/${planId}`, person)).text();
const textOf = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the review page', () => {
  it('keeps its contract of roles and names', async () => {
    const { planId } = await world.store({ by: AGENT });
    const html = await pageOf(planId);
    expect(html).toMatch(/<span[^>]* role="status"[^>]*>Waiting for your decision<\/span>/);
    expect(html.match(/role="status"/g)).toHaveLength(1);
    expect(html).toMatch(/<label for="comment">Comment<\/label><textarea id="comment" name="comment"/);
    expect(html).toMatch(/<button class="deny" type="submit" name="decision" value="deny">Deny<\/button>/);
    expect(html).toMatch(/<button class="approve" type="submit" name="decision" value="approve">Approve<\/button>/);
    expect(html).not.toMatch(/autofocus/i);
  });

  it("takes its title from the typed operation, never from the agent's words", async () => {
    const words = { title: 'Routine label update', reason: 'Nothing to see.', decidedBy: 'client' as const };
    const { planId } = await world.store({ by: AGENT, review: { words } });
    const html = await pageOf(planId);
    expect(html).toContain('<title>Set the image of web to nginx:1.27-alpine · Countersign</title>');
    expect(textOf(html.match(/<h1>.*?<\/h1>/s)?.[0] ?? '').trim()).toBe('Set the image of web to nginx:1.27-alpine');
    expect(html.indexOf('Routine label update')).toBeGreaterThan(html.indexOf('id="h-why"'));
    expect(html.indexOf('id="h-why"')).toBeGreaterThan(html.indexOf('id="h-proof"'));
  });

  it('numbers several steps in the order in which they run, and says of each what it does and whose finding it is', async () => {
    const of = (kind: string, name: string, uid: string | null) => ({
      apiVersion: 'v1',
      kind,
      namespace: 'shop',
      name,
      uid,
    });
    const { planId } = await world.store({
      by: AGENT,
      more: [
        {
          target: of('ConfigMap', 'settings', null),
          operation: { type: 'apply', manifest: { apiVersion: 'v1', kind: 'ConfigMap' } },
        },
        {
          target: of('Pod', 'web-0', 'uid-pod'),
          operation: { type: 'delete', propagation: 'Background', gracePeriodSeconds: null },
        },
      ],
      evidence: {
        findings: [...EVIDENCE.findings, { severity: 'warn', code: 'image-tag', step: 3, message: 'look at this' }],
      },
    });
    const html = await pageOf(planId);
    const text = textOf(html);
    expect(text).toContain('The first that fails stops the plan');
    const headings = [...html.matchAll(/<h3>(.*?)<\/h3>/gs)].map(([, inner]) => textOf(inner ?? '').trim());
    expect(headings).toEqual(['1. Deployment shop/web', '2. ConfigMap shop/settings', '3. Pod shop/web-0']);
    expect(text).toContain('Create settings');
    expect(text).toContain('The whole object goes.');
    expect(text).toContain('Step 3: look at this');
  });

  it('shows the very words that the mail shows', async () => {
    const { planId } = await world.store({ by: AGENT });
    const records = await world.ports.plans.read(planId);
    const opened = records === null ? undefined : openPlan(records);
    if (opened?.ok !== true) throw new Error('no plan');
    const { words } = mailFacts(opened.value, { pagesOrigin: 'http://localhost:8787', locator: 'x' });
    expect(words.split(' · ')).toHaveLength(4);
    const listed = words
      .split(' · ')
      .map((word) => `<li>${word}</li>`)
      .join('');
    expect(await pageOf(planId)).toContain(listed);
  });

  it('names what nobody inspected, what was hidden and what is left out, by path', async () => {
    const diff = EVIDENCE.diff.map((object) => ({
      ...object,
      changes: [
        ...object.changes,
        {
          label: 'spec.odd',
          path: '/spec/odd',
          kind: 'added' as const,
          from: null,
          to: 'x',
          meaning: 'unclassified' as const,
        },
      ],
    }));
    const redactions = [
      {
        step: 1,
        path: '/spec/env/0/value',
        reason: 'environment-value' as const,
        commitment: `sha256:${'a'.repeat(64)}` as const,
      },
    ];
    const { planId } = await world.store({ by: AGENT, evidence: { diff }, review: { redactions } });
    const text = textOf(await pageOf(planId));
    expect(text).toContain('NOT INSPECTED: 1 path.');
    expect(text).toContain('NOT INSPECTED /spec/odd');
    expect(text).toContain('1 value was hidden from you');
    expect(text).toContain('/spec/env/0/value');
    expect(text).toContain('4 paths left out of every comparison');
    expect(text).toContain('metadata.resourceVersion');
  });

  it('marks what is live as live, and warns of drift', async () => {
    const { planId } = await world.store({ by: AGENT });
    await world.ports.plans.putFreshness({
      format: 'countersign.freshness/v1',
      planId,
      checkedAt: '2026-11-21T09:54:29.000Z',
      fresh: false,
      changed: ['/spec/replicas'],
    });
    const text = textOf(await pageOf(planId));
    expect(text).toContain(
      'live Changed in the cluster since the plan was made; this plan will not run , checked at 09:54:29 UTC (1 s ago): /spec/replicas',
    );
  });

  it('shows a raw diff that is too long by its beginning, says what is missing, and gives the whole as text', async () => {
    const raw = Array.from({ length: 3000 }, (_, at) => `+ line ${at}: <b>`).join('\n');
    const { planId } = await world.store({ by: AGENT, evidence: { diff: [{ step: 1, changes: [], raw }] } });
    const html = await pageOf(planId);
    expect(html.length).toBeLessThan(60_000);
    expect(html).toContain('NOT SHOWN HERE: the last');
    const whole = await world.get(`/plans/${planId}/diff`, OPERATOR);
    expect(whole.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await whole.text()).toBe(raw);
    expect((await world.get(`/plans/${planId}/diff`, OUTSIDER)).status).toBe(404);
  });

  it('stays under 60 KB, style and script included', async () => {
    const { planId } = await world.store({ by: AGENT });
    const html = await pageOf(planId);
    const assets = [...html.matchAll(/\/assets\/[a-z]+\.[0-9a-f]{16}\.[a-z]+/g)].map(([path]) => path);
    expect(new Set(assets).size).toBe(3);
    const sizes = await Promise.all(
      [...new Set(assets)].map(async (path) => (await (await world.get(path)).arrayBuffer()).byteLength),
    );
    expect(Buffer.byteLength(html) + sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(60_000);
  });
});

describe('untrusted text', () => {
  const EVIL = `"><script>alert(1)</script><img src=x onerror=alert(1)>' onmouseover=x {{7*7}} &lt;b&gt; \u202Eevil\u200B`;

  it('stays text in every field that somebody else can fill', async () => {
    const touched = { severity: 'warn' as const, code: 'x', message: EVIL };
    const change = { label: EVIL, path: '/spec/x', kind: 'changed' as const, from: EVIL, to: EVIL };
    const by = { ...AGENT, display: EVIL };
    const { planId } = await world.store({
      by,
      operation: { type: 'set-image', container: 'web', image: EVIL },
      review: {
        words: { title: EVIL, reason: `${EVIL}\n${EVIL}`, decidedBy: 'client' },
        riskReasons: [EVIL],
        ignoredPaths: { version: 1, paths: [EVIL] },
      },
      evidence: {
        dryRunFacts: { at: '2026-11-21T09:54:10.000Z', serverVersion: EVIL.slice(0, 99), warnings: [EVIL] },
        diff: [
          {
            step: 1,
            raw: EVIL,
            changes: (['requested', 'consequence', 'unclassified', 'mark'] as const).map((meaning) => ({
              ...change,
              meaning,
            })),
          },
        ],
        findings: (['deny', 'warn', 'pass'] as const).map((severity) => ({
          severity,
          code: '<b>x</b>',
          step: 1,
          message: EVIL,
        })),
        blastRadius: [touched],
        undo: { steps: null, message: EVIL },
        successCriteria: {
          withinSeconds: 60,
          all: [{ type: 'endpoints', namespace: EVIL, service: EVIL, readyMin: 1 }],
        },
      },
    });
    await world.ports.plans.putFreshness({
      format: 'countersign.freshness/v1',
      planId,
      checkedAt: '2026-11-21T09:54:29.000Z',
      fresh: false,
      changed: [EVIL],
    });
    const denial = {
      ...(await world.decisionForm(planId, { ...OPERATOR, display: EVIL })),
      decision: 'deny',
      comment: EVIL,
    };
    expect((await world.post(`/plans/${planId}/decision`, denial, { ...OPERATOR, display: EVIL })).status).toBe(303);
    for (const path of [`/plans/${planId}`, '/', '/audit']) {
      const html = await (await world.get(path, SECOND)).text();
      expect(html).toContain('&lt;script&gt;');
      expect(html).not.toMatch(/<script>|<img|onerror=alert\(1\)>(?!&)[^&]*<\/img/);
      expect(html.match(/<script\b/g)).toHaveLength(1);
      expect(html).not.toContain('\u202E');
      expect(html).not.toContain('\u200B');
      expect(html).not.toMatch(/<[a-z]+[^>]*\sonmouseover=/);
    }
    expect(await pageOf(planId, SECOND)).toContain('U+202E');
  });

  it("never makes a link of the agent's words", async () => {
    const words = {
      title: 'see',
      reason: 'https://evil.example/a [x](https://evil.example) <a href=//evil>',
      decidedBy: 'model' as const,
    };
    const { planId } = await world.store({ by: AGENT, review: { words } });
    expect(await pageOf(planId)).not.toMatch(/<a [^>]*evil/);
  });
});

describe('a plan of other people', () => {
  it('gives an outsider the very answer of a plan that does not exist', async () => {
    const { planId } = await world.store({ by: AGENT });
    for (const path of ['', '/diff']) {
      const hidden = await world.get(`/plans/${planId}${path}`, OUTSIDER);
      const unknown = await world.get(`/plans/pln_${'A'.repeat(22)}${path}`, OUTSIDER);
      const malformed = await world.get(`/plans/x${path}`, OUTSIDER);
      expect([hidden.status, unknown.status, malformed.status]).toEqual([404, 404, 404]);
      const bodies = await Promise.all([hidden.text(), unknown.text(), malformed.text()]);
      expect(new Set(bodies).size).toBe(1);
      expect([...hidden.headers]).toEqual([...unknown.headers]);
    }
    const [hidden, unknown] = await Promise.all(
      [planId, `pln_${'A'.repeat(22)}`].map(async (id) => (await world.get(`/api/plans/${id}`, OUTSIDER)).text()),
    );
    expect(hidden).toBe(unknown);
  });

  it('sends the signed-out to sign in, the same way for every address', async () => {
    const { planId } = await world.store({ by: AGENT });
    for (const id of [planId, `pln_${'A'.repeat(22)}`]) {
      const answer = await world.get(`/plans/${id}`);
      expect([answer.status, answer.headers.get('location')]).toEqual([302, `/signin?return=%2Fplans%2F${id}`]);
    }
  });

  it('is seen by requester, owner, deciders and auditors, who are told why they cannot decide', async () => {
    const { planId } = await world.store({ by: AGENT });
    expect(await pageOf(planId, SECOND)).toContain(
      'You own the client that requested this plan; somebody else must decide.',
    );
    expect(await pageOf(planId, personNamed('auditor', ['auditors']))).toContain(
      'You are not in a group that may decide on this plan.',
    );
    const own = await world.store({ by: asRequester(OUTSIDER) });
    const html = await pageOf(own.planId, OUTSIDER);
    expect(html).toContain('You requested this plan');
    expect(html).toContain('Cancel this plan');
    expect(html).not.toContain('name="challenge"');
  });

  it('may be approved by its requester alone at the low tier of the same-person policy', async () => {
    const { planId } = await world.store({ by: asRequester(OUTSIDER), review: { riskTier: 'low', riskReasons: [] } });
    expect(await pageOf(planId, OPERATOR)).toContain('Only the person who requested this plan may decide on it.');
    const form = { ...(await world.decisionForm(planId, OUTSIDER)), decision: 'approve', comment: '' };
    expect((await world.post(`/plans/${planId}/decision`, form, OUTSIDER)).status).toBe(303);
  });
});

describe('a damaged plan', () => {
  it('is shown to operators as damaged, without a word of its content, and to others not at all', async () => {
    const { planId } = await world.store({ by: AGENT });
    const { clients, table } = world.database;
    const plan = await world.ports.plans.readPlan(planId);
    await clients.dynamodb.call('UpdateItem', {
      TableName: table,
      Key: { pk: { S: `PLAN#${planId}` }, sk: { S: 'PLAN' } },
      UpdateExpression: 'SET #intent = :intent',
      ExpressionAttributeNames: { '#intent': 'intent' },
      ExpressionAttributeValues: { ':intent': { S: (plan?.intent ?? '').replace('nginx:1.27-alpine', 'evil:1.0') } },
    });
    expect((await world.ports.plans.readPlan(planId))?.intent).toContain('evil:1.0');
    const answer = await world.get(`/plans/${planId}`, OPERATOR);
    const html = await answer.text();
    expect([
      answer.status,
      html.includes('digest.intent_changed'),
      html.includes('evil:1.0'),
      html.includes('>Approve<'),
    ]).toEqual([409, true, false, false]);
    expect((await world.get(`/plans/${planId}`, OUTSIDER)).status).toBe(404);
    expect((await world.get('/', OPERATOR)).status).toBe(200);
  });
});

describe('the status page', () => {
  it('tells the whole path, with who and when, and says that the chain is whole', async () => {
    const { planId } = await world.store({ by: AGENT });
    await world.post(
      `/plans/${planId}/decision`,
      { ...(await world.decisionForm(planId, OPERATOR)), decision: 'approve', comment: 'Yes.' },
      OPERATOR,
    );
    await world.move(planId, {
      type: 'grant.issued',
      actor: 'system:grant',
      data: { grant: `sha256:${'a'.repeat(64)}` },
    });
    expect(await pageOf(planId)).toMatch(/role="status"[^>]*>Approved</);
    await world.move(planId, { type: 'release.recorded', actor: AGENT.id });
    await world.move(planId, { type: 'execution.started', actor: 'system:execute', data: { fence: 1 } });
    await world.move(planId, { type: 'execution.applied', actor: 'system:execute' });
    expect(await pageOf(planId)).toMatch(/data-motion="reload"/);
    await world.move(planId, {
      type: 'verification.failed',
      actor: 'system:verify',
      data: { code: 'verification.not_met' },
      set: { reason: { code: 'verification.not_met', detail: '1 of 2 pods <ready>' } },
    });
    const html = await pageOf(planId);
    expect(html).toMatch(/role="status"[^>]*>Unverified</);
    const text = textOf(html);
    for (const said of [
      '7 events, hash chain whole',
      'Approving vote sealed',
      'Released to run',
      '1 of 2 pods &lt;ready&gt;',
      'operator@example.com (you)',
      'Yes.',
    ]) {
      expect(text).toContain(said);
    }
  });

  it('shouts when an event of the chain was changed or taken away', async () => {
    const { planId } = await world.store({ by: AGENT });
    await world.move(planId, { type: 'plan.canceled', actor: AGENT.id });
    await world.database.clients.dynamodb.call('UpdateItem', {
      TableName: world.database.table,
      Key: { pk: { S: `CHAIN#${planId}` }, sk: { S: await chainKey(planId) } },
      UpdateExpression: 'SET #actor = :actor',
      ExpressionAttributeNames: { '#actor': 'actor' },
      ExpressionAttributeValues: { ':actor': { S: 'somebody else' } },
    });
    expect(textOf(await pageOf(planId))).toContain('does not follow from the one before it');
    expect(textOf(await (await world.get('/audit', OPERATOR)).text())).toContain('The chain of a plan is broken');
  });

  it('leaves the audit page standing when an event cannot be read', async () => {
    const { planId } = await world.store({ by: AGENT });
    await world.database.clients.dynamodb.call('UpdateItem', {
      TableName: world.database.table,
      Key: { pk: { S: `CHAIN#${planId}` }, sk: { S: await chainKey(planId) } },
      UpdateExpression: 'REMOVE #type',
      ExpressionAttributeNames: { '#type': 'type' },
    });
    const answer = await world.get('/audit', OPERATOR);
    expect([answer.status, (await answer.text()).includes(planId)]).toEqual([200, true]);
    expect((await world.get(`/plans/${planId}`, OPERATOR)).status).toBe(409);
    expect(world.faults).toEqual([]);
  });

  it('does not count a vote whose seal is not ours, and says so', async () => {
    const { planId } = await world.store({ by: AGENT });
    await world.post(
      `/plans/${planId}/decision`,
      { ...(await world.decisionForm(planId, OPERATOR)), decision: 'approve', comment: 'Yes.' },
      OPERATOR,
    );
    const [vote] = (await world.ports.plans.read(planId))?.votes ?? [];
    const [head = '', body = '', signature = ''] = (vote?.seal ?? '').split('.');
    const forged = `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    await world.database.clients.dynamodb.call('UpdateItem', {
      TableName: world.database.table,
      Key: { pk: { S: `VOTES#${planId}` }, sk: { S: OPERATOR.id } },
      UpdateExpression: 'SET #seal = :seal',
      ExpressionAttributeNames: { '#seal': 'seal' },
      ExpressionAttributeValues: { ':seal': { S: forged } },
    });
    const text = textOf(await pageOf(planId));
    expect(text).toContain('1 stored vote has no valid seal for this plan.');
    expect(text).toContain('0 of 1');
  });
});

describe('the bearer of a token', () => {
  it('is nobody here: Authorization is not looked at', async () => {
    const { planId } = await world.store({ by: AGENT });
    const headers = { authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' };
    expect((await world.get(`/plans/${planId}`, undefined, headers)).status).toBe(302);
    expect((await world.get(`/api/plans/${planId}`, undefined, headers)).status).toBe(401);
    const form = await world.decisionForm(planId, OPERATOR);
    const answer = await world.post(
      `/plans/${planId}/decision`,
      { ...form, decision: 'approve', comment: '' },
      undefined,
      headers,
    );
    expect(answer.status).toBe(401);
  });
});

async function chainKey(planId: string): Promise<string> {
  const { Items = [] } = await world.database.clients.dynamodb.call('Query', {
    TableName: world.database.table,
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':pk': { S: `CHAIN#${planId}` } },
  });
  return Items[0]?.sk?.S ?? '';
}
