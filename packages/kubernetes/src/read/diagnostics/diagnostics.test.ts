import type { Json, Refusal, Result } from '@countersign/approvals';
import type { NewObject } from '@countersign/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt, textAt, valueAt } from '../../objects/json-at.ts';
import { startCluster, type TestCluster } from '../../testing/start-cluster.ts';
import { type ClusterReads, clusterReads } from '../cluster-reads.ts';
import { DIAGNOSED_KINDS, type DiagnosedKind } from './of-kind.ts';

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
const diagnosis = async (kind: DiagnosedKind, name: string, limit = 10): Promise<Json> =>
  passed(await reads.diagnostics({ kind, namespace: 'shop', name, limit }));
const findings = (found: Json): readonly string[] => listAt(found, 'findings').map((one) => textAt(one, 'code') ?? '');

/** As a controller would have left it; the sandbox's own leaves it alone. */
function put(key: string, object: Record<string, unknown>, status?: object): string {
  const { metadata } = object as { metadata: Record<string, unknown> };
  const created = cluster.sandbox.store.create(key, {
    ...object,
    metadata: { namespace: 'shop', annotations: { 'sandbox.countersign.dev/unmanaged': '' }, ...metadata },
  } as unknown as NewObject);
  if (status !== undefined) {
    cluster.sandbox.store.update(key, { ...created, status } as never, { subresource: 'status' } as never);
  }
  return created.metadata.uid;
}
const owned = (kind: string, name: string, uid: string) => [
  { apiVersion: 'v1', kind, name, uid, controller: true, blockOwnerDeletion: true },
];
const template = (app: string) => ({
  metadata: { labels: { app }, annotations: { note: CANARY } },
  spec: { containers: [{ name: 'app', image: 'redis:7.4-alpine', env: [{ name: 'X', value: CANARY }] }] },
});

describe('a pod', () => {
  it('that crashes is told of with its exit, its log and its events', async () => {
    const pods = passed(
      await reads.list({ kind: 'Pod', namespace: 'shop', labelSelector: 'app=worker', limit: 1, detail: 'concise' }),
    );
    const name = textAt(pods.items[0], 'name') ?? '';
    const found = await diagnosis('Pod', name);
    expect(findings(found)).toEqual(['container.crash-looping']);
    expect(valueAt(found, 'findings', '0', 'message')).toMatch(/^Container worker keeps ending: .*exit code \d+/);
    expect(valueAt(found, 'log')).toMatchObject({ pod: name, container: 'worker', previous: true });
    expect(listAt(found, 'log', 'lines').length).toBeGreaterThan(0);
    expect(listAt(found, 'events').length).toBeGreaterThan(0);
    expect(valueAt(found, 'owner', 'kind')).toBe('ReplicaSet');
  });

  it('that is well has no finding and no log', async () => {
    const pods = passed(
      await reads.list({ kind: 'Pod', namespace: 'shop', labelSelector: 'app=cart', limit: 1, detail: 'concise' }),
    );
    expect(await diagnosis('Pod', textAt(pods.items[0], 'name') ?? '')).toMatchObject({ findings: [], log: null });
  });
});

describe('a Deployment', () => {
  it('has the findings of its pods, once each, with the pods that they are true of', async () => {
    const found = await diagnosis('Deployment', 'web');
    expect(findings(found)).toEqual(['container.image']);
    expect(valueAt(found, 'findings', '0')).toMatchObject({
      count: 2,
      objects: [expect.any(String), expect.any(String)],
    });
    expect(valueAt(found, 'podCount')).toEqual({ total: 2, ready: 0, counted: 'all' });
    expect(found).toMatchObject({ replicaSets: [{ revision: '2' }, { revision: '1' }], services: [{ name: 'web' }] });
  });

  it('is nobody else’s pods, though they carry its labels', async () => {
    put('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'impostor', labels: { app: 'cart' } },
      spec: template('cart').spec,
    });
    expect(valueAt(await diagnosis('Deployment', 'cart'), 'podCount', 'total')).toBe(1);
  });
});

