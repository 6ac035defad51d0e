import type { Json, Operation } from '@countersign/approvals';
import type { NewObject } from '@countersign/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SURROUNDINGS_PAGES_MAX } from '../limits.ts';
import { isObject, valueAt } from '../objects/json-at.ts';
import { apply, type Members, remove } from '../testing/rule-cases.ts';
import { startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { lookerAt } from './looker.ts';
import { readSurroundings } from './surroundings.ts';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

const restart: Operation = { type: 'restart', restartedAt: '2026-11-21T09:00:00Z' };
const KEYS: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  Service: 'services',
  ConfigMap: 'configmaps',
  Pod: 'pods',
  CronJob: 'cronjobs.batch',
};
const read = (kind: string, name: string): Json => {
  const found = cluster.sandbox.store.get(KEYS[kind] ?? '', 'shop', name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return JSON.parse(JSON.stringify(found));
};
const make = (resource: string, object: NewObject): void => {
  cluster.sandbox.store.create(resource, { ...object, metadata: { ...object.metadata, namespace: 'shop' } });
};

function around(
  kind: string,
  name: string,
  operation: Operation = restart,
  over: { readonly live?: Json; readonly dryRun?: Json; readonly by?: 'proposer' | 'executor' } = {},
) {
  const live = over.live === undefined ? read(kind, name) : over.live;
  const dryRun = over.dryRun === undefined ? (operation.type === 'delete' ? null : live) : over.dryRun;
  const uid = (valueAt(live, 'metadata', 'uid') as string | undefined) ?? null;
  const step = { target: { apiVersion: 'apps/v1', kind, namespace: 'shop', name, uid }, operation };
  const looker = lookerAt(cluster.connect(over.by ?? 'proposer'), 'shop');
  return readSurroundings(looker, { step, live, dryRun, now: new Date() });
}
const relabelled = (name: string, labels: Members): Json => {
  const object = structuredClone(read('Deployment', name)) as Members;
  const metadata = valueAt(object, 'spec', 'template', 'metadata');
  if (isObject(metadata)) (metadata as Members).labels = labels;
  return object;
};

describe('what lies around a Deployment', () => {
  it('its pods, the Services that select them and how much of them it is', async () => {
    const found = await around('Deployment', 'api');
    expect(found.pods.map(({ ready }) => ready)).toEqual([true, true]);
    expect(found.services).toEqual([
      { name: 'api', selectorKeys: ['app'], endpoints: { ready: 2, total: 2, ours: 2 } },
    ]);
    expect(found).toMatchObject({ leaves: [], joins: [], unseen: [], dependants: [] });
  });

  it('autoscalers, budgets and Ingresses', async () => {
    make('horizontalpodautoscalers.autoscaling', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'api' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' },
        minReplicas: 2,
        maxReplicas: 4,
      },
    });
    make('poddisruptionbudgets.policy', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'api' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'api' } } },
    });
    make('ingresses.networking.k8s.io', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'front' },
      spec: {
        defaultBackend: { service: { name: 'other', port: { number: 80 } } },
        rules: [
          {
            http: {
              paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'api', port: { number: 80 } } } }],
            },
          },
        ],
      },
    });
    const found = await around('Deployment', 'api');
    expect(found.autoscalers).toMatchObject([{ name: 'api', min: 2, max: 4 }]);
    expect(found.disruptionBudgets).toMatchObject([{ name: 'api' }]);
    expect(found.ingresses).toEqual([{ name: 'front', service: 'api' }]);
    expect((await around('Service', 'api')).ingresses).toEqual([{ name: 'front', service: 'api' }]);
    const other = await around('Deployment', 'cart');
    expect(other).toMatchObject({ autoscalers: [], disruptionBudgets: [], ingresses: [] });
  });

  it('Services that lose or gain the pods by a label', async () => {
    const found = await around('Deployment', 'api', apply(), { dryRun: relabelled('api', { app: 'cart' }) });
    expect(found).toMatchObject({ leaves: ['api'], joins: ['cart'] });
    const unrelated = await around('Deployment', 'api', apply(), { dryRun: relabelled('api', { app: 'api', x: 'y' }) });
    expect(unrelated).toMatchObject({ leaves: [], joins: [] });
  });

  it('a Service that would send requests to pods that are not there yet', async () => {
    const found = await around('Deployment', 'new', apply(), {
      live: null,
      dryRun: relabelled('api', { app: 'cart' }),
    });
    expect(found.services.map(({ name }) => name)).toEqual(['cart']);
    expect(found.pods).toEqual([]);
  });

  it('what a delete takes along, down to the pods', async () => {
    const { dependants } = await around('Deployment', 'api', remove);
    expect(dependants.map(({ kind }) => kind).sort()).toEqual(['Pod', 'Pod', 'ReplicaSet']);
    expect(dependants.every(({ name }) => name.startsWith('api-'))).toBe(true);
  });

  it('how often it was rolled out in the last hour, and its warnings', async () => {
    expect((await around('Deployment', 'api')).rollouts).toBe(1);
    make('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'w' },
      type: 'Warning',
      involvedObject: { kind: 'Deployment', namespace: 'shop', name: 'api' },
      lastTimestamp: new Date().toISOString(),
    });
    expect((await around('Deployment', 'api')).warnings).toBe(1);
    expect((await around('Deployment', 'cart')).warnings).toBe(0);
  });
});

