import { describe, expect, it } from 'vitest';
import { conditionOf, record } from './kinds.ts';
import {
  createDeployment,
  imagesOf,
  restart,
  serving,
  setImage,
  sizeOf,
  statusOf,
  type TestCluster,
  templateOf,
  testCluster,
} from './testing/cluster.ts';

const REVISION = 'deployment.kubernetes.io/revision';

function rolledOut(spec: Parameters<typeof createDeployment>[1] = {}): TestCluster {
  const cluster = testCluster();
  createDeployment(cluster, spec);
  cluster.settle();
  return cluster;
}

function setOf(cluster: TestCluster, image: string) {
  const found = cluster.replicaSets().find((set) => templateOf(set).containers[0]?.image === image);
  if (found === undefined) throw new Error(`no ReplicaSet with ${image}`);
  return found;
}

function progressing(cluster: TestCluster) {
  return conditionOf(cluster.deployment(), 'Progressing');
}

describe('a new Deployment', () => {
  it('gets one ReplicaSet named by the template hash, at revision 1, owned by it and selecting only its own pods', () => {
    const cluster = rolledOut();
    const [set, ...others] = cluster.replicaSets();
    const hash = set?.metadata.labels?.['pod-template-hash'];
    expect(others).toEqual([]);
    expect(set?.metadata.name).toBe(`web-${hash}`);
    expect(set?.metadata.annotations?.[REVISION]).toBe('1');
    expect(record(set?.spec).selector).toEqual({ matchLabels: { app: 'web', 'pod-template-hash': hash } });
    expect(set?.metadata.ownerReferences).toMatchObject([{ kind: 'Deployment', name: 'web', controller: true }]);
    expect(cluster.deployment().metadata.annotations?.[REVISION]).toBe('1');
  });

  it('reports what kubectl rollout status waits for', () => {
    const cluster = rolledOut({ replicas: 3 });
    expect(statusOf(cluster.deployment())).toMatchObject({
      observedGeneration: cluster.deployment().metadata.generation,
      replicas: 3,
      updatedReplicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
    });
    expect(statusOf(cluster.deployment()).unavailableReplicas).toBeUndefined();
    expect(conditionOf(cluster.deployment(), 'Available')).toMatchObject({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
    });
    expect(progressing(cluster)).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  });

  it('is available within half a second', () => {
    const cluster = testCluster();
    createDeployment(cluster);
    cluster.time.advance(500);
    expect(statusOf(cluster.deployment()).availableReplicas).toBe(2);
  });

  it('takes another name for its ReplicaSet when somebody else has it', () => {
    const probe = rolledOut();
    const taken = probe.replicaSets()[0]?.metadata.name ?? '';
    const cluster = testCluster();
    const stranger = structuredClone(probe.replicaSets()[0]);
    if (stranger === undefined) throw new Error('no ReplicaSet');
    cluster.store.create('replicasets.apps', {
      ...stranger,
      metadata: { namespace: 'shop', name: taken },
      spec: { ...record(stranger.spec), replicas: 0 },
    });
    createDeployment(cluster);
    cluster.settle();
    expect(cluster.errors).toEqual([]);
    expect(cluster.replicaSets()[0]?.metadata.name).not.toBe(taken);
    expect(statusOf(cluster.deployment()).availableReplicas).toBe(2);
  });

  it('is left alone, and breaks nothing else, when its template cannot be read', () => {
    const cluster = testCluster();
    createDeployment(cluster, { name: 'odd', template: 'not a template' });
    createDeployment(cluster);
    cluster.settle();
    expect(cluster.errors).toEqual([]);
    expect(statusOf(cluster.deployment()).availableReplicas).toBe(2);
  });
});