describe('a Service', () => {
  it('whose selector matches nothing says which label no pod has, and which values there are', async () => {
    const found = await diagnosis('Service', 'search');
    expect(findings(found)).toEqual(['service.selects-nothing', 'service.label-unmatched']);
    expect(valueAt(found, 'findings', '1', 'message')).toContain('app=search-v2');
    const values = listAt(found, 'labelsOfPods', '0', 'values').map((one) => textAt(one, 'value'));
    expect(values).toEqual(expect.arrayContaining(['api', 'web', 'worker']));
  });

  it('whose pods are not ready says so, with why', async () => {
    expect(findings(await diagnosis('Service', 'web'))).toEqual(['container.image', 'service.no-ready-pod']);
  });

  it('whose target port no container declares says so, by name as an error', async () => {
    const spec = (targetPort: unknown) => ({
      clusterIP: 'None',
      selector: { app: 'cache' },
      ports: [{ name: 'p', port: 80, targetPort }],
    });
    put('services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'typo' }, spec: spec('mian') });
    put('services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'other' }, spec: spec(9999) });
    const named = await diagnosis('Service', 'typo');
    expect(findings(named)).toContain('service.port-name-unknown');
    expect(JSON.stringify(valueAt(named, 'findings'))).toContain('they declare main');
    expect(findings(await diagnosis('Service', 'other'))).toContain('service.port-not-declared');
  });

  it('that is well has no finding', async () => {
    expect(await diagnosis('Service', 'api')).toMatchObject({
      findings: [],
      service: { endpoints: { ready: 2, total: 2 } },
    });
  });
});

describe('a StatefulSet', () => {
  it('names the pod that blocks the others, claims that are not bound, a Service that is missing, a rollout that stands', async () => {
    const uid = put(
      'statefulsets.apps',
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'db' },
        spec: {
          replicas: 3,
          serviceName: 'db-headless',
          selector: { matchLabels: { app: 'db' } },
          template: template('db'),
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
          volumeClaimTemplates: [
            {
              metadata: { name: 'data' },
              spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
            },
          ],
        },
      },
      { replicas: 1, readyReplicas: 0, currentRevision: 'db-1', updateRevision: 'db-2', observedGeneration: 1 },
    );
    put('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'db-0', labels: { app: 'db' }, ownerReferences: owned('StatefulSet', 'db', uid) },
      spec: { containers: [{ name: 'app', image: 'no-such:1' }] },
    });
    put(
      'persistentvolumeclaims',
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data-db-0' }, spec: {} },
      { phase: 'Pending' },
    );
    put(
      'persistentvolumeclaims',
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data-db-x' }, spec: {} },
      { phase: 'Pending' },
    );
    await cluster.sandbox.settled();
    const found = await diagnosis('StatefulSet', 'db');
    expect(findings(found)).toEqual([
      'container.image',
      'statefulset.service-missing',
      'statefulset.blocked',
      'volume-claim.unbound',
      'rollout.incomplete',
    ]);
    expect(listAt(found, 'volumeClaims').map((one) => textAt(one, 'name'))).toEqual(['data-db-0']);
    expect(JSON.stringify(listAt(found, 'findings'))).toContain('held back by the partition');
  });
});

describe('a DaemonSet', () => {
  it('counts the nodes without a pod, pods where none should be, and pods of the old revision', async () => {
    put(
      'daemonsets.apps',
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: { name: 'agent' },
        spec: { selector: { matchLabels: { app: 'agent' } }, template: template('agent') },
      },
      {
        desiredNumberScheduled: 3,
        currentNumberScheduled: 2,
        numberReady: 1,
        numberMisscheduled: 1,
        updatedNumberScheduled: 1,
      },
    );
    expect(findings(await diagnosis('DaemonSet', 'agent'))).toEqual([
      'daemonset.nodes-without-pod',
      'daemonset.misscheduled',
    ]);
  });
});

describe('a Job', () => {
  it('that failed says after how many tries, and a CronJob which of its Jobs did', async () => {
    const cron = put(
      'cronjobs.batch',
      {
        apiVersion: 'batch/v1',
        kind: 'CronJob',
        metadata: { name: 'report' },
        spec: { schedule: '0 * * * *', suspend: true, jobTemplate: { spec: { template: template('report') } } },
      },
      { lastScheduleTime: '2026-11-21T09:00:00Z', lastSuccessfulTime: '2026-11-21T08:00:00Z' },
    );
    put(
      'jobs.batch',
      {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'report-1', ownerReferences: owned('CronJob', 'report', cron) },
        spec: {
          backoffLimit: 2,
          selector: { matchLabels: { job: 'report-1' } },
          template: { ...template('report'), metadata: { labels: { job: 'report-1' } } },
        },
      },
      {
        failed: 3,
        conditions: [
          { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: `it said password=${CANARY}` },
        ],
      },
    );
    const job = await diagnosis('Job', 'report-1');
    expect(findings(job)).toEqual(['job.failed']);
    expect(valueAt(job, 'findings', '0', 'message')).toBe(
      'The Job has failed after 3 tries: BackoffLimitExceeded. It is not tried again.',
    );
    const cronJob = await diagnosis('CronJob', 'report');
    expect(findings(cronJob)).toEqual(['cronjob.jobs-failed', 'cronjob.suspended', 'cronjob.last-run-not-succeeded']);
    expect(valueAt(cronJob, 'findings', '0')).toMatchObject({ objects: ['report-1'], count: 1 });
    expect(valueAt(cronJob, 'jobs', '0', 'state')).toBe('Failed');
  });
});

