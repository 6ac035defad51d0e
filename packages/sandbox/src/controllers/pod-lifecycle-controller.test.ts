import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../store/object-store.ts';
import { containerStatusOf } from './container-status.ts';
import { conditionOf, record } from './kinds.ts';
import {
  createDeployment,
  restart,
  serving,
  setImage,
  statusOf,
  type TestCluster,
  testCluster,
} from './testing/cluster.ts';

function podOf(cluster: TestCluster): KubeObject {
  const [pod] = cluster.pods();
  if (pod === undefined) throw new Error('no pod');
  return pod;
}

function containerOf(cluster: TestCluster, name = 'web') {
  const status = containerStatusOf(podOf(cluster), name);
  if (status === undefined) throw new Error('no container status');
  return status;
}

function clusterWith(spec: Parameters<typeof createDeployment>[1]): TestCluster {
  const cluster = testCluster();
  createDeployment(cluster, { replicas: 1, ...spec });
  return cluster;
}

function barePod(cluster: TestCluster, spec: Record<string, unknown>): void {
  cluster.store.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name: 'job' }, spec });
}

describe('a pod whose image exists', () => {
  it('goes from Pending over ContainerCreating to Running and ready within 400 ms', () => {
    const cluster = clusterWith({});
    cluster.time.advance(20);
    expect(statusOf(podOf(cluster))).toMatchObject({ phase: 'Pending' });
    cluster.time.advance(60);
    expect(containerOf(cluster).state).toEqual({ waiting: { reason: 'ContainerCreating' } });
    cluster.time.advance(320);
    expect(statusOf(podOf(cluster))).toMatchObject({ phase: 'Running', hostIP: '10.0.0.11', qosClass: 'BestEffort' });
    expect(containerOf(cluster)).toMatchObject({ ready: true, started: true, restartCount: 0, image: 'good:1' });
    for (const type of ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready']) {
      expect(conditionOf(podOf(cluster), type)?.status).toBe('True');
    }
  });

  it('has what describe shows: node, addresses, ids, start time, and the kubelets events in order', () => {
    const cluster = clusterWith({});
    cluster.settle();
    const status = statusOf(podOf(cluster));
    expect(record(podOf(cluster).spec).nodeName).toBe('sandbox-node-1');
    expect(status.podIP).toMatch(/^10\.244\.\d+\.\d+$/);
    expect(status.startTime).toBe('2026-01-02T03:04:05Z');
    expect(containerOf(cluster).imageID).toMatch(/^docker\.io\/library\/good@sha256:[0-9a-f]{64}$/);
    expect(containerOf(cluster).containerID).toMatch(/^containerd:\/\/[0-9a-f]{64}$/);
    const about = cluster.store.list('events', 'shop').filter((event) => record(event.involvedObject).kind === 'Pod');
    expect(about.map((event) => event.reason)).toEqual(['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started']);
  });

  it('never shares its address with another', () => {
    const cluster = clusterWith({ replicas: 40 });
    cluster.settle();
    expect(new Set(cluster.pods().map((pod) => statusOf(pod).podIP)).size).toBe(40);
  });

  it('is ready only when all its containers are', () => {
    const cluster = testCluster();
    barePod(cluster, {
      containers: [
        { name: 'web', image: 'good:1' },
        { name: 'side', image: 'missing:1' },
      ],
    });
    cluster.settle();
    expect(statusOf(podOf(cluster)).phase).toBe('Pending');
    expect(containerOf(cluster, 'web').ready).toBe(true);
    expect(conditionOf(podOf(cluster), 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [side]',
    });
  });

  it('stays Pending when it asks for a node that does not exist', () => {
    const cluster = testCluster();
    barePod(cluster, { nodeName: 'elsewhere', containers: [{ name: 'web', image: 'good:1' }] });
    cluster.settle();
    expect(record(podOf(cluster).status).phase ?? 'Pending').toBe('Pending');
    expect(cluster.time.waiting()).toBe(0);
  });
});

