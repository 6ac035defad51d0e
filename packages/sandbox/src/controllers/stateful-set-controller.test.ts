import { describe, expect, it } from 'vitest';
import { recordAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { record } from './kinds.ts';
import { isReady } from './pod-state.ts';
import { statusOf, type TestCluster, testCluster } from './testing/cluster.ts';

const SETS = 'statefulsets.apps';

function createSet(cluster: TestCluster, spec: Record<string, unknown> = {}): KubeObject {
  return cluster.store.create(SETS, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace: 'shop', name: 'db' },
    spec: {
      serviceName: 'db',
      replicas: 3,
      selector: { matchLabels: { app: 'db' } },
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'main', image: 'good:1' }] } },
      ...spec,
    },
  });
}

const set = ({ store }: TestCluster): KubeObject => {
  const found = store.get(SETS, 'shop', 'db');
  if (found === undefined) throw new Error('no StatefulSet');
  return found;
};

function change(cluster: TestCluster, edit: (spec: Record<string, unknown>) => void): void {
  const object = structuredClone(set(cluster));
  edit(record(object.spec));
  cluster.store.update(SETS, object, { fieldManager: 'kubectl' });
}

const setImage = (cluster: TestCluster, image: string) =>
  change(cluster, (spec) => {
    record(record(spec.template).spec).containers = [{ name: 'main', image }];
  });
const names = ({ pods }: TestCluster) => pods().map(({ metadata }) => metadata.name);
const images = (cluster: TestCluster) =>
  cluster.pods().map((pod) => `${pod.metadata.name} ${(record(pod.spec).containers as { image: string }[])[0]?.image}`);

describe('a StatefulSet', () => {
  it('starts its pods in their order, each ready before the next', () => {
    const cluster = testCluster();
    createSet(cluster);
    const seen: string[][] = [];
    for (let step = 0; step < 100; step += 1) {
      cluster.time.advance(20);
      const ready = cluster.pods().filter(isReady).length;
      expect(cluster.pods().length).toBeLessThanOrEqual(ready + 1);
      seen.push(names(cluster));
    }
    expect(seen.at(-1)).toEqual(['db-0', 'db-1', 'db-2']);
    expect(cluster.pods()[1]).toMatchObject({
      metadata: {
        labels: {
          app: 'db',
          'statefulset.kubernetes.io/pod-name': 'db-1',
          'apps.kubernetes.io/pod-index': '1',
          'controller-revision-hash': statusOf(set(cluster)).currentRevision,
        },
      },
      spec: { hostname: 'db-1', subdomain: 'db' },
    });
    expect(statusOf(set(cluster))).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      availableReplicas: 3,
      observedGeneration: 1,
    });
    expect(cluster.errors).toEqual([]);
  });

  it('starts and ends them all at once when asked to', () => {
    const cluster = testCluster();
    createSet(cluster, { podManagementPolicy: 'Parallel' });
    cluster.time.advance(1);
    expect(names(cluster)).toEqual(['db-0', 'db-1', 'db-2']);
  });

  it('ends the last first when it shrinks, and keeps the identity of what comes back', () => {
    const cluster = testCluster();
    createSet(cluster);
    cluster.settle();
    change(cluster, (spec) => {
      spec.replicas = 1;
    });
    cluster.time.advance(10);
    expect(cluster.pods().filter(({ metadata }) => metadata.deletionTimestamp !== undefined)).toMatchObject([
      { metadata: { name: 'db-2' } },
    ]);
    cluster.settle();
    expect(names(cluster)).toEqual(['db-0']);
    cluster.store.delete('pods', 'shop', 'db-0');
    cluster.settle();
    expect(names(cluster)).toEqual(['db-0']);
  });

  it('updates from the last to the first, one at a time, and records the revisions', () => {
    const cluster = testCluster();
    createSet(cluster);
    cluster.settle();
    const before = statusOf(set(cluster)).currentRevision;
    setImage(cluster, 'good:2');
    let wasMixed = false;
    for (let step = 0; step < 200; step += 1) {
      cluster.time.advance(20);
      const updated = images(cluster).filter((one) => one.endsWith('good:2'));
      wasMixed ||= updated.length === 1 && updated[0]?.startsWith('db-2') === true;
      expect(cluster.pods().filter(isReady).length).toBeGreaterThanOrEqual(2);
    }
    expect(wasMixed).toBe(true);
    expect(images(cluster)).toEqual(['db-0 good:2', 'db-1 good:2', 'db-2 good:2']);
    const status = statusOf(set(cluster));
    expect(status.currentRevision).toBe(status.updateRevision);
    expect(status.currentRevision).not.toBe(before);
    const revisions = cluster.store.list('controllerrevisions.apps', 'shop');
    expect(revisions.map(({ revision }) => revision).sort()).toEqual([1, 2]);
  });

  it('takes a template that recurs as the newest revision, without another record of it', () => {
    const cluster = testCluster();
    createSet(cluster, { replicas: 1 });
    cluster.settle();
    setImage(cluster, 'good:2');
    cluster.settle();
    setImage(cluster, 'good:1');
    cluster.settle();
    const revisions = cluster.store.list('controllerrevisions.apps', 'shop');
    expect(revisions.map(({ revision }) => revision).sort()).toEqual([2, 3]);
    expect(images(cluster)).toEqual(['db-0 good:1']);
  });

  it('leaves pods below the partition at their revision, also when they come back', () => {
    const cluster = testCluster();
    createSet(cluster, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    cluster.settle();
    setImage(cluster, 'good:2');
    cluster.settle();
    expect(images(cluster)).toEqual(['db-0 good:1', 'db-1 good:1', 'db-2 good:2']);
    cluster.store.delete('pods', 'shop', 'db-0');
    cluster.settle();
    expect(images(cluster)[0]).toBe('db-0 good:1');
    const status = statusOf(set(cluster));
    expect(status.currentRevision).not.toBe(status.updateRevision);
  });

  it('with OnDelete replaces nothing by itself', () => {
    const cluster = testCluster();
    createSet(cluster, { replicas: 1, updateStrategy: { type: 'OnDelete' } });
    cluster.settle();
    setImage(cluster, 'good:2');
    cluster.settle();
    expect(images(cluster)).toEqual(['db-0 good:1']);
    cluster.store.delete('pods', 'shop', 'db-0');
    cluster.settle();
    expect(images(cluster)).toEqual(['db-0 good:2']);
  });

  it('waits for a pod that does not come up, and says so in its status', () => {
    const cluster = testCluster();
    createSet(cluster, {
      template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'main', image: 'absent:1' }] } },
    });
    cluster.settle();
    expect(names(cluster)).toEqual(['db-0']);
    expect(statusOf(set(cluster))).toMatchObject({ replicas: 1, availableReplicas: 0 });
  });

  it('makes the claims of each pod, and keeps them', () => {
    const cluster = testCluster();
    createSet(cluster, {
      replicas: 1,
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
    });
    cluster.settle();
    expect(recordAt(cluster.pods()[0], 'spec')?.volumes).toMatchObject([
      { name: 'data', persistentVolumeClaim: { claimName: 'data-db-0' } },
    ]);
    change(cluster, (spec) => {
      spec.replicas = 0;
    });
    cluster.settle();
    expect(cluster.store.list('persistentvolumeclaims', 'shop')).toMatchObject([
      { metadata: { name: 'data-db-0' }, status: { phase: 'Bound' } },
    ]);
  });
});
