import {
  type ChangeRequest,
  intentDigest,
  intentSchema,
  planMark,
  rawEvidenceSchema,
  shownEvidenceSchema,
} from '@countersign/approvals';
import type { NewObject } from '@countersign/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Asked, planner } from '../testing/planned-change.ts';
import { startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { verificationCluster } from '../verify/verification-cluster.ts';

let cluster: TestCluster;
let on: ReturnType<typeof planner>;
beforeAll(async () => {
  cluster = await startCluster();
  on = planner(cluster);
  for (const [resource, object] of OTHERS)
    cluster.sandbox.store.create(resource, object, { fieldManager: 'kubectl-create' });
});
afterAll(() => cluster.stop());

const template = {
  metadata: { labels: { app: 'x' } },
  spec: { containers: [{ name: 'main', image: 'busybox:1.36' }] },
};
const selector = { matchLabels: { app: 'x' } };
const metadata = (name: string) => ({ namespace: 'shop', name });
const OTHERS: readonly (readonly [string, NewObject])[] = [
  [
    'statefulsets.apps',
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: metadata('db'),
      spec: { replicas: 1, selector, serviceName: 'db', template },
    },
  ],
  [
    'daemonsets.apps',
    { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: metadata('agent'), spec: { selector, template } },
  ],
  ['configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('flags'), data: { A: '1', B: '2' } }],
];

const RESOURCES: Readonly<Record<string, string>> = {
  Deployment: 'deployments.apps',
  StatefulSet: 'statefulsets.apps',
  DaemonSet: 'daemonsets.apps',
  Service: 'services',
  ConfigMap: 'configmaps',
};
const stored = (kind: string, name: string) => cluster.sandbox.store.get(RESOURCES[kind] ?? '', 'shop', name);
const jsonPatch = (
  patch: ChangeRequest['operation'] & { type: 'patch' } extends { patch: infer P } ? P : never,
): ChangeRequest['operation'] => ({
  type: 'patch',
  patchType: 'json',
  patch,
});

describe('from proposal to write', () => {
  const cases: [string, Required<Asked>, object][] = [
    [
      'restarts a StatefulSet',
      { kind: 'StatefulSet', namespace: 'shop', name: 'db', operation: { type: 'restart' } },
      {
        spec: { template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': expect.any(String) } } } },
      },
    ],
    [
      'scales a StatefulSet',
      { kind: 'StatefulSet', namespace: 'shop', name: 'db', operation: { type: 'scale', replicas: 2 } },
      { spec: { replicas: 2 } },
    ],
    [
      'sets the image of a DaemonSet',
      {
        kind: 'DaemonSet',
        namespace: 'shop',
        name: 'agent',
        operation: { type: 'set-image', container: 'main', image: 'busybox:1.37' },
      },
      { spec: { template: { spec: { containers: [{ name: 'main', image: 'busybox:1.37' }] } } } },
    ],
    [
      'labels a Service',
      { kind: 'Service', namespace: 'shop', name: 'api', operation: { type: 'label', labels: { tier: 'back' } } },
      { metadata: { labels: { tier: 'back' } } },
    ],
    [
      'annotates a ConfigMap that has no annotations',
      {
        kind: 'ConfigMap',
        namespace: 'shop',
        name: 'flags',
        operation: { type: 'annotate', annotations: { note: 'a' } },
      },
      { metadata: { annotations: { note: 'a' } } },
    ],
    [
      'merges into a ConfigMap',
      {
        kind: 'ConfigMap',
        namespace: 'shop',
        name: 'shop-settings',
        operation: { type: 'patch', patchType: 'merge', patch: { data: { CURRENCY: 'CHF' } } },
      },
      { data: { CURRENCY: 'CHF', CATALOGUE_PAGE_SIZE: '24' } },
    ],
    [
      'patches a Service by JSON patch, though it has no annotations',
      {
        kind: 'Service',
        namespace: 'shop',
        name: 'cart',
        operation: jsonPatch([{ op: 'replace', path: '/spec/ports/0/port', value: 8081 }]),
      },
      { spec: { ports: [{ port: 8081 }] } },
    ],
    [
      'patches a Deployment by strategic merge',
      {
        kind: 'Deployment',
        namespace: 'shop',
        name: 'cart',
        operation: { type: 'patch', patchType: 'strategic', patch: { spec: { minReadySeconds: 5 } } },
      },
      { spec: { minReadySeconds: 5 } },
    ],
  ];

  it.each(cases)('%s: as dry-run, with our mark, and asked for', async (_what, asked, after) => {
    const planned = await on.plan(asked);
    const { change, planId } = planned;
    expect(shownEvidenceSchema.parse(change.evidence)).toEqual(change.evidence);
    expect(rawEvidenceSchema.parse(change.raw)).toEqual(change.raw);
    expect(intentSchema.parse(change.intent)).toEqual(change.intent);
    const [first] = change.evidence.diff[0]?.changes ?? [];
    expect(first?.meaning).toBe('requested');
    expect(change.evidence.diff[0]?.changes.filter(({ meaning }) => meaning === 'unclassified')).toEqual([]);

    expect((await on.run(planned)).outcome).toBe('written');
    expect(stored(asked.kind, asked.name)).toMatchObject(after);
    expect((await on.read(planned, 1))?.marks).toContain(planMark(planId, 1, intentDigest(change.intent)));
    // A restart of a later second is another one.
    const again = await on.prepare([asked]);
    if (asked.operation.type !== 'restart') expect(again).toMatchObject({ refusal: { code: 'target.unchanged' } });
  });

  it('deletes the very object, and verifies that it is gone', async () => {
    const planned = await on.plan({
      kind: 'ConfigMap',
      name: 'flags',
      operation: { type: 'delete', propagation: 'Background', gracePeriodSeconds: null },
    });
    const { change } = planned;
    expect(change.evidence.dryRun).toEqual([{ step: 1, object: null }]);
    expect(change.evidence.diff[0]?.changes).toEqual([
      { label: 'the object', path: '', kind: 'removed', from: 'ConfigMap shop/flags', to: null, meaning: 'requested' },
    ]);
    expect(change.evidence.diff[0]?.raw).toContain('- data:');
    const verify = verificationCluster(cluster.connect('reader'));
    const states = () => verify.observe(change.evidence.successCriteria.all, change.intent);
    expect(await states()).toMatchObject([{ state: 'waiting' }]);
    expect(stored('ConfigMap', 'flags')).toBeDefined();
    expect(await on.run(planned)).toEqual({ outcome: 'written', resourceVersion: null, object: null });
    expect(stored('ConfigMap', 'flags')).toBeUndefined();
    expect(await states()).toMatchObject([{ state: 'met' }]);
  });

  it('shows no hidden value of what it deletes, though all of it goes', async () => {
    const { change } = await on.plan({
      name: 'api',
      operation: { type: 'delete', propagation: 'Foreground', gracePeriodSeconds: null },
    });
    const { raw, ...shown } = change;
    expect(JSON.stringify(raw)).toContain('canary-s3cr3t-sandbox');
    expect(JSON.stringify(shown)).not.toContain('canary-s3cr3t-sandbox');
    expect(change.redactions.length).toBeGreaterThan(0);
    expect(change.evidence.undo.steps).toBeNull();
  });

  it('runs several steps in order, each under its own mark', async () => {
    const planned = await on.plan(
      { name: 'api', operation: { type: 'label', labels: { tier: 'back' } } },
      { name: 'cache', operation: { type: 'scale', replicas: 2 } },
      { kind: 'Service', name: 'cache', operation: { type: 'annotate', annotations: { note: 'x' } } },
    );
    const { change, planId } = planned;
    expect(change.freshness.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(change.evidence.undo.steps?.map(({ operation }) => operation.type)).toEqual(['annotate', 'scale', 'label']);
    for (const step of [1, 2, 3]) {
      expect((await on.run(planned, step)).outcome).toBe('written');
      expect((await on.read(planned, step))?.marks).toContain(planMark(planId, step, intentDigest(change.intent)));
    }
  });
});

describe('between proposal and write', () => {
  it('is a conflict where the object moved, by each way of writing', async () => {
    const asked: Asked[] = [
      {
        kind: 'ConfigMap',
        name: 'shop-settings',
        operation: { type: 'patch', patchType: 'merge', patch: { data: { CURRENCY: 'USD' } } },
      },
      {
        kind: 'ConfigMap',
        name: 'shop-settings',
        operation: jsonPatch([{ op: 'replace', path: '/data/CURRENCY', value: 'USD' }]),
      },
      { kind: 'ConfigMap', name: 'shop-settings', operation: { type: 'label', labels: { a: 'c' } } },
      {
        kind: 'ConfigMap',
        name: 'shop-settings',
        operation: { type: 'delete', propagation: 'Background', gracePeriodSeconds: 0 },
      },
    ];
    for (const [at, one] of asked.entries()) {
      const planned = await on.plan(one);
      const live = await on.read(planned, 1);
      const object = structuredClone(stored('ConfigMap', 'shop-settings'));
      if (object === undefined) throw new Error('gone');
      object.metadata.labels = { touched: `time-${at}` };
      cluster.sandbox.store.update('configmaps', object, { fieldManager: 'kubectl-label' });
      expect(await on.execute.write(planned.stepToRun(1), live)).toEqual({ outcome: 'conflict' });
      expect(await on.execute.dryRun(planned.stepToRun(1), live)).toMatchObject({
        refusal: { code: 'write.conflict' },
      });
    }
    expect(stored('ConfigMap', 'shop-settings')).toMatchObject({ data: { CURRENCY: 'CHF' } });
  });

  it('pins the version of a kind that has neither generation nor status, and of no other', async () => {
    const map = await on.plan({
      kind: 'ConfigMap',
      name: 'shop-settings',
      operation: { type: 'label', labels: { a: 'd' } },
    });
    expect(map.change.freshness[0]?.resourceVersion).toBe((await on.read(map, 1))?.resourceVersion);
    const service = await on.plan({ kind: 'Service', name: 'api', operation: { type: 'label', labels: { a: 'd' } } });
    expect(service.change.freshness[0]).toMatchObject({ resourceVersion: null, uid: expect.any(String) });
  });
});

describe('what is refused', () => {
  it.each<[string, Asked[], string]>([
    [
      'the same object twice',
      [{ operation: { type: 'restart' } }, { operation: { type: 'scale', replicas: 3 } }],
      'request.invalid',
    ],
    [
      'an operation that the kind does not have',
      [{ kind: 'DaemonSet', name: 'agent', operation: { type: 'scale', replicas: 3 } }],
      'target.kind_not_supported',
    ],
    [
      'a Secret',
      [{ kind: 'Secret', name: 'shop-credentials', operation: { type: 'label', labels: { a: 'b' } } }],
      'target.kind_not_supported',
    ],
    [
      'a label of a pod',
      [{ kind: 'Pod', name: 'x', operation: { type: 'label', labels: { a: 'b' } } }],
      'target.kind_not_supported',
    ],
    [
      'a delete of what is not there',
      [{ name: 'nobody', operation: { type: 'delete', propagation: 'Orphan', gracePeriodSeconds: null } }],
      'target.not_found',
    ],
    [
      'a patch that changes a hidden value',
      [
        {
          name: 'api',
          operation: {
            type: 'patch',
            patchType: 'strategic',
            patch: {
              spec: {
                template: { spec: { containers: [{ name: 'api', env: [{ name: 'DB_PASSWORD', value: 'x' }] }] } },
              },
            },
          },
        },
      ],
      'evidence.hidden_change',
    ],
    [
      'a test that guesses at a hidden value',
      [
        {
          name: 'api',
          operation: jsonPatch([{ op: 'test', path: '/spec/template/spec/containers/0/env/1/value', value: 'x' }]),
        },
      ],
      'evidence.hidden_change',
    ],
    [
      'a test that guesses at what a hidden value lies in',
      [{ name: 'api', operation: jsonPatch([{ op: 'test', path: '/spec/template/spec', value: 'x' }]) }],
      'evidence.hidden_change',
    ],
    [
      'a copy of a hidden value',
      [
        {
          name: 'api',
          operation: jsonPatch([
            { op: 'copy', from: '/spec/template/spec/containers/0/env/1/value', path: '/metadata/annotations/a' },
          ]),
        },
      ],
      'evidence.hidden_change',
    ],
    [
      'a removed container with hidden values',
      [
        {
          name: 'api',
          operation: {
            type: 'patch',
            patchType: 'strategic',
            patch: {
              spec: {
                template: {
                  spec: {
                    containers: [
                      { name: 'api', $patch: 'delete' },
                      { name: 'b', image: 'b:1' },
                    ],
                  },
                },
              },
            },
          },
        },
      ],
      'evidence.hidden_change',
    ],
    [
      'a patch that the API server does not understand',
      [{ operation: { type: 'patch', patchType: 'merge', patch: { spec: { replicas: 'many' } } } }],
      'dry_run.refused',
    ],
    [
      'one step of several that cannot be',
      [
        { name: 'api', operation: { type: 'restart' } },
        { name: 'nobody', operation: { type: 'restart' } },
      ],
      'target.not_found',
    ],
  ])('%s', async (_what, asked, code) => {
    expect(await on.prepare(asked)).toMatchObject({ ok: false, refusal: { code } });
  });

  it('every change but a delete of what a controller owns', async () => {
    const [set] = cluster.sandbox.store.list('replicasets.apps', 'shop');
    const [pod] = cluster.sandbox.store.list('pods', 'shop');
    const name = set?.metadata.name ?? '';
    expect(pod).toBeDefined();
    const refused = await on.prepare([{ kind: 'ReplicaSet', name, operation: { type: 'scale', replicas: 0 } }]);
    expect(refused).toMatchObject({
      refusal: { code: 'target.controlled', by: expect.stringMatching(/^Deployment /) },
    });
  });
});
