import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KubectlCluster, startKubectlCluster } from './kubectl.ts';

let cluster: KubectlCluster;
beforeAll(async () => {
  cluster = await startKubectlCluster();
  await cluster.sandbox.settled();
});
afterAll(() => cluster?.dispose());

const kubectl = (...args: string[]) => cluster.kubectl('-n', 'shop', ...args);
const create = async (text: string) => {
  const { code, error } = await cluster.as('user', ['-n', 'shop', 'create', '-f', '-'], text);
  if (code !== 0) throw new Error(error);
};
const names = async (...args: string[]) => (await kubectl('get', ...args, '-o', 'name')).trim().split('\n').sort();

const workload = (kind: string, name: string, more = '') => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  ${more}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: "redis:7.2-alpine" }] }
`;

describe('kubectl with a StatefulSet', () => {
  it('follows it, changes it, tells its history and undoes it', async () => {
    await create(workload('StatefulSet', 'db', 'serviceName: db\n  replicas: 2'));
    await kubectl('rollout', 'status', 'statefulset/db', '--timeout=40s');
    expect(await names('pods', '-l', 'app=db')).toEqual(['pod/db-0', 'pod/db-1']);
    await kubectl('set', 'image', 'statefulset/db', 'main=redis:7.4-alpine');
    await kubectl('rollout', 'status', 'statefulset/db', '--timeout=40s');
    expect(await kubectl('rollout', 'history', 'statefulset/db')).toMatch(/1 +<none>\n2 +<none>/);
    expect(await kubectl('rollout', 'history', 'statefulset/db', '--revision=1')).toContain('redis:7.2-alpine');
    await kubectl('rollout', 'undo', 'statefulset/db');
    await kubectl('rollout', 'status', 'statefulset/db', '--timeout=40s');
    expect(await kubectl('get', 'pods', '-l', 'app=db', '-o', 'jsonpath={.items[*].spec.containers[0].image}')).toBe(
      'redis:7.2-alpine redis:7.2-alpine',
    );
    expect(await kubectl('get', 'statefulset', 'db')).toMatch(/db +2\/2 /);
    expect(await kubectl('describe', 'statefulset', 'db')).toMatch(/Events:[\s\S]*SuccessfulCreate/);
  });
});

describe('kubectl with a DaemonSet', () => {
  it('follows it, restarts it and undoes it', async () => {
    await create(workload('DaemonSet', 'agent'));
    await kubectl('rollout', 'status', 'daemonset/agent', '--timeout=40s');
    await kubectl('rollout', 'restart', 'daemonset/agent');
    await kubectl('rollout', 'status', 'daemonset/agent', '--timeout=40s');
    expect(await kubectl('rollout', 'history', 'daemonset/agent')).toMatch(/1 +<none>\n2 +<none>/);
    await kubectl('rollout', 'undo', 'daemonset/agent');
    await kubectl('rollout', 'status', 'daemonset/agent', '--timeout=40s');
    expect(await kubectl('get', 'daemonset')).toMatch(/agent +1 +1 +1 +1 +1 +<none>/);
  });
});

describe('kubectl with Jobs', () => {
  it('runs one to its end, and one of a CronJob', async () => {
    await kubectl('create', 'job', 'once', '--image=busybox:1.37', '--', 'sh', '-c', 'echo done; exit 0');
    await kubectl('wait', '--for=condition=Complete', 'job/once', '--timeout=30s');
    expect(await kubectl('get', 'jobs')).toMatch(/once +Complete +1\/1/);
    await kubectl(
      'create',
      'cronjob',
      'nightly',
      '--image=busybox:1.37',
      '--schedule=0 3 * * *',
      '--',
      'sh',
      '-c',
      'exit 3',
    );
    await kubectl('create', 'job', 'by-hand', '--from=cronjob/nightly');
    expect(await kubectl('get', 'cronjobs')).toMatch(/nightly +0 3 \* \* \* +<none> +False/);
    expect(await kubectl('describe', 'job', 'once')).toMatch(/1 Succeeded[\s\S]*Completed/);
  });
});

describe('kubectl describe', () => {
  it('shows every kind that the sandbox stores', async () => {
    await kubectl('create', 'ingress', 'shop', '--rule=shop.example/*=api:8080');
    await kubectl('create', 'poddisruptionbudget', 'api', '--selector=app=api', '--min-available=1');
    await kubectl('create', 'serviceaccount', 'somebody');
    await create(
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: { name: api }\nspec: { maxReplicas: 3, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api } }\n',
    );
    await create(
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: data }\nspec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }\n',
    );
    for (const [what, pattern] of [
      ['ingress/shop', /api:8080/],
      ['poddisruptionbudget/api', /Allowed disruptions: +1/],
      ['serviceaccount/somebody', /Tokens/],
      ['horizontalpodautoscaler/api', /Deployment\/api/],
      ['pvc/data', /Pending/],
      ['configmap/shop-settings', /CURRENCY/],
      ['node', /Allocated resources/],
      ['namespace/shop', /Active/],
      ['replicaset', /Controlled By/],
    ] as const) {
      expect(await kubectl('describe', what)).toMatch(pattern);
    }
  });
});

describe('kubectl delete', () => {
  it('takes what is owned along, waits for it, or leaves it behind', async () => {
    await kubectl('delete', 'deployment', 'cart', '--cascade=orphan');
    const left = await names('replicasets,pods', '-l', 'app=cart');
    expect(left).toHaveLength(2);
    await kubectl('delete', 'replicaset', '-l', 'app=cart', '--cascade=foreground');
    expect((await cluster.as('user', ['-n', 'shop', 'get', 'pods', '-l', 'app=cart'])).error).toContain('No resources');
    await kubectl('delete', 'deployment', 'cache');
    await kubectl('wait', '--for=delete', 'pod', '-l', 'app=cache', '--timeout=30s');
  });

  it('ends a pod at once when forced to', async () => {
    await kubectl('run', 'single', '--image=nginx:1.27-alpine');
    await kubectl('wait', '--for=condition=Ready', 'pod/single', '--timeout=30s');
    await kubectl('delete', 'pod', 'single', '--grace-period=0', '--force', '--wait=false');
    expect((await cluster.as('user', ['-n', 'shop', 'get', 'pod', 'single'])).error).toContain('not found');
  });
});

describe('what is no part of the sandbox', () => {
  it.each([
    ['exec', ['exec', 'deployment/api', '--', 'id']],
    ['attach', ['attach', 'deployment/api']],
    ['port-forward', ['port-forward', 'deployment/api', '0:8080']],
    ['cp', ['cp', 'api:/etc/passwd', '/dev/null']],
  ])('%s is refused', async (_what, args) => {
    expect((await cluster.as('user', ['-n', 'shop', ...args])).code).not.toBe(0);
  });
});
