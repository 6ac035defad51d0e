import type { Json, Refusal, Result } from '@countersign/approvals';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClusterConnection, connectCluster } from '../connection/connect-cluster.ts';
import { LIST_BYTES_MAX, LIST_CHUNK_OBJECTS } from '../limits.ts';
import { textAt } from '../objects/json-at.ts';
import { type Answerer, answerJson, startScriptedServer } from '../testing/scripted-server.ts';
import { startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { type ClusterReads, clusterReads } from './cluster-reads.ts';
import type { Listed } from './list-resources.ts';

const clock = () => new Date();
let cluster: TestCluster;
let reads: ClusterReads;
/** Paths of the requests, queries included. */
const sent: string[] = [];
beforeAll(async () => {
  cluster = await startCluster();
  const reader = cluster.connect('reader');
  const counted: ClusterConnection = {
    ...reader,
    send: (request) => {
      sent.push(`${request.path.join('/')} ${request.query?.limit ?? ''}`.trim());
      return reader.send(request);
    },
  };
  reads = clusterReads(counted, { namespaces: ['shop', 'payments', 'default'], clock });
  for (let at = 0; at < 250; at += 1) cluster.sandbox.store.create('pods', manyPod(at));
  await cluster.sandbox.settled();
});
afterAll(() => cluster.stop());

const manyPod = (at: number) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    namespace: 'default',
    name: `many-${String(at).padStart(4, '0')}`,
    labels: { app: 'many', parity: at % 2 ? 'odd' : 'even' },
  },
  spec: { containers: [{ name: 'app', image: 'redis:7.4-alpine', env: [{ name: 'X', value: 'canary-in-env' }] }] },
});

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
async function against(answer: Answerer): Promise<ClusterReads> {
  const server = await startScriptedServer(answer);
  const connection = connectCluster({ name: 'x', kubeconfig: server.kubeconfig(), context: 'ctx' });
  stops.push(server.stop, connection.close);
  return clusterReads(connection, { namespaces: ['shop'], clock });
}

type Asked = Parameters<ClusterReads['list']>[0];
const list = (query: Partial<Asked>, from: ClusterReads = reads) =>
  from.list({ kind: 'Pod', namespace: 'default', limit: 50, detail: 'concise', ...query });
function passed<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}
const names = ({ items }: Listed): readonly string[] => items.map((item) => textAt(item, 'name') ?? '');