describe('a rollout', () => {
  it('ends with only new pods and the old ReplicaSet kept at size 0 for the history', () => {
    const cluster = rolledOut();
    setImage(cluster, 'good:2');
    cluster.settle();
    expect(imagesOf(cluster.pods())).toEqual(['good:2', 'good:2']);
    expect(sizeOf(setOf(cluster, 'good:1'))).toBe(0);
    expect(setOf(cluster, 'good:2').metadata.annotations?.[REVISION]).toBe('2');
    expect(cluster.deployment().metadata.annotations?.[REVISION]).toBe('2');
    expect(cluster.events('ScalingReplicaSet').length).toBeGreaterThan(2);
  });

  it('does not count as a change of the Deployment: its generation is the writers own', () => {
    const cluster = rolledOut();
    setImage(cluster, 'good:2');
    const { generation } = cluster.deployment().metadata;
    cluster.settle();
    expect(cluster.deployment().metadata.generation).toBe(generation);
    expect(statusOf(cluster.deployment()).observedGeneration).toBe(generation);
  });

  it('follows a restart annotation, and a repeated value of it changes nothing', () => {
    const cluster = rolledOut();
    const before = cluster.pods().map((pod) => pod.metadata.uid);
    restart(cluster, '2026-01-02T03:10:00Z');
    cluster.settle();
    expect(cluster.pods().some((pod) => before.includes(pod.metadata.uid))).toBe(false);
    const version = cluster.store.resourceVersion;
    restart(cluster, '2026-01-02T03:10:00Z');
    cluster.settle();
    expect(cluster.store.resourceVersion).toBe(version);
  });

  it('with an image that does not exist stays at its surge and keeps the old pods serving', () => {
    const cluster = rolledOut({
      replicas: 4,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } },
    });
    setImage(cluster, 'missing:1');
    cluster.time.advance(120_000);
    expect(sizeOf(setOf(cluster, 'good:1'))).toBe(3);
    expect(sizeOf(setOf(cluster, 'missing:1'))).toBe(2);
    expect(serving(cluster.pods())).toHaveLength(3);
    expect(conditionOf(cluster.deployment(), 'Available')?.status).toBe('True');
    expect(statusOf(cluster.deployment())).toMatchObject({
      updatedReplicas: 2,
      availableReplicas: 3,
      unavailableReplicas: 2,
    });
  });

  it('that makes no progress is reported when its deadline is over, not before', () => {
    const cluster = rolledOut({ progressDeadlineSeconds: 60 });
    setImage(cluster, 'missing:1');
    cluster.time.advance(55_000);
    expect(progressing(cluster)?.status).toBe('True');
    cluster.time.advance(10_000);
    expect(progressing(cluster)).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    setImage(cluster, 'good:2');
    cluster.settle();
    expect(progressing(cluster)).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  });

  it('that is finished stays finished while pods that were deleted later come back one by one', () => {
    const cluster = rolledOut({ replicas: 3 });
    const before = progressing(cluster);
    const seen: unknown[] = [];
    cluster.store.subscribe(() => seen.push(progressing(cluster)));
    for (const pod of cluster.pods().slice(0, 2)) {
      cluster.store.delete('pods', 'shop', pod.metadata.name);
      cluster.time.advance(100);
    }
    cluster.settle();
    expect(seen.length).toBeGreaterThan(5);
    expect(new Set(seen.map((condition) => JSON.stringify(condition)))).toEqual(new Set([JSON.stringify(before)]));
    expect(serving(cluster.pods())).toHaveLength(3);
  });

  it('that is slow but moves is not given up at its deadline', () => {
    const cluster = rolledOut({
      replicas: 4,
      minReadySeconds: 6,
      progressDeadlineSeconds: 10,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    setImage(cluster, 'good:2');
    const reasons = new Set<unknown>();
    cluster.store.subscribe(() => reasons.add(progressing(cluster)?.reason));
    cluster.time.advance(60_000);
    expect(imagesOf(cluster.pods())).toEqual(['good:2', 'good:2', 'good:2', 'good:2']);
    expect(reasons).not.toContain('ProgressDeadlineExceeded');
  });

  it('waits for minReadySeconds before it goes on', () => {
    const cluster = rolledOut({ minReadySeconds: 5 });
    setImage(cluster, 'good:2');
    cluster.time.advance(4_000);
    expect(imagesOf(cluster.pods())).toContain('good:1');
    cluster.time.advance(20_000);
    expect(imagesOf(cluster.pods())).toEqual(['good:2', 'good:2']);
  });

  it('keeps no more old ReplicaSets than revisionHistoryLimit, the newest of them', () => {
    const cluster = rolledOut({ revisionHistoryLimit: 1 });
    for (const image of ['good:2', 'good:3']) {
      setImage(cluster, image);
      cluster.settle();
    }
    expect(
      cluster
        .replicaSets()
        .map((set) => set.metadata.annotations?.[REVISION])
        .sort(),
    ).toEqual(['2', '3']);
  });
});

