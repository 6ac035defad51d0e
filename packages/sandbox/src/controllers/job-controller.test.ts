import { describe, expect, it } from 'vitest';
import { listAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { record } from './kinds.ts';
import { podPhase } from './pod-state.ts';
import { statusOf, type TestCluster, testCluster } from './testing/cluster.ts';

const JOBS = 'jobs.batch';

function createJob(cluster: TestCluster, command: string | undefined, spec: Record<string, unknown> = {}): void {
  const container = {
    name: 'main',
    image: 'good:1',
    ...(command === undefined ? {} : { command: ['sh', '-c', command] }),
  };
  cluster.store.create(JOBS, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace: 'shop', name: 'once' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } }, ...spec },
  });
}

const job = ({ store }: TestCluster): KubeObject => {
  const found = store.get(JOBS, 'shop', 'once');
  if (found === undefined) throw new Error('no Job');
  return found;
};
const conditions = (cluster: TestCluster) =>
  listAt(job(cluster), 'status', 'conditions').map((one) => `${record(one).type} ${record(one).reason}`);

describe('a Job', () => {
  it('runs its pod to completion, and finds it by its own uid', () => {
    const cluster = testCluster();
    createJob(cluster, 'echo done; exit 0');
    cluster.time.advance(100);
    expect(statusOf(job(cluster))).toMatchObject({ active: 1, startTime: expect.any(String) });
    cluster.settle();
    const { uid } = job(cluster).metadata;
    expect(record(job(cluster).spec).selector).toEqual({ matchLabels: { 'batch.kubernetes.io/controller-uid': uid } });
    expect(cluster.pods()).toMatchObject([
      { metadata: { labels: { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': 'once' } } },
    ]);
    expect(cluster.pods().map(podPhase)).toEqual(['Succeeded']);
    expect(conditions(cluster)).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
    expect(statusOf(job(cluster))).toMatchObject({ succeeded: 1, ready: 0, completionTime: expect.any(String) });
    expect(statusOf(job(cluster))).not.toHaveProperty('active');
    expect(cluster.errors).toEqual([]);
  });

  it('runs as many pods at a time and in all as it says', () => {
    const cluster = testCluster();
    createJob(cluster, 'exit 0', { completions: 3, parallelism: 2 });
    let most = 0;
    for (let step = 0; step < 200; step += 1) {
      cluster.time.advance(20);
      most = Math.max(most, Number(statusOf(job(cluster)).active ?? 0));
    }
    expect([most, statusOf(job(cluster)).succeeded, cluster.pods().length]).toEqual([2, 3, 3]);
  });

  it('fails when more pods have failed than its limit allows, each retry later than the one before', () => {
    const cluster = testCluster();
    createJob(cluster, 'exit 3', { backoffLimit: 1 });
    cluster.time.advance(5_000);
    expect([cluster.pods().length, statusOf(job(cluster)).failed, conditions(cluster)]).toEqual([1, 1, []]);
    cluster.time.advance(10_000);
    expect(cluster.pods().length).toBe(2);
    expect(conditions(cluster)).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
    cluster.time.advance(600_000);
    expect([cluster.pods().length, statusOf(job(cluster)).failed]).toEqual([2, 2]);
  });

  it('fails at its deadline and ends what runs', () => {
    const cluster = testCluster();
    createJob(cluster, undefined, { activeDeadlineSeconds: 30 });
    cluster.time.advance(20_000);
    expect(statusOf(job(cluster))).toMatchObject({ active: 1, ready: 1 });
    cluster.time.advance(20_000);
    expect(conditions(cluster)).toEqual(['FailureTarget DeadlineExceeded', 'Failed DeadlineExceeded']);
    expect(cluster.pods()).toEqual([]);
  });

  it('runs nothing while it is suspended', () => {
    const cluster = testCluster();
    createJob(cluster, 'exit 0', { suspend: true });
    cluster.settle();
    expect([cluster.pods(), conditions(cluster)]).toEqual([[], ['Suspended JobSuspended']]);
    const object = structuredClone(job(cluster));
    record(object.spec).suspend = false;
    cluster.store.update(JOBS, object);
    cluster.settle();
    expect(conditions(cluster)).toContain('Complete CompletionsReached');
  });
});
