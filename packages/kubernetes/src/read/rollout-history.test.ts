import type { Json, Refusal, Result } from '@countersign/approvals';
import type { NewObject } from '@countersign/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { type ClusterReads, clusterReads } from './cluster-reads.ts';

const CANARY = 'canary-s3cr3t-sandbox';
let cluster: TestCluster;
let reads: ClusterReads;
beforeAll(async () => {
  cluster = await startCluster();
  reads = clusterReads(cluster.connect('reader'), { namespaces: ['shop'], clock: () => new Date() });
});
afterAll(() => cluster.stop());

function passed<T>(result: Result<T, Refusal>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}
type Kind = Parameters<ClusterReads['rolloutHistory']>[0]['kind'];
const history = async (kind: Kind, name: string, limit = 10): Promise<Json> =>
  passed(await reads.rolloutHistory({ namespace: 'shop', kind, name, limit }));

describe('the history', () => {
  it('of a Deployment is its revisions, newest first, with the one that ran well', async () => {
    expect(await history('Deployment', 'web')).toMatchObject({
      revisions: [
        { revision: 2, current: true, healthy: false, images: [{ image: 'nginx:1.27-doesnotexist' }] },
        { revision: 1, current: false, healthy: true, images: [{ image: 'nginx:1.27-alpine' }] },
      ],
      more: 0,
    });
    expect(await history('Deployment', 'web', 1)).toMatchObject({ revisions: [{ revision: 2 }], more: 1 });
    expect(JSON.stringify(await history('Deployment', 'api'))).not.toContain(CANARY);
  });

  it.each([
    ['StatefulSet', 'statefulsets.apps', { currentRevision: 'x-1', updateRevision: 'x-2', readyReplicas: 1 }],
    ['DaemonSet', 'daemonsets.apps', { desiredNumberScheduled: 2, updatedNumberScheduled: 1 }],
  ] as const)(
    'of a %s is its ControllerRevisions, with images and cause, and no value of a variable',
    async (kind, key, status) => {
      const name = kind.toLowerCase();
      const container = { name: 'app', image: 'redis:7', env: [{ name: 'X', value: CANARY }] };
      const template = { metadata: { labels: { app: name } }, spec: { containers: [container] } };
      const spec = { selector: { matchLabels: { app: name } }, template, serviceName: '' };
      const object = {
        apiVersion: 'apps/v1',
        kind,
        // Its revisions are told here, not by the sandbox's controller.
        metadata: { namespace: 'shop', name, annotations: { 'sandbox.countersign.dev/unmanaged': '' } },
        spec,
      } as unknown as NewObject;
      const { metadata } = cluster.sandbox.store.create(key, object);
      const created = cluster.sandbox.store.get(key, 'shop', name);
      cluster.sandbox.store.update(key, { ...created, status } as never, { subresource: 'status' } as never);
      for (const [revision, owner] of [
        [1, metadata.uid],
        [2, metadata.uid],
        [3, cluster.sandbox.store.get('deployments.apps', 'shop', 'web')?.metadata.uid ?? ''],
      ] as const) {
        cluster.sandbox.store.create('controllerrevisions.apps', {
          apiVersion: 'apps/v1',
          kind: 'ControllerRevision',
          metadata: {
            namespace: 'shop',
            name: `${name}-${revision}`,
            labels: { app: name },
            annotations: { 'kubernetes.io/change-cause': `kubectl set env x PASSWORD=${CANARY} #${revision}` },
            ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: owner, controller: true }],
          },
          revision,
          data: { spec: { template: { spec: { containers: [{ ...container, image: `redis:${revision}` }] } } } },
        } as unknown as NewObject);
      }
      const found = await history(kind, name);
      expect(found).toMatchObject({
        revisions: [
          { revision: 2, current: true, healthy: false, images: [{ name: 'app', image: 'redis:2' }] },
          { revision: 1, current: false, healthy: null, changeCause: expect.stringContaining('kubectl set env') },
        ],
      });
      expect(JSON.stringify(found)).not.toContain(CANARY);
    },
  );

  it('of what is not there is refused', async () => {
    expect(
      await reads.rolloutHistory({ namespace: 'shop', kind: 'DaemonSet', name: 'nobody', limit: 1 }),
    ).toMatchObject({
      refusal: { code: 'target.not_found' },
    });
  });
});
