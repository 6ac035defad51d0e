import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiRequest } from '../connection/api-request.ts';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { somePolicy } from '../testing/objects.ts';
import { newPlanId, random, startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { proposalCluster } from './proposal-cluster.ts';

const MAPS = 'configmaps';
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  for (const name of ['one', 'two']) make(name);
});
afterAll(() => cluster.stop());

function make(name: string): void {
  cluster.sandbox.store.create(MAPS, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { namespace: 'shop', name },
    data: { A: '1' },
  });
}
let touches = 0;
function touch(name: string): void {
  const object = structuredClone(cluster.sandbox.store.get(MAPS, 'shop', name));
  if (object === undefined) throw new Error('gone');
  object.metadata.labels = { touched: `${touches++}` };
  cluster.sandbox.store.update(MAPS, object, { fieldManager: 'kubectl-label' });
}

/** The proposer's own connection, with somebody else at work right before a dry run is sent. */
function interrupted(before: (dryRun: number) => void) {
  const connection = cluster.connect('proposer');
  const sent: ApiRequest[] = [];
  const send: ClusterConnection['send'] = (request) => {
    if (request.method === 'PATCH') before(sent.push(request));
    return connection.send(request);
  };
  const propose = proposalCluster({ ...connection, send });
  const prepare = (...names: readonly string[]) =>
    propose.prepare({
      planId: newPlanId(),
      requests: names.map((name) => ({
        kind: 'ConfigMap',
        namespace: 'shop',
        name,
        operation: { type: 'patch', patchType: 'json', patch: [{ op: 'replace', path: '/data/A', value: '2' }] },
      })),
      policy: somePolicy(),
      now: new Date(),
      random,
    });
  return { prepare, sent };
}

describe('a dry run that meets a newer object', () => {
  it('is sent again on a fresh read, and that of no other step', async () => {
    const { prepare, sent } = interrupted((dryRun) => {
      if (dryRun === 2) touch('two');
    });
    const result = await prepare('one', 'two');
    if (!result.ok) throw new Error(result.refusal.code);
    expect(sent.map(({ path }) => path.at(-1))).toEqual(['one', 'two', 'two']);
    const { freshness, raw } = result.value;
    const now = cluster.sandbox.store.get(MAPS, 'shop', 'two')?.metadata.resourceVersion;
    expect(freshness[1]?.resourceVersion).toBe(now);
    expect(raw.steps[1]?.live).toMatchObject({ metadata: { resourceVersion: now } });
  });

  it('begins the whole plan anew where the object is another one: its uid is in every mark of the plan', async () => {
    const { prepare, sent } = interrupted((dryRun) => {
      if (dryRun !== 2) return;
      cluster.sandbox.store.delete(MAPS, 'shop', 'two');
      make('two');
    });
    const result = await prepare('one', 'two');
    if (!result.ok) throw new Error(result.refusal.code);
    expect(sent.map(({ path }) => path.at(-1))).toEqual(['one', 'two', 'one', 'two']);
    expect(result.value.intent.steps[1]?.target.uid).toBe(cluster.sandbox.store.get(MAPS, 'shop', 'two')?.metadata.uid);
  });

  it('begins anew where the object has got annotations: then the patch must not make the map for them', async () => {
    const firstOf = (request: ApiRequest | undefined) =>
      (request?.body?.json as { path: string }[] | undefined)?.[0]?.path;
    const { prepare, sent } = interrupted((dryRun) => {
      if (dryRun !== 1) return;
      const object = structuredClone(cluster.sandbox.store.get(MAPS, 'shop', 'one'));
      if (object === undefined) throw new Error('gone');
      object.metadata.annotations = { theirs: 'kept' };
      cluster.sandbox.store.update(MAPS, object, { fieldManager: 'kubectl-annotate' });
    });
    const result = await prepare('one');
    if (!result.ok) throw new Error(result.refusal.code);
    expect(sent.map(firstOf)).toEqual(['/metadata/annotations', '/data/A']);
    expect(result.value.raw.steps[0]?.dryRun).toMatchObject({ metadata: { annotations: { theirs: 'kept' } } });
  });

  it('is given up after a few times', async () => {
    const { prepare, sent } = interrupted(() => touch('one'));
    expect(await prepare('one')).toEqual({
      ok: false,
      refusal: { code: 'dry_run.refused', reason: 'the object kept changing while it was read' },
    });
    expect(sent).toHaveLength(4);
  });
});

describe('where an autoscaler owns the replicas', () => {
  it('the generation is pinned by a patch that sets them, and by no other', async () => {
    const { store } = cluster.sandbox;
    const object = structuredClone(store.get('deployments.apps', 'shop', 'cart'));
    if (object === undefined) throw new Error('gone');
    Object.assign(object.spec as object, { replicas: 2 });
    store.update('deployments.apps', object, { fieldManager: 'kube-controller-manager', subresource: 'scale' });
    const propose = proposalCluster(cluster.connect('proposer'));
    const pinned = async (spec: { [key: string]: number }) => {
      const result = await propose.prepare({
        planId: newPlanId(),
        requests: [
          {
            kind: 'Deployment',
            namespace: 'shop',
            name: 'cart',
            operation: { type: 'patch', patchType: 'merge', patch: { spec } },
          },
        ],
        policy: somePolicy(),
        now: new Date(),
        random,
      });
      if (!result.ok) throw new Error(result.refusal.code);
      expect(result.value.ignoredPaths.paths).toContain('/spec/replicas');
      return result.value.freshness[0]?.generation;
    };
    expect(await pinned({ minReadySeconds: 3 })).toBeNull();
    expect(await pinned({ replicas: 3 })).toBe(store.get('deployments.apps', 'shop', 'cart')?.metadata.generation);
  });
});
