import { describe, expect, it } from 'vitest';
import { applyDefaults } from '../defaults/apply-defaults.ts';
import { createObjectStore, type RestoredObjects } from '../store/create-object-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { containerStatusOf } from './container-status.ts';
import { startControllers } from './start-controllers.ts';
import { createDeployment, serving, setImage, type TestCluster, testCluster } from './testing/cluster.ts';
import { manualTime } from './testing/manual-time.ts';

const KINDS = [
  'deployments.apps',
  'replicasets.apps',
  'pods',
  'services',
  'endpointslices.discovery.k8s.io',
  'endpoints',
  'events',
];

/** The same objects in a new store with new controllers, as after a restart of the sandbox. */
function restarted(cluster: TestCluster): TestCluster {
  cluster.controllers.stop();
  const objects = KINDS.flatMap((resource) => cluster.store.list(resource).map((object) => ({ resource, object })));
  const restored: RestoredObjects = { resourceVersion: Number(cluster.store.resourceVersion), objects };
  return testCluster({ restored, time: cluster.time });
}

describe('a sandbox that is started again on its objects', () => {
  it('leaves what runs as it is: same pods, same starts, no write at all', () => {
    const cluster = testCluster();
    createDeployment(cluster);
    cluster.settle();
    const again = restarted(cluster);
    again.settle();
    expect(again.pods()).toEqual(cluster.pods());
    expect(again.store.resourceVersion).toBe(cluster.store.resourceVersion);
  });

  it('finishes a rollout from wherever it was interrupted', () => {
    for (let ms = 0; ms <= 900; ms += 20) {
      const cluster = testCluster();
      createDeployment(cluster);
      cluster.settle();
      setImage(cluster, 'good:2');
      cluster.time.advance(ms);
      const again = restarted(cluster);
      again.settle();
      expect(again.errors).toEqual([]);
      expect(serving(again.pods()).map((pod) => containerStatusOf(pod, 'web')?.image)).toEqual(['good:2', 'good:2']);
      expect(again.pods()).toHaveLength(2);
      expect(again.replicaSets()).toHaveLength(2);
    }
  });

  it('goes on with back-offs, restart counts and event counts', () => {
    const cluster = testCluster();
    createDeployment(cluster, { replicas: 1, templateAnnotations: { 'sandbox.countersign.dev/crash': '1:boom' } });
    cluster.time.advance(40_000);
    const [pod] = cluster.pods();
    const before = pod === undefined ? undefined : containerStatusOf(pod, 'web');
    const again = restarted(cluster);
    again.time.advance(60_000);
    const [later] = again.pods();
    const after = later === undefined ? undefined : containerStatusOf(later, 'web');
    expect(later?.metadata.uid).toBe(pod?.metadata.uid);
    expect(Number(after?.restartCount)).toBeGreaterThan(Number(before?.restartCount));
    expect(again.events('BackOff')).toHaveLength(1);
  });
});

describe('a container that has crashed before', () => {
  it('gets no free restart from a restart of the sandbox, whatever it was doing', () => {
    for (const ms of [900, 1_100, 11_500, 12_000]) {
      const cluster = testCluster();
      createDeployment(cluster, { replicas: 1, templateAnnotations: { 'sandbox.countersign.dev/crash': '1:boom' } });
      cluster.time.advance(ms);
      const count = () => again.pods().map((pod) => containerStatusOf(pod, 'web')?.restartCount)[0] ?? 0;
      const again = restarted(cluster);
      const before = count();
      again.time.advance(5_000);
      expect(before).toBeGreaterThan(0);
      expect(count()).toBe(before);
    }
  });
});

describe('the controllers', () => {
  it('leave no timer and no subscription behind when they are stopped', () => {
    const cluster = testCluster();
    createDeployment(cluster, { image: 'missing:1' });
    cluster.time.advance(2_000);
    cluster.controllers.stop();
    expect(cluster.time.waiting()).toBe(0);
    setImage(cluster, 'good:1');
    expect(cluster.time.waiting()).toBe(0);
  });

  it('are settled when a rollout is through, and also when it is stuck', async () => {
    for (const image of ['good:1', 'missing:1']) {
      const cluster = testCluster();
      createDeployment(cluster, { image });
      const settled = cluster.controllers.settled();
      cluster.time.advance(4_000);
      await settled;
      expect(cluster.pods()).toHaveLength(2);
    }
  });

  it('repeat what failed with a growing pause, say so, and go on with everything else', () => {
    const time = manualTime();
    const store = createObjectStore({ clock: time.clock, defaults: applyDefaults });
    let failures = 0;
    const failing: ObjectStore = {
      ...store,
      get resourceVersion() {
        return store.resourceVersion;
      },
      create(resource, object, options) {
        if (resource === 'pods' && object.metadata.generateName?.startsWith('unlucky') && failures < 8) {
          failures += 1;
          throw new Error('the disk is full');
        }
        return store.create(resource, object, options);
      },
    };
    const told: string[] = [];
    const controllers = startControllers({
      store: failing,
      clock: time.clock,
      images: ['good:1'],
      timers: time.timers,
      onError: (_error, controller, key) => told.push(`${controller} ${key}`),
    });
    const cluster = { store } as TestCluster;
    createDeployment(cluster, { name: 'unlucky', replicas: 1 });
    createDeployment(cluster, { replicas: 1 });
    time.advance(1_000);
    expect(serving(store.list('pods', 'shop'))).toHaveLength(1);
    time.advance(60_000);
    expect(serving(store.list('pods', 'shop'))).toHaveLength(2);
    expect(told).toHaveLength(8);
    expect(told[0]).toMatch(/^replicaset-controller shop\/unlucky-/);
    controllers.stop();
  });
});
