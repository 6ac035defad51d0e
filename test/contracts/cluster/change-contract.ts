/** Every operation that a plan may have, through the adapter: proposed, dry-run twice, written once, and undone by the undo that was prepared. */
import type { ChangeRequest, Json } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered, UnderTest } from './cluster-under-test.ts';
import { planningOn } from './planned-change.ts';

const COLLECTIONS: Readonly<Record<string, string>> = {
  Deployment: '/apis/apps/v1/namespaces/shop/deployments',
  StatefulSet: '/apis/apps/v1/namespaces/shop/statefulsets',
  DaemonSet: '/apis/apps/v1/namespaces/shop/daemonsets',
  ReplicaSet: '/apis/apps/v1/namespaces/shop/replicasets',
  Job: '/apis/batch/v1/namespaces/shop/jobs',
  CronJob: '/apis/batch/v1/namespaces/shop/cronjobs',
  Service: '/api/v1/namespaces/shop/services',
  ConfigMap: '/api/v1/namespaces/shop/configmaps',
  Pod: '/api/v1/namespaces/shop/pods',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/shop/ingresses',
  NetworkPolicy: '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies',
  HorizontalPodAutoscaler: '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers',
  PodDisruptionBudget: '/apis/policy/v1/namespaces/shop/poddisruptionbudgets',
};
const apiVersionOf = (kind: string): string => {
  const [, root, group, version] = (COLLECTIONS[kind] ?? '').split('/');
  return root === 'api' ? 'v1' : `${group}/${version}`;
};

/** What the deployed policy asks of containers that a plan brings. */
const securityContext = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
  capabilities: { drop: ['ALL'] },
};
const PODS = { app: 'changes' };
const selector = { matchLabels: PODS };
const template = {
  metadata: { labels: PODS },
  spec: { containers: [{ name: 'main', image: 'nginx:1.27-alpine', env: [{ name: 'KEEP', value: 'me' }] }] },
};
const jobTemplate = { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } };
const SPECS: Readonly<Record<string, object>> = {
  Deployment: { spec: { replicas: 0, selector, template } },
  StatefulSet: { spec: { replicas: 0, selector, template, serviceName: 'changes' } },
  DaemonSet: {
    spec: { selector, template: { ...template, spec: { ...template.spec, nodeSelector: { no: 'node' } } } },
  },
  ReplicaSet: { spec: { replicas: 0, selector, template } },
  Job: { spec: { ...jobTemplate.spec, suspend: true } },
  CronJob: { spec: { schedule: '0 3 * * *', suspend: true, jobTemplate } },
  Service: { spec: { selector: PODS, ports: [{ port: 80 }] } },
  ConfigMap: { data: { A: '1', B: '2' } },
  Pod: { spec: template.spec },
  Ingress: { spec: { defaultBackend: { service: { name: 'x', port: { number: 80 } } } } },
  NetworkPolicy: { spec: { podSelector: selector } },
  HorizontalPodAutoscaler: {
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'none' }, maxReplicas: 3 },
  },
  PodDisruptionBudget: { spec: { selector, minAvailable: 1 } },
};
type Operation = ChangeRequest['operation'];
const patch = (patchType: 'json' | 'merge' | 'strategic', of: Json): Operation => ({
  type: 'patch',
  patchType,
  patch: of,
});
const image: Operation = { type: 'set-image', container: 'main', image: 'nginx:1.28-alpine' };
const remove: Extract<Operation, { type: 'delete' }> = {
  type: 'delete',
  propagation: 'Background',
  gracePeriodSeconds: null,
};