describe('a pod whose image does not exist', () => {
  it('shows ErrImagePull, then ImagePullBackOff, with the runtimes reason in the message', () => {
    const cluster = clusterWith({ image: 'nginx:1.27-doesnotexist' });
    const seen = new Set<string>();
    cluster.store.subscribe(({ resource, object }) => {
      const status = resource === 'pods' ? containerStatusOf(object, 'web') : undefined;
      if (status !== undefined && 'waiting' in status.state) seen.add(status.state.waiting.reason);
    });
    cluster.settle();
    expect([...seen]).toEqual(['ContainerCreating', 'ErrImagePull', 'ImagePullBackOff']);
    const { state } = containerOf(cluster);
    expect('waiting' in state && state.waiting.message).toMatch(
      /^Back-off pulling image "nginx:1.27-doesnotexist": .*docker\.io\/library\/nginx:1\.27-doesnotexist: not found$/,
    );
    expect(statusOf(podOf(cluster)).phase).toBe('Pending');
  });

  it('tries again after 10 s, 20 s and so on up to 5 min, counting on the same events', () => {
    const cluster = clusterWith({ image: 'missing:1' });
    const tries = () => Number(cluster.events('Pulling')[0]?.count ?? 0);
    cluster.time.advance(9_000);
    expect(tries()).toBe(1);
    cluster.time.advance(3_000);
    expect(tries()).toBe(2);
    cluster.time.advance(21_000);
    expect(tries()).toBe(3);
    cluster.time.advance(3_600_000);
    const late = tries();
    cluster.time.advance(3_600_000);
    expect(tries() - late).toBeLessThanOrEqual(12);
    expect(tries() - late).toBeGreaterThanOrEqual(10);
    expect(cluster.events('Pulling')).toHaveLength(1);
    const [backOff] = cluster.events('BackOff');
    expect(Number(backOff?.count)).toBeGreaterThan(90);
    expect(cluster.time.clock().getTime() - Date.parse(String(backOff?.lastTimestamp))).toBeLessThanOrEqual(61_000);
  });

  it('costs a few timers an hour, not a loop', () => {
    const cluster = clusterWith({ image: 'missing:1' });
    cluster.time.advance(3_600_000);
    const fired = cluster.time.fired();
    cluster.time.advance(3_600_000);
    expect(cluster.time.fired() - fired).toBeLessThan(200);
  });
});

