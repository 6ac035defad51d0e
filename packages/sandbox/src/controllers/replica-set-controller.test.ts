import { describe, expect, it } from 'vitest';
import { record } from './kinds.ts';
import { createDeployment, serving, setImage, statusOf, testCluster } from './testing/cluster.ts';

function withPods(replicas: number) {
  const cluster = testCluster();
  createDeployment(cluster, { replicas, templateAnnotations: { note: 'kept' } });
  cluster.settle();
  return cluster;
}

describe('replica set', () => {
  it('makes pods with its name and five characters, its labels and annotations, and itself as their controller', () => {
    const cluster = withPods(2);
    const [set] = cluster.replicaSets();
    for (const pod of cluster.pods()) {
      expect(pod.metadata.name).toMatch(new RegExp(`^${set?.metadata.name}-[a-z0-9]{5}$`));
      expect(pod.metadata.labels).toMatchObject({
        app: 'web',
        'pod-template-hash': set?.metadata.labels?.['pod-template-hash'],
      });
      expect(pod.metadata.annotations).toEqual({ note: 'kept' });
      expect(pod.metadata.ownerReferences).toMatchObject([
        { kind: 'ReplicaSet', uid: set?.metadata.uid, controller: true },
      ]);
    }
    expect(cluster.events('SuccessfulCreate')).toHaveLength(2);
  });

  it('replaces a pod at once when one is deleted, and does not count it while it stops', () => {
    const cluster = withPods(2);
    const [gone] = cluster.pods();
    if (gone === undefined) throw new Error('no pod');
    const deleting = { deletionTimestamp: '2026-01-02T03:05:00Z', deletionGracePeriodSeconds: 30 };
    cluster.store.update('pods', { ...gone, metadata: { ...gone.metadata, ...deleting } });
    cluster.time.advance(50);
    expect(cluster.pods()).toHaveLength(3);
    expect(statusOf(cluster.replicaSets()[0] ?? gone).replicas).toBe(2);
    cluster.settle();
    expect(serving(cluster.pods())).toHaveLength(2);
    expect(cluster.pods().some((pod) => pod.metadata.uid === gone.metadata.uid)).toBe(false);
  });

  it('gives up a pod that does not serve before one that does', () => {
    const cluster = withPods(2);
    const before = serving(cluster.pods()).map((pod) => pod.metadata.uid);
    cluster.change((spec) => {
      spec.replicas = 3;
    });
    cluster.time.advance(60);
    cluster.change((spec) => {
      spec.replicas = 2;
    });
    cluster.settle();
    expect(
      cluster
        .pods()
        .map((pod) => pod.metadata.uid)
        .sort(),
    ).toEqual(before.sort());
    expect(cluster.events('SuccessfulDelete')).toHaveLength(1);
  });

  it('leaves pods alone that carry its labels but belong to nobody or to somebody else', () => {
    const cluster = withPods(1);
    const [mine] = cluster.pods();
    if (mine === undefined) throw new Error('no pod');
    const lookalike = {
      ...mine,
      metadata: { namespace: 'shop', name: 'lookalike', ...(mine.metadata.labels && { labels: mine.metadata.labels }) },
    };
    cluster.store.create('pods', { ...lookalike, spec: { containers: record(mine.spec).containers } });
    cluster.settle();
    expect(
      cluster
        .pods()
        .map((pod) => pod.metadata.name)
        .sort(),
    ).toEqual([mine.metadata.name, 'lookalike'].sort());
    expect(statusOf(cluster.replicaSets()[0] ?? mine).replicas).toBe(1);
  });

  it('never makes more than its bound, however many are asked for', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 1_000_000 });
    cluster.time.advance(1_000);
    expect(cluster.pods()).toHaveLength(50);
  });

  it('counts a pod as available only after minReadySeconds', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 1, minReadySeconds: 5 });
    cluster.time.advance(3_000);
    expect(statusOf(cluster.deployment())).toMatchObject({ readyReplicas: 1 });
    expect(statusOf(cluster.deployment()).availableReplicas).toBeUndefined();
    cluster.time.advance(4_000);
    expect(statusOf(cluster.deployment()).availableReplicas).toBe(1);
  });

  it('is made again by its Deployment when somebody deletes it', () => {
    const cluster = withPods(2);
    cluster.store.delete('replicasets.apps', 'shop', cluster.replicaSets()[0]?.metadata.name ?? '');
    cluster.settle();
    expect(serving(cluster.pods())).toHaveLength(2);
    setImage(cluster, 'good:2');
    cluster.settle();
    expect(cluster.errors).toEqual([]);
  });
});