/** What each is on an object made from SPECS, and what then holds. */
const CHANGES: readonly [string, Operation, object][] = [
  ['Deployment', { type: 'restart' }, { spec: { template: { metadata: { annotations: expect.anything() } } } }],
  ['DaemonSet', { type: 'restart' }, { spec: { template: { metadata: { annotations: expect.anything() } } } }],
  ['StatefulSet', { type: 'scale', replicas: 1 }, { spec: { replicas: 1 } }],
  ['ReplicaSet', { type: 'scale', replicas: 1 }, { spec: { replicas: 1 } }],
  ['Deployment', image, { spec: { template: { spec: { containers: [{ image: 'nginx:1.28-alpine' }] } } } }],
  [
    'CronJob',
    image,
    { spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: 'nginx:1.28-alpine' }] } } } } } },
  ],
  ['Service', { type: 'label', labels: { tier: 'a' } }, { metadata: { labels: { tier: 'a' } } }],
  ['Job', { type: 'label', labels: { tier: 'a' } }, { metadata: { labels: { tier: 'a' } } }],
  ['Ingress', { type: 'annotate', annotations: { note: 'a' } }, { metadata: { annotations: { note: 'a' } } }],
  ['ConfigMap', patch('merge', { data: { A: null, C: '3' } }), { data: { B: '2', C: '3' } }],
  ['ConfigMap', patch('json', [{ op: 'replace', path: '/data/A', value: '9' }]), { data: { A: '9' } }],
  [
    'Service',
    patch('json', [
      { op: 'add', path: '/metadata/labels', value: { a: 'b' } },
      { op: 'replace', path: '/spec/ports/0/port', value: 81 },
    ]),
    { metadata: { labels: { a: 'b' } }, spec: { ports: [{ port: 81 }] } },
  ],
  ['NetworkPolicy', patch('merge', { spec: { policyTypes: ['Egress'] } }), { spec: { policyTypes: ['Egress'] } }],
  ['HorizontalPodAutoscaler', patch('merge', { spec: { maxReplicas: 4 } }), { spec: { maxReplicas: 4 } }],
  ['PodDisruptionBudget', patch('strategic', { spec: { minAvailable: 2 } }), { spec: { minAvailable: 2 } }],
  [
    'Deployment',
    // Named alone, the new one would come to stand in front.
    patch('strategic', {
      spec: {
        template: {
          spec: { containers: [{ name: 'main' }, { name: 'side', image: 'redis:7.4-alpine', securityContext }] },
        },
      },
    }),
    { spec: { template: { spec: { containers: [{ name: 'main' }, { name: 'side' }] } } } },
  ],
];

/** What a plan is about: not who wrote when, nor our marks, nor what a controller writes. */
function content({ metadata, status: _status, ...rest }: Answered): object {
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(
      ([key]) => !key.startsWith('countersign.dev/') && !key.startsWith('deployment.kubernetes.io/'),
    ),
  );
  return { ...rest, labels: metadata.labels ?? {}, annotations };
}

let made = 0;