describe('a list', () => {
  it('is a line for each object, and says how many are left and how to get them', async () => {
    const { items, ...rest } = passed(await list({ kind: 'Deployment', namespace: 'shop', limit: 2 }));
    expect(items[0]).toEqual({
      name: 'api',
      createdAt: expect.any(String),
      replicas: { desired: 2, ready: 2, available: 2, updated: 2 },
      rolloutComplete: true,
      paused: false,
      containers: [{ name: 'api', image: 'ghcr.io/countersign/shop-api:1.4.2' }],
    });
    expect(rest).toEqual({
      kind: 'Deployment',
      apiVersion: 'apps/v1',
      namespace: 'shop',
      remaining: 3,
      continue: expect.stringMatching(/^[A-Za-z0-9_-]+$/),
      cut: 'limit',
    });
  });

  it('read page by page is the whole list, each object once, in the same order', async () => {
    const whole = passed(await list({ limit: 500 }));
    expect(whole.cut).toBeNull();
    expect(whole.items).toHaveLength(250);
    const read: string[] = [];
    let token: string | undefined;
    do {
      const page = passed(await list({ limit: 37, continue: token }));
      read.push(...names(page));
      token = page.continue ?? undefined;
    } while (token !== undefined);
    expect(read).toEqual(names(whole));
    expect(JSON.stringify(passed(await list({ limit: 500 })))).toBe(JSON.stringify(whole));
  });

  it('holds no more than a chunk at once, however much is asked for', async () => {
    sent.length = 0;
    await list({ limit: 250 });
    const limits = sent.filter((line) => line.includes('/pods')).map((line) => Number(line.split(' ')[1]));
    expect(limits).toEqual([LIST_CHUNK_OBJECTS, LIST_CHUNK_OBJECTS, 50]);
  });

  it('ends within its bytes at a whole entry, and goes on with the next one', async () => {
    const read: string[] = [];
    let token: string | undefined;
    let answers = 0;
    do {
      const page: Listed = passed(await list({ limit: 500, detail: 'detailed', continue: token }));
      expect(Buffer.byteLength(JSON.stringify(page.items))).toBeLessThanOrEqual(LIST_BYTES_MAX);
      if (page.continue !== null) expect(page.cut).toBe('bytes');
      read.push(...names(page));
      token = page.continue ?? undefined;
      answers += 1;
    } while (token !== undefined);
    expect(answers).toBeGreaterThan(1);
    expect(read).toHaveLength(250);
    expect(new Set(read).size).toBe(250);
  });

  it('is narrowed by selectors, which every page is held to', async () => {
    const first = passed(await list({ labelSelector: 'parity=odd', limit: 100 }));
    const rest = passed(await list({ labelSelector: 'parity=odd', limit: 100, continue: first.continue ?? '' }));
    const both = [...names(first), ...names(rest)];
    expect(both).toHaveLength(125);
    expect(both.every((name) => Number(name.slice(-1)) % 2 === 1)).toBe(true);
    expect(names(passed(await list({ fieldSelector: 'metadata.name=many-0007' })))).toEqual(['many-0007']);
    expect(await list({ fieldSelector: 'spec.nonsense=x' })).toMatchObject({ refusal: { code: 'request.invalid' } });
  });

  it('shows no environment, label by label more when detailed', async () => {
    const concise = JSON.stringify(passed(await list({ limit: 3 })));
    const detailed = JSON.stringify(passed(await list({ limit: 3, detail: 'detailed' })));
    expect(concise).not.toContain('parity');
    expect(detailed).toContain('parity');
    for (const text of [concise, detailed]) expect(text).not.toContain('canary');
  });

  it('of events is the newest first, without a token to go on', async () => {
    for (let at = 0; at < 8; at += 1) {
      cluster.sandbox.store.create('events', {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { namespace: 'shop', name: `event-${at}` },
        reason: 'Planted',
        involvedObject: { kind: 'Pod', name: 'x', namespace: 'shop' },
        lastTimestamp: `2099-01-01T00:00:${10 + ((at * 3) % 8)}Z`,
      });
    }
    const {
      items,
      remaining,
      continue: token,
      cut,
    } = passed(await list({ kind: 'events', namespace: 'shop', limit: 5 }));
    const times = items.map((item) => textAt(item, 'lastAt') ?? '');
    expect(times).toHaveLength(5);
    expect(times).toEqual(times.toSorted().reverse());
    expect([token, cut]).toEqual([null, 'limit']);
    expect(remaining).toBeGreaterThan(0);
    const newer = passed(await list({ kind: 'events.events.k8s.io', namespace: 'shop', limit: 5 }));
    expect(newer.items).toEqual(items);
  });

  it('of ConfigMaps has names of keys alone', async () => {
    const text = JSON.stringify(passed(await list({ kind: 'cm', namespace: 'shop', detail: 'detailed' })));
    expect(text).toContain('CURRENCY');
    expect(text).not.toContain('EUR');
  });

  it('of a kind that nobody knows is the columns that the server makes of it', async () => {
    cluster.sandbox.store.create('networkpolicies.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'shop', name: 'deny-all', labels: { team: 'core' } },
      spec: { podSelector: {} },
    });
    expect(passed(await list({ kind: 'netpol', namespace: 'shop' })).items).toEqual([
      { name: 'deny-all', createdAt: expect.any(String), columns: { 'Pod-Selector': '<none>' } },
    ]);
  });
});