describe('Recreate', () => {
  const recreate = { strategy: { type: 'Recreate' } };

  it('never runs two versions side by side', () => {
    const cluster = rolledOut(recreate);
    const seen: string[][] = [];
    cluster.store.subscribe(() => seen.push([...new Set(imagesOf(cluster.pods()))]));
    setImage(cluster, 'good:2');
    cluster.settle();
    expect(seen.every((images) => images.length <= 1)).toBe(true);
    expect(imagesOf(cluster.pods())).toEqual(['good:2', 'good:2']);
    expect(progressing(cluster)?.reason).toBe('NewReplicaSetAvailable');
  });

  it('comes back from an image that does not exist when the old template returns', () => {
    const cluster = rolledOut(recreate);
    setImage(cluster, 'missing:1');
    cluster.settle();
    expect(serving(cluster.pods())).toEqual([]);
    setImage(cluster, 'good:1');
    cluster.settle();
    expect(serving(cluster.pods())).toHaveLength(2);
    expect(cluster.replicaSets()).toHaveLength(2);
  });
});

describe('undo', () => {
  it('takes up the old ReplicaSet under a new revision and remembers the one it had', () => {
    const cluster = rolledOut();
    const first = setOf(cluster, 'good:1').metadata.uid;
    setImage(cluster, 'good:2');
    cluster.settle();
    setImage(cluster, 'good:1');
    cluster.settle();
    const set = setOf(cluster, 'good:1');
    expect(set.metadata.uid).toBe(first);
    expect(set.metadata.annotations).toMatchObject({
      [REVISION]: '3',
      'deployment.kubernetes.io/revision-history': '1',
    });
    expect(cluster.deployment().metadata.annotations?.[REVISION]).toBe('3');
    expect(imagesOf(cluster.pods())).toEqual(['good:1', 'good:1']);
  });

  it('finds the old ReplicaSet by the template that kubectl sends back, null times included', () => {
    const cluster = rolledOut();
    setImage(cluster, 'good:2');
    cluster.settle();
    const old = record(structuredClone(record(record(setOf(cluster, 'good:1').spec).template)));
    const metadata = record(old.metadata);
    const { 'pod-template-hash': _hash, ...labels } = record(metadata.labels);
    cluster.change((spec) => {
      spec.template = { ...old, metadata: { ...metadata, labels, creationTimestamp: null } };
    });
    cluster.settle();
    expect(cluster.replicaSets()).toHaveLength(2);
    expect(imagesOf(cluster.pods())).toEqual(['good:1', 'good:1']);
  });

  it('out of a stuck rollout removes the broken pods and never touches the serving ones', () => {
    const cluster = rolledOut();
    const before = cluster
      .pods()
      .map((pod) => pod.metadata.uid)
      .sort();
    setImage(cluster, 'missing:1');
    cluster.settle();
    setImage(cluster, 'good:1');
    cluster.settle();
    expect(
      cluster
        .pods()
        .map((pod) => pod.metadata.uid)
        .sort(),
    ).toEqual(before);
  });
});

describe('annotations', () => {
  it('of the Deployment go to its current ReplicaSet, without bookkeeping and the manifest that kubectl remembers', () => {
    const cluster = rolledOut({
      annotations: {
        'countersign.dev/plan': 'plan/0/digest',
        'kubernetes.io/change-cause': 'first release',
        'kubectl.kubernetes.io/last-applied-configuration': '{"secret":"manifest"}',
        'deployment.kubernetes.io/desired-replicas': '99',
      },
    });
    expect(cluster.replicaSets()[0]?.metadata.annotations).toEqual({
      'countersign.dev/plan': 'plan/0/digest',
      'kubernetes.io/change-cause': 'first release',
      [REVISION]: '1',
      'deployment.kubernetes.io/desired-replicas': '2',
      'deployment.kubernetes.io/max-replicas': '3',
    });
  });

  it('that change later reach the current ReplicaSet, never the old ones', () => {
    const cluster = rolledOut({ annotations: { 'kubernetes.io/change-cause': 'first' } });
    setImage(cluster, 'good:2');
    cluster.change((_spec, object) => {
      object.metadata.annotations = { ...object.metadata.annotations, 'kubernetes.io/change-cause': 'second' };
    });
    cluster.settle();
    expect(setOf(cluster, 'good:1').metadata.annotations?.['kubernetes.io/change-cause']).toBe('first');
    expect(setOf(cluster, 'good:2').metadata.annotations?.['kubernetes.io/change-cause']).toBe('second');
  });
});