/** `kubeconfig`: of the same cluster, with the contexts proposer and executor. `keepsRevisionsOf`: kinds whose controllers run there. */
export function changeContract(
  cluster: UnderTest,
  kubeconfig: () => string,
  keepsRevisionsOf: readonly string[],
): void {
  describe('a plan through the adapter', () => {
    let on: ReturnType<typeof planningOn>;
    beforeAll(() => {
      on = planningOn(kubeconfig());
    });
    afterAll(() => on.close());

    const get = async (kind: string, name: string): Promise<Answered> => {
      const { status, body } = await cluster().call('user', { path: `${COLLECTIONS[kind]}/${name}` });
      return status === 404 ? undefined : body;
    };
    const create = async (kind: string, over: object = {}): Promise<string> => {
      const name = `changes-${process.pid}-${made++}`;
      const body = { apiVersion: apiVersionOf(kind), kind, metadata: { name }, ...SPECS[kind], ...over };
      const created = await cluster().call('user', { method: 'POST', path: COLLECTIONS[kind] ?? '', body });
      if (created.status !== 201) throw new Error(`${kind}: ${created.status} ${created.body.message}`);
      return name;
    };
    const request = (kind: string, name: string, operation: Operation): ChangeRequest => ({
      kind,
      namespace: 'shop',
      name,
      operation,
    });
    const undo = async ({ change }: Awaited<ReturnType<typeof on.plan>>): Promise<void> => {
      const { steps, message } = change.evidence.undo;
      if (steps === null) throw new Error(message);
      const requests = steps.map(({ target: { kind, name }, operation }) =>
        request(
          kind,
          name,
          operation.type === 'rollback'
            ? { type: 'rollback', revision: operation.revision }
            : operation.type === 'restart'
              ? { type: 'restart' }
              : operation,
        ),
      );
      await on.run(await on.plan(...requests));
    };
    /** Once its controller has made a revision of the newest spec. */
    const seen = async (kind: string, name: string): Promise<Answered> => {
      for (;;) {
        const object = await get(kind, name);
        if (object?.status?.observedGeneration === object?.metadata.generation) return object;
        await new Promise((resolve) => setImmediate(resolve));
      }
    };

    it.each(CHANGES)(
      'changes a %s by %j, as dry-run and under its mark, and its undo brings it back',
      async (kind, operation, after) => {
        const name = await create(kind);
        const before = content(await get(kind, name));
        const planned = await on.plan(request(kind, name, operation));
        await on.run(planned);
        expect(await get(kind, name)).toMatchObject(after);
        if (operation.type === 'restart') return;
        await undo(planned);
        expect(content(await get(kind, name))).toEqual(before);
      },
    );

    it('makes by an apply what is absent, applies to what is there, and takes away by their undo', async () => {
      const name = `changes-${process.pid}-${made++}`;
      const manifest = (data: object): Operation =>
        ({ type: 'apply', manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data } }) as Operation;
      const first = await on.plan(request('ConfigMap', name, manifest({ A: '1' })));
      await on.run(first);
      const again = await on.plan(request('ConfigMap', name, manifest({ A: '2' })));
      await on.run(again);
      expect(await get('ConfigMap', name)).toMatchObject({ data: { A: '2' } });
      await undo(again);
      expect(await get('ConfigMap', name)).toMatchObject({ data: { A: '1' } });
      await undo(first);
      expect(await get('ConfigMap', name)).toBeUndefined();
    });

    it.each(['Deployment', 'StatefulSet', 'Service'])(
      'makes a %s whose dry run and write agree on all but what the server gives away',
      async (kind) => {
        const name = `changes-${process.pid}-${made++}`;
        const { env: _env, ...container } = template.spec.containers[0] ?? {};
        const spec = {
          ...(SPECS[kind] as { spec: object }).spec,
          ...(kind === 'Service'
            ? {}
            : { template: { ...template, spec: { containers: [{ ...container, securityContext }] } } }),
        };
        const manifest = { apiVersion: apiVersionOf(kind), kind, metadata: { name }, spec };
        await on.run(await on.plan(request(kind, name, { type: 'apply', manifest } as Operation)));
        expect(await get(kind, name)).toMatchObject({
          metadata: { annotations: { 'countersign.dev/created': expect.any(String) } },
        });
      },
    );

    it('loses the race for an absent name to whoever makes it first, without changing a field of it', async () => {
      const name = `changes-${process.pid}-${made++}`;
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { A: 'ours' } };
      const { change, planId } = await on.plan(request('ConfigMap', name, { type: 'apply', manifest } as Operation));
      await cluster().call('user', {
        method: 'POST',
        path: COLLECTIONS.ConfigMap ?? '',
        body: { ...manifest, data: { B: 'theirs' } },
      });
      const toRun = { intent: change.intent, stepNumber: 1, planId, leaves: {} };
      expect(await on.execute.write(toRun, null)).toMatchObject({ outcome: 'refused' });
      expect((await get('ConfigMap', name)).data).toEqual({ B: 'theirs' });
    });

    it('names the owner of a field that an apply would take, and takes nothing', async () => {
      const name = await create('ConfigMap');
      const manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { A: 'ours' } };
      expect(
        await on.prepare(
          [request('ConfigMap', name, { type: 'apply', manifest } as Operation)],
          `pln_${'a'.repeat(22)}`,
        ),
      ).toMatchObject({
        refusal: { code: 'target.field_conflict', conflicts: [{ field: '.data.A', owner: expect.any(String) }] },
      });
    });

    it.each(keepsRevisionsOf)('rolls a %s back to a kept template, and forward again', async (kind) => {
      const name = await create(kind);
      const templateOf = async () => (await get(kind, name)).spec.template;
      await seen(kind, name);
      const first = await templateOf();
      await on.run(await on.plan(request(kind, name, image)));
      await seen(kind, name);
      const second = await templateOf();
      const back = await on.plan(request(kind, name, { type: 'rollback', revision: null }));
      expect(back.change.redactions.length).toBeGreaterThan(0);
      await on.run(back);
      expect(await templateOf()).toEqual(first);
      await seen(kind, name);
      await undo(back);
      expect(await templateOf()).toEqual(second);
    });

    it.each(['ConfigMap', 'Service', 'Ingress', 'NetworkPolicy', 'PodDisruptionBudget', 'HorizontalPodAutoscaler'])(
      'deletes a %s, and its undo makes it again as it was',
      async (kind) => {
        const name = await create(kind);
        const before = content(await get(kind, name));
        const planned = await on.plan(request(kind, name, remove));
        await on.run(planned);
        expect(await get(kind, name)).toBeUndefined();
        await undo(planned);
        expect(content(await get(kind, name))).toEqual(before);
      },
    );

    it.each(['Pod', 'Job', 'CronJob', 'ReplicaSet', 'Deployment'])(
      'deletes a %s, and says that there is no way back',
      async (kind) => {
        const name = await create(kind);
        const planned = await on.plan(request(kind, name, { ...remove, gracePeriodSeconds: 0 }));
        expect(planned.change.evidence.undo.steps).toBeNull();
        await on.run(planned);
        const left = await get(kind, name);
        expect(left === undefined || left.metadata.deletionTimestamp !== undefined).toBe(true);
      },
    );

    it('deletes nothing by a dry run, and nothing of another uid or version', async () => {
      const name = await create('ConfigMap');
      const { change, planId } = await on.plan(request('ConfigMap', name, remove));
      const toRun = { intent: change.intent, stepNumber: 1, planId, leaves: {} };
      const [target] = change.intent.steps.map((step) => step.target);
      if (target === undefined) throw new Error('no step');
      const live = await on.execute.read(target);
      expect(await on.execute.dryRun(toRun, live)).toEqual({ ok: true, object: null });
      expect(await get('ConfigMap', name)).toBeDefined();
      if (live === null) throw new Error('gone');
      expect(await on.execute.write(toRun, { ...live, resourceVersion: '1' })).toEqual({ outcome: 'conflict' });
      expect(await get('ConfigMap', name)).toBeDefined();
    });

    it('refuses to change what a controller owns, and the API server itself a strange field', async () => {
      const name = await create('Deployment');
      await seen('Deployment', name);
      const { body } = await cluster().call('user', { path: COLLECTIONS.ReplicaSet ?? '' });
      const set = body.items.find((item: Answered) => item.metadata.name.startsWith(`${name}-`));
      const planId = `pln_${'a'.repeat(22)}`;
      expect(
        await on.prepare([request('ReplicaSet', set.metadata.name, { type: 'scale', replicas: 1 })], planId),
      ).toMatchObject({
        refusal: { code: 'target.controlled', by: `Deployment ${name}` },
      });
      const strange = patch('strategic', { spec: { strangeField: 1 } });
      expect(await on.prepare([request('Deployment', name, strange)], planId)).toMatchObject({
        refusal: { code: 'dry_run.refused' },
      });
    });
  });
}
