import type { Json, Refusal, Result } from '@countersign/approvals';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../../connection/connect-cluster.ts';
import { listAt, textAt, valueAt } from '../../objects/json-at.ts';
import { type Answerer, answerJson, startScriptedServer } from '../../testing/scripted-server.ts';
import { startCluster, type TestCluster } from '../../testing/start-cluster.ts';
import { type ClusterReads, clusterReads } from '../cluster-reads.ts';

const clock = () => new Date();
let cluster: TestCluster;
let reads: ClusterReads;
beforeAll(async () => {
  cluster = await startCluster();
  reads = clusterReads(cluster.connect('reader'), { namespaces: ['shop', 'payments'], clock });
});
afterAll(() => cluster.stop());

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
function passed<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

describe('the health of a cluster', () => {
  it('is its version, its nodes and what is wrong with the pods of each namespace', async () => {
    const health = passed(await reads.clusterHealth({ namespaces: ['payments', 'shop'], nodeLimit: 10 }));
    expect(health).toMatchObject({
      version: expect.stringContaining('v1.'),
      readiness: 'ready',
      nodes: { visible: true, total: 1, ready: 1, underPressure: 0, more: 0, nodes: [{ ready: true, problems: [] }] },
      namespaces: [
        { namespace: 'payments', pods: 1, ready: 1, unhealthy: 0, problems: {} },
        { namespace: 'shop', unhealthy: 3, problems: { 'container.image': 2, 'container.crash-looping': 1 } },
      ],
    });
    const total = valueAt(health, 'pods', 'requested', 'cpuMillicores');
    expect(total).toBe(50 * Number(valueAt(health, 'pods', 'total')));
  });

  it('is refused with a namespace outside the allow-list among them, before anything is sent', async () => {
    for (const namespace of ['internal-admin', 'kube-system', '../x']) {
      const result = await reads.clusterHealth({ namespaces: ['shop', namespace], nodeLimit: 1 });
      expect(result).toMatchObject({ ok: false });
    }
  });

  const node = (at: number, ready: boolean): Json => ({
    metadata: { name: `node-${String(at).padStart(4, '0')}` },
    status: {
      conditions: [
        { type: 'Ready', status: ready ? 'True' : 'Unknown', reason: 'x', message: 'kubelet token=abc123 \u202e' },
        { type: 'DiskPressure', status: ready ? 'False' : 'True' },
      ],
      allocatable: { cpu: '2', memory: '1Gi' },
    },
  });
  const serving = (nodes: number, over: (url: string) => number | undefined = () => undefined): Answerer => {
    return (request, response) => {
      const status = over(request.url);
      if (status !== undefined) return answerJson(response, status, {});
      if (request.url === '/version') return answerJson(response, 200, { gitVersion: 'v1.34.0' });
      if (request.url === '/readyz') return response.end('ok');
      if (!request.url.startsWith('/api/v1/nodes')) return answerJson(response, 200, { items: [] });
      const query = new URL(request.url, 'https://x').searchParams;
      const from = Number(query.get('continue') ?? 0);
      const to = Math.min(nodes, from + Number(query.get('limit')));
      const items = Array.from({ length: to - from }, (_, at) => node(from + at, from + at !== nodes - 1));
      return answerJson(response, 200, { metadata: to < nodes ? { continue: String(to) } : {}, items });
    };
  };

  it('counts all nodes and tells of the unhealthy ones first, however many there are', async () => {
    const there = await against(serving(1_200));
    const health = passed(await there.clusterHealth({ namespaces: ['shop'], nodeLimit: 3 }));
    expect(valueAt(health, 'nodes')).toMatchObject({
      total: 1_200,
      ready: 1_199,
      underPressure: 1,
      counted: 'all',
      allocatable: { cpuMillicores: 2_400_000, memoryMebibytes: 1_228_800 },
      more: 1_197,
    });
    const names = listAt(health, 'nodes', 'nodes').map((one) => textAt(one, 'name'));
    expect(names).toEqual(['node-1199', 'node-0000', 'node-0001']);
    expect(JSON.stringify(health)).not.toMatch(/abc123|\u202e/);
  });

  it('does without what the reader may not see, and says so', async () => {
    const blind = await against(serving(1, (url) => (/nodes|readyz/.test(url) ? 403 : undefined)));
    expect(passed(await blind.clusterHealth({ namespaces: ['shop'], nodeLimit: 3 }))).toMatchObject({
      readiness: 'not visible',
      nodes: { visible: false, why: expect.stringContaining('resources [nodes]') },
    });
    const sick = await against(serving(1, (url) => (url === '/readyz' ? 500 : undefined)));
    expect(passed(await sick.clusterHealth({ namespaces: ['shop'], nodeLimit: 3 }))).toMatchObject({
      readiness: 'not ready',
    });
  });

  it('shows no nodes and counts no pods where the policy denies them', async () => {
    const rules = { deniedKinds: ['nodes', 'pods'] };
    const there = clusterReads(cluster.connect('reader'), { namespaces: ['shop'], rules, clock });
    expect(passed(await there.clusterHealth({ namespaces: ['shop'], nodeLimit: 3 }))).toMatchObject({
      nodes: { visible: false },
      namespaces: [],
    });
  });
});

describe('what a role has for a kind', () => {
  it('is told from discovery, the policy, the reader’s own role and the executor’s table', async () => {
    const access = async (kind: string) => reads.kindAccess({ kind, namespace: 'shop' });
    expect(passed(await access('deploy'))).toMatchObject({
      name: 'deployments.apps',
      unreadable: null,
      operations: expect.arrayContaining(['restart', 'scale']),
    });
    expect(passed(await access('roles'))).toEqual({
      name: 'roles.rbac.authorization.k8s.io',
      kind: 'Role',
      unreadable: 'role',
      operations: [],
    });
    expect(passed(await access('Node'))).toMatchObject({ unreadable: 'cluster-scoped', operations: [] });
    expect(await access('Secret')).toMatchObject({ refusal: { code: 'access.kind_denied', why: 'secret' } });
    expect(await reads.kindAccess({ kind: 'Pod', namespace: 'kube-system' })).toMatchObject({
      refusal: { code: 'access.not_bound' },
    });
  });
});
