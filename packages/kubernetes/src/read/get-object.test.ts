import type { Json, Refusal, Result } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { valueAt } from '../objects/json-at.ts';
import { startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { type ClusterReads, clusterReads } from './cluster-reads.ts';

const CANARY = 'canary-s3cr3t-sandbox';
let cluster: TestCluster;
let reads: ClusterReads;
beforeAll(async () => {
  cluster = await startCluster();
  reads = clusterReads(cluster.connect('reader'), { namespaces: ['shop', 'payments'], clock: () => new Date() });
});
afterAll(() => cluster.stop());

type Asked = Parameters<ClusterReads['object']>[0];
const get = (query: Partial<Asked> & Pick<Asked, 'kind' | 'name'>) =>
  reads.object({ namespace: 'shop', output: 'summary', detail: 'concise', ...query });
function passed<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}
const objectOf = async (query: Parameters<typeof get>[0]): Promise<Json> => passed(await get(query)).object;

describe('an object', () => {
  it.each([
    ['Deployment', 'api'],
    ['deploy', 'api'],
    ['Service', 'api'],
    ['ConfigMap', 'shop-settings'],
    ['endpointslices', 'api'],
  ])('of kind %s shows no value and no bookkeeping, in whatever form', async (kind, name) => {
    const exact =
      kind === 'endpointslices'
        ? passed(await reads.list({ kind, namespace: 'shop', limit: 1, detail: 'concise' }))
        : null;
    const wanted = exact === null ? name : String(valueAt(exact.items[0], 'name'));
    for (const output of ['summary', 'yaml', 'describe'] as const) {
      for (const detail of ['concise', 'detailed'] as const) {
        const text = JSON.stringify(await objectOf({ kind, name: wanted, output, detail }));
        expect(text).toContain(name);
        for (const hidden of [CANARY, 'managedFields', 'EUR', 'db.shop.internal', 'resourceVersion', '"uid"']) {
          expect(text).not.toContain(hidden);
        }
      }
    }
  });

  it('as a summary is what matters of it; a Service counts its endpoints', async () => {
    expect(await objectOf({ kind: 'Deployment', name: 'web' })).toMatchObject({
      name: 'web',
      replicas: { desired: 2, ready: 0 },
      strategy: 'Recreate',
      selector: { app: 'web' },
      conditions: [{ type: 'Available', status: 'False' }, { type: 'Progressing' }],
    });
    expect(await objectOf({ kind: 'svc', name: 'search' })).toMatchObject({ endpoints: { ready: 0, total: 0 } });
    expect(await objectOf({ kind: 'svc', name: 'api' })).toMatchObject({ endpoints: { ready: 2, total: 2 } });
    expect(await objectOf({ kind: 'cm', name: 'shop-settings' })).toMatchObject({
      dataKeys: ['CURRENCY', 'CATALOGUE_PAGE_SIZE', 'FEATURE_GIFT_CARDS'],
      data: [
        { key: 'CURRENCY', bytes: 3 },
        { key: 'CATALOGUE_PAGE_SIZE', bytes: 2 },
        { key: 'FEATURE_GIFT_CARDS', bytes: 5 },
      ],
    });
  });

  it('as YAML is a manifest that can be read back, with the names of its variables', async () => {
    const { yaml, charactersLeftOut } = (await objectOf({ kind: 'Deployment', name: 'api', output: 'yaml' })) as {
      readonly yaml: string;
      readonly charactersLeftOut: number;
    };
    expect(charactersLeftOut).toBe(0);
    const manifest = parse(yaml) as Json;
    expect(valueAt(manifest, 'spec', 'template', 'spec', 'containers', '0', 'env')).toEqual([
      'DB_HOST',
      'DB_PASSWORD',
      'PAYMENTS_API_TOKEN',
      'SESSION_KEY from secretKeyRef shop-credentials',
      'LOG_LEVEL',
    ]);
    expect(valueAt(manifest, 'status')).toBeUndefined();
    expect(yaml).toContain('image: ghcr.io/countersign/shop-api:1.4.2');
  });

  it('described comes with owner, conditions and its own events, newest first', async () => {
    const [pod] = passed(
      await reads.list({ kind: 'Pod', namespace: 'shop', labelSelector: 'app=web', limit: 1, detail: 'concise' }),
    ).items;
    const name = String(valueAt(pod, 'name'));
    const described = await objectOf({ kind: 'Pod', name, output: 'describe' });
    expect(described).toMatchObject({
      owner: { kind: 'ReplicaSet', name: expect.stringMatching(/^web-/) },
      conditions: expect.arrayContaining([expect.objectContaining({ type: 'Ready', status: 'False' })]),
    });
    const events = valueAt(described, 'events') as readonly {
      readonly object: { readonly name: string };
      readonly lastAt: string;
    }[];
    expect(events.length).toBeGreaterThan(0);
    expect(events.every(({ object }) => object.name === name)).toBe(true);
    expect(events.map(({ lastAt }) => lastAt)).toEqual(
      events
        .map(({ lastAt }) => lastAt)
        .toSorted()
        .reverse(),
    );
  });

  it('of a kind that nobody knows shows spec and status, slim', async () => {
    cluster.sandbox.store.create('networkpolicies.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { namespace: 'shop', name: 'deny-all', annotations: { note: CANARY } },
      spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] },
    });
    expect(await objectOf({ kind: 'NetworkPolicy', name: 'deny-all' })).toEqual({
      name: 'deny-all',
      annotations: { note: '[redacted: 21 bytes]' },
      createdAt: expect.any(String),
      spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] },
    });
  });

  it('that is long as YAML is cut at a line, and the rest is counted', async () => {
    const labels = Object.fromEntries(Array.from({ length: 900 }, (_, at) => [`label-${at}`, 'x'.repeat(60)]));
    cluster.sandbox.store.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'shop', name: 'wide' },
      spec: {
        ports: Array.from({ length: 190 }, (_, at) => ({ name: `p${at}`, port: at + 1, appProtocol: 'y'.repeat(250) })),
        selector: labels,
      },
    });
    const { yaml, charactersLeftOut } = (await objectOf({
      kind: 'Service',
      name: 'wide',
      output: 'yaml',
      detail: 'detailed',
    })) as {
      readonly yaml: string;
      readonly charactersLeftOut: number;
    };
    expect(yaml.length).toBeLessThanOrEqual(40_000);
    expect(yaml.endsWith('\n')).toBe(true);
    expect(charactersLeftOut).toBeGreaterThan(0);
  });

  it('that is not there, or is a Secret, is refused', async () => {
    expect(await get({ kind: 'Pod', name: 'nobody' })).toEqual({
      ok: false,
      refusal: { code: 'target.not_found', kind: 'Pod', namespace: 'shop', name: 'nobody' },
    });
    for (const kind of ['Secret', 'secrets', 'secret']) {
      expect(await get({ kind, name: 'shop-credentials' })).toMatchObject({ refusal: { code: 'access.kind_denied' } });
    }
    expect(await get({ kind: 'constructor', name: 'x' })).toMatchObject({ refusal: { code: 'target.kind_unknown' } });
  });
});