describe('a continue token', () => {
  it.each([
    ['another namespace', { namespace: 'shop' }],
    ['another kind', { kind: 'Service' }],
    ['another selector', { labelSelector: 'app=x' }],
    ['another field selector', { fieldSelector: 'status.phase=Running' }],
  ])('of one list is refused for %s, and nothing is listed', async (_what, other) => {
    const { continue: token } = passed(await list({ limit: 10 }));
    sent.length = 0;
    expect(await list({ ...other, continue: token ?? '' })).toMatchObject({ refusal: { code: 'request.invalid' } });
    expect(sent.filter((line) => line !== 'api' && line !== 'apis')).toEqual([]);
  });

  it.each([
    '',
    'x',
    '!!!',
    'a'.repeat(3_000),
    'eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJzaG9wL3gifQ',
    Buffer.from('["a","b","c"]').toString('base64url'),
  ])('that was never given is refused: %.20j', async (token) => {
    expect(await list({ continue: token })).toMatchObject({ refusal: { code: 'request.invalid' } });
  });

  it('that somebody made, binding and all, shows no object of another namespace', async () => {
    const { continue: token } = passed(await list({ limit: 10 }));
    const [binding, inner] = JSON.parse(Buffer.from(token ?? '', 'base64url').toString()) as [string, string];
    const { rv } = JSON.parse(Buffer.from(inner, 'base64url').toString()) as { rv: number };
    for (const start of ['', 'internal-admin/', '../internal-admin/x', 'shop/a', '\u0000']) {
      const made = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv, start })).toString('base64url');
      const forged = Buffer.from(JSON.stringify([binding, made])).toString('base64url');
      const result = await list({ limit: 500, continue: forged });
      if (result.ok) expect(names(result.value).every((name) => name.startsWith('many-'))).toBe(true);
    }
  });

  it('on which a server answers objects of elsewhere ends in a refusal, table or not', async () => {
    const pod = { kind: 'Pod', metadata: { namespace: 'kube-system', name: 'etcd' } };
    const discovery = {
      kind: 'APIGroupDiscoveryList',
      items: [
        {
          metadata: {},
          versions: [
            {
              version: 'v1',
              resources: ['Pod', 'Thing'].map((kind) => ({
                resource: `${kind.toLowerCase()}s`,
                responseKind: { kind },
                scope: 'Namespaced',
                verbs: ['list'],
              })),
            },
          ],
        },
      ],
    };
    const there = await against((request, response) => {
      if (/^\/apis?$/.test(request.url)) return answerJson(response, 200, discovery);
      const table = request.url.includes('things')
        ? { kind: 'Table', rows: [{ cells: [], object: pod }] }
        : { items: [pod] };
      return answerJson(response, 200, { metadata: {}, ...table });
    });
    for (const kind of ['Pod', 'Thing']) {
      expect(await list({ kind, namespace: 'shop' }, there)).toEqual({
        ok: false,
        refusal: { code: 'cluster.unreachable' },
      });
    }
  });

  it('whose list the cluster no longer keeps says so', async () => {
    const { continue: token } = passed(await list({ namespace: 'shop', kind: 'Deployment', limit: 1 }));
    const there = await against((request, response) => {
      if (request.url.includes('continue')) return answerJson(response, 410, {});
      return answerJson(response, 200, {
        kind: 'APIGroupDiscoveryList',
        items:
          request.url === '/apis'
            ? [{ metadata: { name: 'apps' }, versions: [{ version: 'v1', resources: [DEPLOYMENT] }] }]
            : [],
      });
    });
    expect(await list({ kind: 'Deployment', namespace: 'shop', continue: token ?? '' }, there)).toEqual({
      ok: false,
      refusal: { code: 'request.continue_expired' },
    });
  });
});

const DEPLOYMENT = {
  resource: 'deployments',
  responseKind: { kind: 'Deployment' },
  scope: 'Namespaced',
  verbs: ['list'],
};