describe('scale', () => {
  it('changes the number of pods without a new revision', () => {
    const cluster = rolledOut();
    for (const replicas of [5, 1, 0, 3]) {
      cluster.change((spec) => {
        spec.replicas = replicas;
      });
      cluster.settle();
      expect(serving(cluster.pods())).toHaveLength(replicas);
      expect(cluster.replicaSets()).toHaveLength(1);
    }
    expect(cluster.deployment().metadata.annotations?.[REVISION]).toBe('1');
    const name = cluster.replicaSets()[0]?.metadata.name;
    expect(cluster.events('ScalingReplicaSet').map((event) => event.message)).toEqual([
      `Scaled up replica set ${name} from 0 to 2`,
      `Scaled up replica set ${name} from 2 to 5`,
      `Scaled down replica set ${name} from 5 to 1`,
      `Scaled down replica set ${name} from 1 to 0`,
      `Scaled up replica set ${name} from 0 to 3`,
    ]);
  });

  it('in the middle of a stuck rollout grows old and new alike and stays within the surge', () => {
    const cluster = rolledOut({ replicas: 4 });
    setImage(cluster, 'missing:1');
    cluster.settle();
    cluster.change((spec) => {
      spec.replicas = 8;
    });
    cluster.settle();
    const [old, current] = [sizeOf(setOf(cluster, 'good:1')), sizeOf(setOf(cluster, 'missing:1'))];
    expect(old + current).toBeLessThanOrEqual(10);
    expect(old).toBeGreaterThanOrEqual(6);
    expect(current).toBeGreaterThan(2);
  });

  it('together with a new image in one write does both', () => {
    for (const strategy of [{ type: 'Recreate' }, undefined]) {
      const cluster = rolledOut(strategy === undefined ? {} : { strategy });
      cluster.change((spec) => {
        spec.replicas = 4;
        record((record(record(spec.template).spec).containers as unknown[])[0]).image = 'good:2';
      });
      cluster.settle();
      expect(imagesOf(cluster.pods())).toEqual(['good:2', 'good:2', 'good:2', 'good:2']);
    }
  });
});

describe('pause', () => {
  it('holds a new template back, but still scales, until it is resumed', () => {
    const cluster = rolledOut();
    cluster.change((spec) => {
      spec.paused = true;
    });
    setImage(cluster, 'good:2');
    cluster.change((spec) => {
      spec.replicas = 3;
    });
    cluster.settle();
    expect(imagesOf(cluster.pods())).toEqual(['good:1', 'good:1', 'good:1']);
    expect(progressing(cluster)).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
    cluster.change((spec) => {
      delete spec.paused;
    });
    cluster.settle();
    expect(imagesOf(cluster.pods())).toEqual(['good:2', 'good:2', 'good:2']);
    expect(progressing(cluster)?.reason).toBe('NewReplicaSetAvailable');
  });
});

describe('at rest', () => {
  it('writes nothing and sets no timer', () => {
    const cluster = rolledOut();
    const { resourceVersion } = cluster.store;
    const fired = cluster.time.fired();
    cluster.time.advance(3_600_000);
    expect(cluster.store.resourceVersion).toBe(resourceVersion);
    expect(cluster.time.fired()).toBe(fired);
    expect(cluster.time.waiting()).toBe(0);
    expect(cluster.errors).toEqual([]);
  });

  it('goes away with its ReplicaSets and pods', () => {
    const cluster = rolledOut();
    setImage(cluster, 'good:2');
    cluster.settle();
    cluster.store.delete('deployments.apps', 'shop', 'web');
    cluster.settle();
    expect(cluster.store.list('replicasets.apps')).toEqual([]);
    expect(cluster.pods()).toEqual([]);
    expect(cluster.errors).toEqual([]);
  });
});
