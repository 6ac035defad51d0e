/** The agents' REST over a real socket: the same token, scopes, bindings, budgets and log as at /mcp, other addresses and forms. */
import { request as httpRequest } from 'node:http';
import type { Json } from '@countersign/approvals';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REQUEST_BODY_BYTES_MAX } from '../limits.ts';
import { startStores } from '../testing/store.ts';
import { startWorld, type World } from '../testing/world.ts';
import { DECISION_PATHS, REST_ROUTES } from './rest-routes.ts';
import { statusOf } from './status-of.ts';

let database: Awaited<ReturnType<typeof startStores>>;
let world: World;
let token: string;
let before = 0;
const all = async (): Promise<number> => (await world.stores.plans.list({ open: false, limit: 500 })).length;
const stored = async (): Promise<number> => (await all()) - before;
beforeAll(async () => {
  database = await startStores();
  world = await startWorld(await database.open());
});
afterAll(async () => {
  await world.stop();
  await database.stop();
});
beforeEach(async () => {
  token = await world.token();
  world.cluster.requests.length = 0;
  before = await all();
});

interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly bearer?: string | null;
  readonly headers?: Record<string, string>;
}

/** By node:http, which sends any Host and Origin that a test asks for. */
const send = (path: string, { method = 'GET', body, bearer = token, headers = {} }: Sent = {}) =>
  new Promise<{
    status: number;
    headers: Record<string, string | string[] | undefined>;
    json: { [key: string]: unknown };
  }>((resolve, reject) => {
    const sent = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...headers,
    };
    const request = httpRequest({ host: '127.0.0.1', port: world.port, method, path, headers: sent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          json: text === '' ? {} : JSON.parse(text),
        });
      });
    });
    request.on('error', reject);
    if (body !== undefined) request.write(typeof body === 'string' ? body : JSON.stringify(body));
    request.end();
  });
const post = (path: string, body: unknown, more: Sent = {}) => send(path, { method: 'POST', body, ...more });

const REMEDIATION = {
  action: 'Bring web back',
  commands: [
    { command: 'kubectl scale deployment/web --replicas=3 -n shop', explanation: 'more', safety_level: 'SAFE' },
  ],
};
const CHANGES = {
  title: 'More of web',
  reason: 'Two are too few.',
  changes: [{ kind: 'Deployment', namespace: 'shop', name: 'web', operation: { type: 'scale', replicas: 3 } }],
};

describe('a proposal', () => {
  test.each([
    ['commands', REMEDIATION],
    ['typed changes', CHANGES],
  ])('of %s answers the stored plan, and nothing has changed', async (_title, body) => {
    const { status, json } = await post('/api/plans', body);
    expect(status).toBe(201);
    expect(json).toMatchObject({ status: 'approval_required', steps: [{ summary: 'Scale Deployment shop/web to 3' }] });
    expect((await world.stores.plans.readPlan(String(json.planId)))?.status).toBe('pending');
    expect(await stored()).toBe(1);
  });

  test.each(['/api/mcp/propose', '/api/approvals/propose'])(
    'at the older address %s answers in the older form',
    async (path) => {
      const { status, json } = await post(path, REMEDIATION);
      expect(status).toBe(200);
      expect(Object.keys(json)).toEqual(['status', 'approval_id', 'message', 'approval_url']);
      expect(json).toMatchObject({
        status: 'pending',
        approval_url: `https://pages.example/plans/${json.approval_id}`,
      });
      const plan = await world.stores.plans.readPlan(String(json.approval_id));
      expect(plan?.status).toBe('pending');
    },
  );

  test("keeps an agent's title among its words; the plan's title is the system's", async () => {
    const { json } = await post('/api/plans', CHANGES);
    const { words } = JSON.parse((await world.stores.plans.readPlan(String(json.planId)))?.review ?? '{}');
    expect(words).toMatchObject({ title: 'Scale Deployment shop/web to 3', reason: 'More of web. Two are too few.' });
  });

  test.each<[string, unknown, number, string]>([
    ['an approval', { ...REMEDIATION, approved: true }, 400, 'request.invalid'],
    ['an approval beside changes', { ...CHANGES, approved: true }, 400, 'request.invalid'],
    ['a title that is no text', { ...CHANGES, title: { a: 1 } }, 400, 'request.invalid'],
    ['commands and changes', { ...REMEDIATION, ...CHANGES }, 400, 'request.invalid'],
    ['another server', { ...CHANGES, server: 'https://127.0.0.1:1' }, 400, 'request.invalid'],
    ['a list', [REMEDIATION], 400, 'request.invalid'],
    ['nothing', null, 400, 'request.invalid'],
    ['a text', '"x"', 400, 'request.invalid'],
    ['no JSON', '{"action":', 400, 'http.body_unreadable'],
    ['a shell', { ...REMEDIATION, commands: ['kubectl version; kubectl delete pod x'] }, 422, 'request.not_understood'],
    [
      'no binding',
      { ...REMEDIATION, commands: ['kubectl rollout restart deploy/web -n kube-system'] },
      403,
      'access.not_bound',
    ],
    ['too many bytes', ' '.repeat(REQUEST_BODY_BYTES_MAX + 1), 413, 'request.too_large'],
  ])('with %s is refused, stores nothing and reaches nothing', async (_title, body, status, code) => {
    for (const path of ['/api/plans', '/api/mcp/propose', '/api/approvals/propose']) {
      const answer = await post(path, body);
      // The older addresses know commands alone: typed changes are unknown arguments there.
      if (path === '/api/plans' || code !== 'access.not_bound') expect(answer.status).toBe(status);
      expect(answer.json.error).toMatchObject({ code });
    }
    expect(world.cluster.requests).toEqual([]);
    expect(await stored()).toBe(0);
  });
});