describe('an Ingress', () => {
  it('names each route whose Service, port or endpoints are missing', async () => {
    const backend = (name: string, port: object) => ({ service: { name, port } });
    const paths = [
      { path: '/api', pathType: 'Prefix', backend: backend('api', { name: 'main' }) },
      { path: '/gone', pathType: 'Prefix', backend: backend('gone', { number: 80 }) },
      { path: '/port', pathType: 'Prefix', backend: backend('api', { number: 81 }) },
      { path: '/web', pathType: 'Prefix', backend: backend('web', { number: 80 }) },
    ];
    put('ingresses.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'front' },
      spec: { rules: [{ host: 'shop.example', http: { paths } }] },
    });
    const found = await diagnosis('Ingress', 'front');
    const all = listAt(found, 'findings');
    const about = (code: string): readonly (Json | undefined)[] =>
      all.filter((one) => textAt(one, 'code') === code).map((one) => valueAt(one, 'objects', '0'));
    expect(about('ingress.service-missing')).toEqual(['shop.example/gone']);
    expect(about('ingress.port-missing')).toContain('shop.example/port');
    expect(about('ingress.no-endpoints')).toEqual(['shop.example/web']);
    expect(findings(found)).toEqual(expect.arrayContaining(['ingress.no-class', 'ingress.no-address']));
    expect(listAt(found, 'backends')[0]).toMatchObject({ path: '/api', serviceExists: true, endpoints: { ready: 2 } });
  });
});

describe('an autoscaler', () => {
  const autoscaler = (name: string, target: string, status: object, spec: object = {}) =>
    put(
      'horizontalpodautoscalers.autoscaling',
      {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata: { name },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: target },
          minReplicas: 1,
          maxReplicas: 2,
          metrics: [
            { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
          ],
          ...spec,
        },
      },
      status,
    );
  it('says that it is at its maximum, that it cannot measure, that its target is gone', async () => {
    autoscaler('full', 'api', {
      currentReplicas: 2,
      desiredReplicas: 2,
      conditions: [
        {
          type: 'ScalingLimited',
          status: 'True',
          reason: 'TooManyReplicas',
          message: 'the desired replica count is more than the maximum',
        },
      ],
      currentMetrics: [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 95 } } }],
    });
    const full = await diagnosis('HorizontalPodAutoscaler', 'full');
    expect(findings(full)).toEqual(['hpa.at-maximum']);
    expect(full).toMatchObject({
      targetReplicas: 2,
      autoscaler: { current: [{ name: 'cpu', utilizationPercent: 95 }] },
    });
    autoscaler('blind', 'gone', {
      currentReplicas: 1,
      desiredReplicas: 0,
      conditions: [
        { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics API' },
      ],
    });
    expect(findings(await diagnosis('HorizontalPodAutoscaler', 'blind'))).toEqual([
      'hpa.target-missing',
      'hpa.no-metrics',
      'hpa.scaling',
    ]);
    autoscaler('stiff', 'api', { currentReplicas: 2, desiredReplicas: 2 }, { minReplicas: 2 });
    expect(findings(await diagnosis('HorizontalPodAutoscaler', 'stiff'))).toEqual(['hpa.metrics-missing', 'hpa.fixed']);
  });
});

describe('every diagnosis', () => {
  const names: Readonly<Record<DiagnosedKind, string>> = {
    Deployment: 'api',
    Pod: '',
    Service: 'api',
    StatefulSet: 'db',
    DaemonSet: 'agent',
    Job: 'report-1',
    CronJob: 'report',
    Ingress: 'front',
    HorizontalPodAutoscaler: 'full',
  };
  it.each(DIAGNOSED_KINDS)('of a %s shows no value of a variable, an annotation or a message', async (kind) => {
    const [pod] = passed(
      await reads.list({ kind: 'Pod', namespace: 'shop', labelSelector: 'app=api', limit: 1, detail: 'concise' }),
    ).items;
    const name = kind === 'Pod' ? (textAt(pod, 'name') ?? '') : names[kind];
    expect(JSON.stringify(await diagnosis(kind, name, 100))).not.toContain(CANARY);
  });

  it.each(DIAGNOSED_KINDS)('of a %s that is not there says so', async (kind) => {
    expect(await reads.diagnostics({ kind, namespace: 'shop', name: 'nobody', limit: 1 })).toMatchObject({
      refusal: { code: 'target.not_found', kind },
    });
  });

  it.each(DIAGNOSED_KINDS)('of a %s is refused where the policy denies a kind that it would show', async (kind) => {
    const denied = { deniedKinds: ['events'] };
    const there = clusterReads(cluster.connect('reader'), {
      namespaces: ['shop'],
      rules: denied,
      clock: () => new Date(),
    });
    expect(await there.diagnostics({ kind, namespace: 'shop', name: 'api', limit: 1 })).toMatchObject({
      refusal: { code: 'access.kind_denied', why: 'policy' },
    });
    expect(await there.events({ namespace: 'shop', limit: 1, excludeTypes: [] })).toMatchObject({ ok: false });
  });
});