describe('a crashing container', () => {
  const crash = { templateAnnotations: { 'sandbox.countersign.dev/crash': '137:out of memory' } };

  it('ends with its code and message, restarts at once, then waits in CrashLoopBackOff with its last end kept', () => {
    const cluster = clusterWith(crash);
    cluster.time.advance(700);
    expect(containerOf(cluster).state).toMatchObject({
      terminated: { exitCode: 137, reason: 'Error', message: 'out of memory' },
    });
    cluster.time.advance(3_000);
    const { state, lastState, restartCount } = containerOf(cluster);
    expect(state).toMatchObject({
      waiting: {
        reason: 'CrashLoopBackOff',
        message: expect.stringMatching(/^back-off 10s restarting failed container=web pod=web-/),
      },
    });
    expect(lastState).toMatchObject({ terminated: { exitCode: 137, message: 'out of memory' } });
    expect(restartCount).toBe(1);
    expect(statusOf(podOf(cluster)).phase).toBe('Running');
  });

  it('restarts after 10 s, 20 s, 40 s and so on, at last every 5 min', () => {
    const cluster = clusterWith(crash);
    const restarts: number[] = [];
    for (const atSeconds of [5, 13, 35, 77, 160, 325]) {
      cluster.time.advance(atSeconds * 1000 - (cluster.time.clock().getTime() - Date.parse('2026-01-02T03:04:05Z')));
      restarts.push(containerOf(cluster).restartCount);
    }
    expect(restarts).toEqual([1, 2, 3, 4, 5, 6]);
    const before = containerOf(cluster).restartCount;
    cluster.time.advance(3_600_000);
    expect(containerOf(cluster).restartCount - before).toBeLessThanOrEqual(12);
    expect(cluster.events('BackOff')).toMatchObject([{ type: 'Warning' }]);
    expect(Number(cluster.events('BackOff')[0]?.count)).toBeGreaterThan(20);
  });

  it('is never ready, so it never takes traffic', () => {
    const cluster = clusterWith(crash);
    let ready = false;
    cluster.store.subscribe(() => {
      ready ||= serving(cluster.pods()).length > 0;
    });
    cluster.time.advance(120_000);
    expect(ready).toBe(false);
  });

  it('that crashes until restarted is healed by a rollout restart, and not by its own restarts', () => {
    const cluster = clusterWith({
      templateAnnotations: { 'sandbox.countersign.dev/crash-until-restarted': 'stale lease' },
    });
    cluster.time.advance(300_000);
    expect(serving(cluster.pods())).toEqual([]);
    restart(cluster, '2026-01-02T03:10:00Z');
    cluster.settle();
    expect(serving(cluster.pods())).toHaveLength(1);
    expect(cluster.pods()).toHaveLength(1);
  });

  it('of a sidecar restarts alone', () => {
    const cluster = testCluster();
    barePod(cluster, {
      containers: [
        { name: 'web', image: 'good:1' },
        { name: 'side', image: 'sidecar:1', command: ['sh', '-c', 'echo "no disk"; exit 3'] },
      ],
    });
    cluster.settle();
    expect(containerOf(cluster, 'web')).toMatchObject({ ready: true, restartCount: 0 });
    expect(containerOf(cluster, 'side')).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 3, message: 'no disk' } },
    });
  });

  it('is restarted on failure where its policy says so', () => {
    const cluster = testCluster();
    const containers = [{ name: 'web', image: 'good:1', command: ['sh', '-c', 'exit 4'] }];
    barePod(cluster, { restartPolicy: 'OnFailure', containers });
    cluster.settle();
    expect(containerOf(cluster)).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 4 } } });
  });

  it('is not restarted against its restart policy', () => {
    for (const [restartPolicy, code, phase] of [
      ['Never', 1, 'Failed'],
      ['Never', 0, 'Succeeded'],
      ['OnFailure', 0, 'Succeeded'],
    ] as const) {
      const cluster = testCluster();
      barePod(cluster, {
        restartPolicy,
        containers: [{ name: 'web', image: 'good:1', command: ['sh', '-c', `exit ${code}`] }],
      });
      cluster.settle();
      expect(statusOf(podOf(cluster)).phase).toBe(phase);
      expect(containerOf(cluster).restartCount).toBe(0);
      expect(cluster.time.waiting()).toBe(0);
    }
  });
});

describe('a pod that is being deleted', () => {
  it('shows its end, stops serving at once and is gone shortly after', () => {
    const cluster = clusterWith({});
    cluster.settle();
    cluster.change((spec) => {
      spec.replicas = 0;
    });
    cluster.time.advance(60);
    expect(podOf(cluster).metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: '2026-01-02T03:04:44Z',
    });
    cluster.time.advance(300);
    expect(cluster.pods()).toEqual([]);
    expect(cluster.events('Killing')).toHaveLength(1);
  });

  it('is forgotten: a pod of the same name begins at the beginning', () => {
    const cluster = testCluster();
    barePod(cluster, { containers: [{ name: 'web', image: 'good:1' }] });
    cluster.settle();
    cluster.store.delete('pods', 'shop', 'job');
    barePod(cluster, { containers: [{ name: 'web', image: 'missing:1' }] });
    cluster.time.advance(20);
    expect(record(podOf(cluster).spec).nodeName).toBeUndefined();
    cluster.settle();
    expect(containerOf(cluster).ready).toBe(false);
    expect(cluster.errors).toEqual([]);
  });
});

describe('a new image on a broken pod', () => {
  it('is what the next pull asks for', () => {
    const cluster = clusterWith({ image: 'missing:1', strategy: { type: 'Recreate' } });
    cluster.settle();
    setImage(cluster, 'good:2');
    cluster.settle();
    expect(containerOf(cluster)).toMatchObject({ ready: true, image: 'good:2' });
  });
});