describe('what is open', () => {
  test('is what the caller may see, in the older form too', async () => {
    const { json } = await post('/api/plans', CHANGES);
    for (const path of ['/api/plans', '/api/approvals/pending', '/api/plans?status=pending']) {
      const listed = await send(path);
      const mine = (listed.json.approvals as { readonly id: string }[]).find(({ id }) => id === json.planId);
      expect(mine).toMatchObject({
        action: 'Scale Deployment shop/web to 3',
        commands: [{ command: 'Scale Deployment shop/web to 3', safety_level: 'low' }],
        timestamp: world.clock.now.toISOString(),
        metadata: {
          status: 'pending',
          namespaces: ['shop'],
          requestedByYou: true,
          reviewUrl: `https://pages.example/plans/${json.planId}`,
        },
      });
      const other = await send(path, { bearer: await world.token({ sub: 'reader', client_id: 'reader' }) });
      expect(other.json.approvals).toEqual([]);
    }
  });

  test('and one plan by its id, to others as if there were none', async () => {
    const { json } = await post('/api/plans', CHANGES);
    const mine = await send(`/api/plans/${json.planId}`);
    expect([mine.status, mine.json.status]).toEqual([200, 'pending']);
    const bearer = await world.token({ sub: 'reader', client_id: 'reader' });
    const hidden = await send(`/api/plans/${json.planId}`, { bearer });
    const missing = await send(`/api/plans/pln_${'0'.repeat(22)}`, { bearer });
    expect([hidden.status, hidden.json]).toEqual([404, missing.json]);
    expect((await send('/api/plans/..%2f..%2fetc%2fpasswd')).status).toBe(400);
    expect((await send('/api/plans?status=approved&limit=9')).status).toBe(400);
  });
});

describe('nothing is decided here', () => {
  test.each(DECISION_PATHS)(
    '%s is a 403 for a plan that exists and for one that does not, with any valid token',
    async (path) => {
      const { json } = await post('/api/plans', CHANGES);
      const operator = await world.token({ sub: 'operator', client_id: 'cli', groups: ['kubernetes-operators'] });
      const answers = [];
      for (const id of [String(json.planId), `pln_${'0'.repeat(22)}`, 'x'])
        for (const bearer of [token, operator])
          for (const body of [{}, { approved: true, reason: 'x' }, undefined])
            answers.push(
              await send(path.replace(':id', id), { method: 'POST', bearer, ...(body === undefined ? {} : { body }) }),
            );
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
      expect(new Set(answers.map((answer) => JSON.stringify(answer.json))).size).toBe(1);
      expect(answers[0]?.json.error).toMatchObject({ code: 'decision.not_here' });
      expect((await world.stores.plans.chain(String(json.planId))).map(({ type }) => type)).toEqual(['plan.created']);
    },
  );
});