describe('the kinds', () => {
  const kinds = async (query: Partial<Parameters<ClusterReads['apiResources']>[0]> = {}) =>
    passed(await reads.apiResources({ verbs: [], offset: 0, limit: 200, ...query }));

  it('are listed by name, with the reason where one cannot be read', async () => {
    const { resources, total } = await kinds();
    expect(resources).toHaveLength(total);
    expect(resources.map(({ name }) => name)).toEqual(resources.map(({ name }) => name).toSorted());
    const unreadable = Object.fromEntries(resources.map(({ name, unreadable: why }) => [name, why]));
    expect(unreadable).toMatchObject({
      pods: null,
      'deployments.apps': null,
      secrets: 'secret',
      nodes: 'cluster-scoped',
      'selfsubjectaccessreviews.authorization.k8s.io': 'secret',
    });
  });

  it('are narrowed by group, scope and verbs, and read in parts', async () => {
    expect((await kinds({ apiGroup: 'batch' })).resources.map(({ kind }) => kind)).toEqual(['CronJob', 'Job']);
    expect((await kinds({ apiGroup: 'core', namespaced: false })).resources.map(({ kind }) => kind)).toEqual([
      'Namespace',
      'Node',
    ]);
    const readOnly = await kinds({ verbs: ['list', 'create'] });
    expect(readOnly.resources.map(({ name }) => name)).not.toContain('events.events.k8s.io');
    const whole = (await kinds()).resources;
    expect((await kinds({ offset: 3, limit: 2 })).resources).toEqual(whole.slice(3, 5));
    expect((await kinds({ offset: 10_000 })).resources).toEqual([]);
  });
});