describe('what lies around other kinds', () => {
  it('a pod has its siblings', async () => {
    const name =
      cluster.sandbox.store.list('pods', 'shop').find((pod) => pod.metadata.name?.startsWith('api-'))?.metadata.name ??
      '';
    const found = await around('Pod', name, remove);
    expect(found.pods).toHaveLength(2);
    expect(found.services.map((service) => service.name)).toEqual(['api']);
  });

  it('a ConfigMap has what reads it, by whichever way, in templates of templates, too', async () => {
    const pod = (spec: Members): Members => ({
      spec: { containers: [{ name: 'c', image: 'a:1' }], restartPolicy: 'Never', ...spec },
    });
    make('cronjobs.batch', {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly' },
      spec: {
        schedule: '0 0 * * *',
        jobTemplate: {
          spec: {
            template: pod({
              volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'shop-settings' } }] } }],
            }),
          },
        },
      },
    });
    const { readers } = await around('ConfigMap', 'shop-settings', remove);
    expect(readers).toEqual(
      expect.arrayContaining([
        { kind: 'Deployment', name: 'api' },
        { kind: 'CronJob', name: 'nightly' },
      ]),
    );
    // Pods of api read it, too; the Deployment speaks for them.
    expect(readers.map(({ kind }) => kind)).not.toContain('Pod');
  });

  it('a Service has the pods that it will select', async () => {
    const service = structuredClone(read('Service', 'api')) as Members;
    const reselects = { ...service, spec: { ...(service.spec as Members), selector: { app: 'cart' } } };
    const found = await around('Service', 'api', apply(), { dryRun: reselects });
    expect(found.pods.every(({ name }) => name.startsWith('cart-'))).toBe(true);
    expect(found.services[0]?.endpoints).toMatchObject({ ready: 2, ours: 0 });
  });
});

describe('what cannot be seen', () => {
  it('is said kind by kind, never left out: here, an identity that may list little', async () => {
    const { unseen } = await around('Deployment', 'api', remove, { by: 'executor' });
    expect(unseen).toContain('events: the cluster refused to list them');
    expect(unseen).toContain('endpointslices: the cluster refused to list them');
    expect((await around('Deployment', 'api', remove)).unseen).toEqual([]);
  });

  it('is no other workload’s many pods, sets and events: only the target’s own are listed', async () => {
    for (let at = 0; at <= SURROUNDINGS_PAGES_MAX * 500; at += 1) {
      make('events', {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `e${at}` },
        type: 'Warning',
        involvedObject: { kind: 'Pod', namespace: 'shop', name: 'x' },
        lastTimestamp: new Date().toISOString(),
      });
    }
    expect(await around('Deployment', 'cart')).toMatchObject({ unseen: [], warnings: 0 });
  });

  it('is said where there is more than can be looked through', async () => {
    for (let at = 0; at <= SURROUNDINGS_PAGES_MAX * 500; at += 1) {
      make('services', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: `s${at}` },
        spec: { ports: [{ port: 80 }] },
      });
    }
    const { unseen } = await around('Deployment', 'api');
    expect(unseen).toEqual(['there are more than 2000 services']);
  });
});