const EVERY = [
  ...REST_ROUTES.map(({ method, path }) => [method, path] as const),
  ...DECISION_PATHS.map((path) => ['POST', path] as const),
].map(([method, path]) => [method, path.replace(':id', `pln_${'a'.repeat(22)}`)] as const);

describe.each(EVERY)('%s %s', (method, path) => {
  const body = method === 'POST' ? REMEDIATION : undefined;

  test('takes the bearer token alone: a cookie, a query parameter and a field of the body are worth nothing', async () => {
    for (const sent of [
      send(path, { method, body, bearer: null }),
      send(path, {
        method,
        body,
        bearer: null,
        headers: { cookie: `__Host-countersign=${token}; access_token=${token}` },
      }),
      send(`${path}?access_token=${token}`, { method, body, bearer: null }),
      send(path, { method, body: body === undefined ? undefined : { ...body, access_token: token }, bearer: null }),
      send(path, { method, body, bearer: await world.token({ aud: 'https://other.example/mcp' }) }),
    ]) {
      const { status, headers } = await sent;
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toContain('resource_metadata="');
    }
    expect(await stored()).toBe(0);
  });

  test.each<[string, Record<string, string>]>([
    ['a foreign Host', { host: 'attacker.example' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['the pages', { origin: 'https://pages.example' }],
    ['no origin at all', { origin: 'null' }],
  ])('is a 403 from %s', async (_title, headers) => {
    const { status, json } = await send(path, { method, body, headers });
    expect([status, String((json.error as { code: string }).code).split('.')[0]]).toEqual([403, 'http']);
    expect(await stored()).toBe(0);
  });

  test('forbids caching, sniffing and sharing', async () => {
    const { headers } = await send(path, { method, body });
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control') || name === 'set-cookie')).toEqual(
      [],
    );
  });
});

test('a form of another site is no JSON, and other methods are named', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'text/plain; a=application/json'])
    expect((await post('/api/plans', REMEDIATION, { headers: { 'content-type': type } })).status).toBe(415);
  const put = await send('/api/plans', { method: 'PUT', body: REMEDIATION });
  expect([put.status, put.headers.allow]).toEqual([405, 'POST, GET']);
  for (const path of ['/api', '/api/', '/api/plans/x/y', '/api/approvals', '/api/PLANS', '/apis/plans', '/api/plans/'])
    expect((await send(path)).status).toBe(404);
  expect(await stored()).toBe(0);
});

test('a scope that is missing is a 403 with a challenge, before anything is read of a plan or counted', async () => {
  const reader = await world.token({ scope: 'mcp:read' });
  for (const path of ['/api/plans', '/api/mcp/propose', '/api/approvals/propose']) {
    const { status, headers } = await post(path, REMEDIATION, { bearer: reader });
    expect(status).toBe(403);
    expect(headers['www-authenticate']).toContain('scope="mcp:read mcp:propose"');
  }
  const none = await world.token({ scope: 'openid' });
  for (const path of ['/api/plans', '/api/approvals/pending', '/api/plans/x'])
    expect((await send(path, { bearer: none })).status).toBe(403);
  expect(await stored()).toBe(0);
});

test('budgets and access log are those of the tools', async () => {
  const tight = await startWorld(await database.open(), { budgets: { callsPerMinute: 3, proposalsPerMinute: 1 } });
  const headers = { authorization: `Bearer ${await tight.token()}`, 'content-type': 'application/json' };
  const ask = (body: Json): Promise<Response> =>
    fetch(`${tight.origin}/api/plans`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect([(await ask(CHANGES)).status, (await ask(CHANGES)).status, (await ask(REMEDIATION)).status]).toEqual([
    201, 429, 429,
  ]);
  const entries = await tight.stores.accessEntries();
  expect(entries.map(({ type, data }) => [type, data.tool, data.code ?? null])).toEqual([
    ['tool.called', 'request_change', null],
    ['guardrail.flagged', 'request_change', null],
    ['tool.refused', 'request_change', 'request.rate_limited'],
    ['tool.refused', 'propose_remediation', 'request.rate_limited'],
  ]);
  await tight.stop();
});

test('every refusal has a status that fits', () => {
  expect(
    ['request.invalid', 'access.not_bound', 'policy.denied', 'target.drifted', 'plan.finished', 'constructor'].map(
      statusOf,
    ),
  ).toEqual([400, 403, 403, 409, 409, 409]);
});
