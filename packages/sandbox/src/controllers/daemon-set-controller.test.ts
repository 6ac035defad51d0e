import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../store/object-store.ts';
import { podSpec, record } from './kinds.ts';
import { NODE_NAME } from './node.ts';
import { imagesOf, statusOf, type TestCluster, testCluster } from './testing/cluster.ts';

const SETS = 'daemonsets.apps';

function node(cluster: TestCluster, name: string, labels: Record<string, string> = {}): void {
  cluster.store.create('nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
}

function createSet(cluster: TestCluster, spec: Record<string, unknown> = {}): void {
  const podSpec = { containers: [{ name: 'main', image: 'good:1' }], ...spec };
  cluster.store.create(SETS, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { namespace: 'shop', name: 'agent' },
    spec: {
      selector: { matchLabels: { app: 'agent' } },
      template: { metadata: { labels: { app: 'agent' } }, spec: podSpec },
    },
  });
}

const set = ({ store }: TestCluster): KubeObject => {
  const found = store.get(SETS, 'shop', 'agent');
  if (found === undefined) throw new Error('no DaemonSet');
  return found;
};
const placed = (cluster: TestCluster) => cluster.pods().map((pod) => podSpec(pod)?.nodeName);

describe('a DaemonSet', () => {
  it('has one pod on each node, also on one that comes, and none on one that goes', () => {
    const cluster = testCluster();
    node(cluster, NODE_NAME);
    createSet(cluster);
    cluster.settle();
    expect(placed(cluster)).toEqual([NODE_NAME]);
    expect(statusOf(set(cluster))).toEqual({
      currentNumberScheduled: 1,
      numberMisscheduled: 0,
      desiredNumberScheduled: 1,
      numberReady: 1,
      observedGeneration: 1,
      updatedNumberScheduled: 1,
      numberAvailable: 1,
    });
    node(cluster, 'second');
    cluster.settle();
    expect(placed(cluster).sort()).toEqual([NODE_NAME, 'second']);
    expect(statusOf(set(cluster))).toMatchObject({ desiredNumberScheduled: 2, numberReady: 1, numberUnavailable: 1 });
    cluster.store.delete('nodes', undefined, 'second');
    cluster.settle();
    const going = cluster.pods().filter((pod) => podSpec(pod)?.nodeName === 'second');
    expect(going.every(({ metadata }) => metadata.deletionTimestamp !== undefined)).toBe(true);
    expect(cluster.errors).toEqual([]);
  });

  it('keeps to the nodes that its template selects', () => {
    const cluster = testCluster();
    node(cluster, NODE_NAME);
    createSet(cluster, { nodeSelector: { disk: 'fast' } });
    cluster.settle();
    expect(cluster.pods()).toEqual([]);
  });

  it('replaces its pods when the template changes, and records the revisions', () => {
    const cluster = testCluster();
    node(cluster, NODE_NAME);
    createSet(cluster);
    cluster.settle();
    const object = structuredClone(set(cluster));
    record(record(record(object.spec).template).spec).containers = [{ name: 'main', image: 'good:2' }];
    cluster.store.update(SETS, object);
    cluster.settle();
    expect(imagesOf(cluster.pods())).toEqual(['good:2']);
    expect(statusOf(set(cluster))).toMatchObject({ updatedNumberScheduled: 1, observedGeneration: 2 });
    const revisions = cluster.store.list('controllerrevisions.apps', 'shop');
    expect(revisions.map(({ revision }) => revision).sort()).toEqual([1, 2]);
  });
});