describe('what may not be listed', () => {
  it('is refused before anything is sent where the namespace or the words are the reason', async () => {
    sent.length = 0;
    for (const query of [
      { namespace: 'kube-system' },
      { namespace: 'internal-admin', kind: 'Widget' },
      { kind: 'Secret' },
      { kind: 'secrets', namespace: 'kube-system' },
      { kind: 'secret/x' },
      { labelSelector: 'a=b;' },
      { fieldSelector: 'metadata.namespace=kube-system' },
    ]) {
      expect((await list(query)).ok).toBe(false);
    }
    expect(sent).toEqual([]);
  });

  it('is what has no namespace, and what needs one needs it', async () => {
    expect(await list({ kind: 'Node', namespace: undefined })).toMatchObject({
      refusal: { code: 'access.kind_denied', why: 'cluster-scoped' },
    });
    expect(await list({ kind: 'Pod', namespace: undefined })).toMatchObject({ refusal: { code: 'request.invalid' } });
  });

  it('is told with the rule that the role lacks', async () => {
    expect(await list({ kind: 'roles', namespace: 'shop' })).toEqual({
      ok: false,
      refusal: {
        code: 'cluster.forbidden',
        rule: "apiGroups ['rbac.authorization.k8s.io'], resources [roles], verbs [list]",
      },
    });
  });

  it('may be listed where the policy says so', async () => {
    const there = clusterReads(cluster.connect('reader'), {
      namespaces: ['shop'],
      rules: { clusterScoped: ['nodes'] },
      clock,
    });
    const { items, namespace } = passed(await list({ kind: 'no', namespace: undefined }, there));
    expect(namespace).toBeNull();
    expect(items).toHaveLength(1);
    const denied = clusterReads(cluster.connect('reader'), {
      namespaces: ['shop'],
      rules: { deniedKinds: ['pods'] },
      clock,
    });
    expect(await list({ namespace: 'shop' }, denied)).toMatchObject({ refusal: { why: 'policy' } });
  });
});

describe('cells of a Table', () => {
  const columns = ['Name', 'Secret', 'Phase', 'Note', 'Age'].map((name) => ({
    name,
    priority: name === 'Note' ? 1 : 0,
  }));
  const row = (cells: readonly Json[]) => ({
    cells,
    object: {
      metadata: { namespace: 'shop', name: 'w1', creationTimestamp: '2026-01-01T00:00:00Z', labels: { a: 'b' } },
    },
  });
  const table = (cells: readonly Json[]): Promise<ClusterReads> =>
    against((request, response) => {
      const thing = { resource: 'things', responseKind: { kind: 'Thing' }, scope: 'Namespaced', verbs: ['list'] };
      const discovery = [{ metadata: { name: 'a.example' }, versions: [{ version: 'v1', resources: [thing] }] }];
      if (request.url === '/api') answerJson(response, 200, { kind: 'APIGroupDiscoveryList', items: [] });
      else if (request.url === '/apis') answerJson(response, 200, { kind: 'APIGroupDiscoveryList', items: discovery });
      else answerJson(response, 200, { kind: 'Table', metadata: {}, columnDefinitions: columns, rows: [row(cells)] });
    });

  it('are named by their columns; the age is a time, a column that promises a secret is hidden', async () => {
    const there = await table(['w1', 'hunter2', 'Ready', 'password=hunter3 \u202e', '5d']);
    const concise = passed(await list({ kind: 'Thing', namespace: 'shop' }, there)).items;
    expect(concise).toEqual([
      {
        name: 'w1',
        createdAt: '2026-01-01T00:00:00Z',
        columns: { Secret: '[redacted: secret-like]', Phase: 'Ready' },
      },
    ]);
    const detailed = JSON.stringify(
      passed(await list({ kind: 'Thing', namespace: 'shop', detail: 'detailed' }, there)).items,
    );
    expect(detailed).toContain('"a":"b"');
    expect(detailed).not.toMatch(/hunter|\u202e/);
  });

  it('that alone are larger than an answer leave the name', async () => {
    const there = await table(Array.from({ length: 5 }, () => 'x'.repeat(1_000_000)));
    expect(passed(await list({ kind: 'Thing', namespace: 'shop' }, there)).items).toHaveLength(1);
  });
});
