/** Every operation on every kind that has it, from proposal to verification, through the adapter and the API server's own checks. */
import { type ChangeRequest, targetKey } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../cluster/eventually.ts';
import {
  type Adapter,
  CONTROLLERS_DONE_TIMEOUT_MILLISECONDS,
  carriedOut,
  mustPropose,
  proposed,
  runStep,
  stepOf,
  verified,
} from './adapter-under-test.ts';
import { type Kind, manifestOf, newName, workshop } from './objects.ts';

const OTHER_IMAGE = 'nginx:1.28-alpine';
const on = (kind: string, name: string, operation: ChangeRequest['operation']): readonly ChangeRequest[] => [
  { kind, namespace: 'shop', name, operation },
];
const DELETE = { type: 'delete', propagation: 'Background', gracePeriodSeconds: null } as const;
const undoOf = (change: Awaited<ReturnType<typeof carriedOut>>['change']): readonly ChangeRequest[] =>
  (change.evidence.undo.steps ?? []).map(({ target: { kind, namespace, name }, operation }) => ({
    kind,
    namespace,
    name,
    operation: operation as ChangeRequest['operation'],
  }));

const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

export function changeContract(adapter: () => Adapter): void {
  const objects = workshop(adapter);
  const run = (requests: readonly ChangeRequest[]) => carriedOut(adapter(), requests);

  describe('workloads', () => {
    it.each(ROLLED_OUT)('%s: a restart replaces its pods', async (kind) => {
      const name = await objects.make(kind);
      const before = (await objects.pods(name)).map(({ metadata }) => metadata.uid);
      await run(on(kind, name, { type: 'restart' }));
      const after = (await objects.pods(name)).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      expect(after.filter(({ metadata }) => before.includes(metadata.uid))).toEqual([]);
    });

    it.each(['Deployment', 'StatefulSet', 'ReplicaSet'] as const)('%s: a scale, and its undo', async (kind) => {
      const name = await objects.make(kind);
      const { replicas } = (await objects.get(kind, name)).spec;
      const { change } = await run(on(kind, name, { type: 'scale', replicas: replicas + 1 }));
      expect((await objects.get(kind, name)).spec.replicas).toBe(replicas + 1);
      await run(undoOf(change));
      expect((await objects.get(kind, name)).spec.replicas).toBe(replicas);
    });

    it.each(ROLLED_OUT)('%s: another image, and its undo', async (kind) => {
      const name = await objects.make(kind);
      const image = async () => (await objects.get(kind, name)).spec.template.spec.containers[0].image;
      const before = await image();
      const { change } = await run(on(kind, name, { type: 'set-image', container: 'web', image: OTHER_IMAGE }));
      expect(await image()).toBe(OTHER_IMAGE);
      await run(undoOf(change));
      expect(await image()).toBe(before);
    });

    it('CronJob: another image, for the jobs to come', async () => {
      const name = await objects.make('CronJob');
      await run(on('CronJob', name, { type: 'set-image', container: 'web', image: OTHER_IMAGE }));
      const { spec } = await objects.get('CronJob', name);
      expect(spec.jobTemplate.spec.template.spec.containers[0].image).toBe(OTHER_IMAGE);
    });

    it.each(ROLLED_OUT)('%s: a rollback to an earlier revision, whole', async (kind) => {
      const name = await objects.make(kind);
      const before = (await objects.get(kind, name)).spec.template.spec;
      await run(on(kind, name, { type: 'set-image', container: 'web', image: OTHER_IMAGE }));
      await run(on(kind, name, { type: 'rollback', revision: 1 }));
      expect((await objects.get(kind, name)).spec.template.spec).toEqual(before);
      const unknown = await proposed(adapter(), on(kind, name, { type: 'rollback', revision: 77 }));
      expect(unknown).toMatchObject({ ok: false, refusal: { code: 'target.revision_unknown', revision: 77 } });
    });

    it("a workload's ReplicaSet is not changed behind its back", async () => {
      const name = await objects.make('Deployment');
      const [pod] = await objects.pods(name);
      const replicaSet = pod.metadata.ownerReferences[0].name;
      const refused = await proposed(adapter(), on('ReplicaSet', replicaSet, { type: 'scale', replicas: 0 }));
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'target.controlled' } });
    });
  });

  describe('fields', () => {
    it.each(['Deployment', 'ConfigMap', 'Service'] as const)(
      '%s: labels and annotations, and their undo',
      async (kind) => {
        const name = await objects.make(kind);
        const labelled = await run(on(kind, name, { type: 'label', labels: { tier: 'front' } }));
        const annotated = await run(on(kind, name, { type: 'annotate', annotations: { 'example.com/note': 'kept' } }));
        const { metadata } = await objects.get(kind, name);
        expect(metadata.labels.tier).toBe('front');
        expect(metadata.annotations['example.com/note']).toBe('kept');
        await run(undoOf(annotated.change));
        await run(undoOf(labelled.change));
        const undone = (await objects.get(kind, name)).metadata;
        expect(undone.labels?.tier).toBeUndefined();
        expect(undone.annotations['example.com/note']).toBeUndefined();
      },
    );

    it.each([
      ['json', [{ op: 'replace', path: '/spec/replicas', value: 1 }]],
      ['merge', { spec: { replicas: 1 } }],
      ['strategic', { spec: { replicas: 1 } }],
    ] as const)('a %s patch, and its undo', async (patchType, patch) => {
      const name = await objects.make('Deployment');
      const { change } = await run(on('Deployment', name, { type: 'patch', patchType, patch: patch as never }));
      expect((await objects.get('Deployment', name)).spec.replicas).toBe(1);
      await run(undoOf(change));
      expect((await objects.get('Deployment', name)).spec.replicas).toBe(2);
    });

    it('a strategic patch merges containers by name', async () => {
      const name = await objects.make('Deployment');
      const patch = {
        spec: { template: { spec: { containers: [{ name: 'web', resources: { limits: { memory: '64Mi' } } }] } } },
      };
      await run(on('Deployment', name, { type: 'patch', patchType: 'strategic', patch }));
      const [container] = (await objects.get('Deployment', name)).spec.template.spec.containers;
      expect(container).toMatchObject({ image: 'nginx:1.27-alpine', resources: { limits: { memory: '64Mi' } } });
    });
  });

  describe('manifests', () => {
    const CREATED = [
      'ConfigMap',
      'Service',
      'Deployment',
      'CronJob',
      'Ingress',
      'NetworkPolicy',
      'HorizontalPodAutoscaler',
      'PodDisruptionBudget',
    ] as const satisfies readonly Kind[];
    it.each(CREATED)('%s: an apply creates it, its undo deletes it', async (kind) => {
      const name = newName();
      objects.takesAway(kind, name);
      const { change } = await run(on(kind, name, { type: 'apply', manifest: manifestOf(kind, name) }));
      expect(change.intent.steps[0]?.target.uid).toBeNull();
      const marks = Object.keys((await objects.get(kind, name)).metadata.annotations);
      expect(marks).toContain('countersign.dev/created');
      await run(undoOf(change));
      await eventually(CONTROLLERS_DONE_TIMEOUT_MILLISECONDS, async () =>
        (await objects.get(kind, name)) === undefined ? true : undefined,
      );
    });

    it('what was applied once is applied again and again, also after patches in between', async () => {
      const name = newName();
      objects.takesAway('Service', name);
      const manifest = (port: number) => ({
        ...manifestOf('Service', name),
        spec: { selector: { app: name }, ports: [{ name: 'http', port, targetPort: 80 }] },
      });
      await run(on('Service', name, { type: 'apply', manifest: manifest(80) }));
      await run(on('Service', name, { type: 'apply', manifest: manifest(81) }));
      await run(on('Service', name, { type: 'label', labels: { tier: 'front' } }));
      await run(on('Service', name, { type: 'apply', manifest: manifest(82) }));
      const service = await objects.get('Service', name);
      expect(service.spec.ports).toMatchObject([{ port: 82 }]);
      expect(service.metadata.labels.tier).toBe('front');
    });

    it("never takes another manager's field: the refusal names field and owner", async () => {
      const name = await objects.make('Deployment');
      await objects.edit('Deployment', name, { spec: { replicas: 3 } });
      const refused = await proposed(
        adapter(),
        on('Deployment', name, {
          type: 'apply',
          manifest: {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name },
            spec: { replicas: 1 },
          },
        }),
      );
      expect(refused).toMatchObject({ ok: false, refusal: { code: 'target.field_conflict' } });
      expect(JSON.stringify(refused)).toContain('kubectl-edit');
      expect(JSON.stringify(refused)).toContain('replicas');
    });

    it('creates nothing where somebody was quicker, and leaves what they made as it is', async () => {
      const name = newName();
      objects.takesAway('Service', name);
      const made = await mustPropose(
        adapter(),
        on('Service', name, { type: 'apply', manifest: manifestOf('Service', name) }),
      );
      const theirs = { ...manifestOf('Service', name), spec: { ports: [{ port: 9090 }], selector: { app: 'theirs' } } };
      await adapter().user({ method: 'POST', path: '/api/v1/namespaces/shop/services', body: theirs });
      const before = await objects.get('Service', name);
      // The executor believes that it is absent: its read was a moment too early.
      const written = await adapter().execute.write(stepOf(made, 1).run, null);
      expect(written.outcome).not.toBe('written');
      expect(await objects.get('Service', name)).toEqual(before);
    });
  });

  describe('deletes', () => {
    it.each(['ConfigMap', 'Service', ...ROLLED_OUT, 'Job', 'Ingress'] as const)('%s', async (kind) => {
      const name = await objects.make(kind);
      await run(on(kind, name, DELETE));
      expect(await objects.get(kind, name)).toBeUndefined();
    });

    it('a pod: its workload makes another', async () => {
      const name = await objects.make('Deployment');
      const [pod] = await objects.pods(name);
      await run(on('Pod', pod.metadata.name, DELETE));
      await eventually(CONTROLLERS_DONE_TIMEOUT_MILLISECONDS, async () => {
        const pods = await objects.pods(name);
        const others = pods.filter(({ metadata }) => metadata.uid !== pod.metadata.uid);
        return others.length === 2 ? true : undefined;
      });
    });

    it('never what was made anew under the name', async () => {
      const name = await objects.make('ConfigMap');
      const made = await mustPropose(adapter(), on('ConfigMap', name, DELETE));
      const live = await adapter().execute.read(stepOf(made, 1).step.target);
      await adapter().user({ method: 'DELETE', path: `/api/v1/namespaces/shop/configmaps/${name}` });
      await adapter().user({
        method: 'POST',
        path: '/api/v1/namespaces/shop/configmaps',
        body: manifestOf('ConfigMap', name),
      });
      expect((await adapter().execute.write(stepOf(made, 1).run, live)).outcome).toBe('conflict');
      expect(await objects.get('ConfigMap', name)).toBeDefined();
    });
  });

  describe('at most once', () => {
    it('the API server itself refuses a step that has been written, whatever version is sent with it', async () => {
      const name = await objects.make('Deployment');
      const made = await mustPropose(adapter(), on('Deployment', name, { type: 'scale', replicas: 1 }));
      await runStep(adapter(), made, 1);
      const again = await eventually(CONTROLLERS_DONE_TIMEOUT_MILLISECONDS, async () => {
        const live = await adapter().execute.read(stepOf(made, 1).step.target);
        expect(live?.marks).toHaveLength(1);
        const written = await adapter().execute.write(stepOf(made, 1).run, live);
        // A controller wrote the status between read and write.
        return written.outcome === 'conflict' ? undefined : written;
      });
      expect(again).toMatchObject({ outcome: 'refused' });
    });

    it('a stale read is a conflict', async () => {
      const name = await objects.make('ConfigMap');
      const made = await mustPropose(adapter(), on('ConfigMap', name, { type: 'label', labels: { a: 'b' } }));
      const live = await adapter().execute.read(stepOf(made, 1).step.target);
      await objects.edit('ConfigMap', name, { metadata: { labels: { theirs: 'now' } } });
      expect(await adapter().execute.write(stepOf(made, 1).run, live)).toEqual({ outcome: 'conflict' });
    });
  });

  describe('several steps', () => {
    it('run in their order, each on its object', async () => {
      const [web, old] = [await objects.make('Deployment'), await objects.make('Service')];
      const fresh = newName();
      objects.takesAway('Service', fresh);
      const { change } = await run([
        ...on('Deployment', web, { type: 'scale', replicas: 1 }),
        ...on('Service', fresh, { type: 'apply', manifest: manifestOf('Service', fresh) }),
        ...on('Service', old, DELETE),
      ]);
      expect(change.intent.steps.map(({ target }) => targetKey(target))).toEqual([
        `Deployment.apps/shop/${web}`,
        `Service.core/shop/${fresh}`,
        `Service.core/shop/${old}`,
      ]);
      expect(await objects.get('Service', old)).toBeUndefined();
    });

    it('are undone in the opposite order', async () => {
      const web = await objects.make('Deployment');
      const fresh = newName();
      objects.takesAway('Service', fresh);
      const { change } = await run([
        ...on('Deployment', web, { type: 'scale', replicas: 1 }),
        ...on('Service', fresh, { type: 'apply', manifest: manifestOf('Service', fresh) }),
      ]);
      expect(undoOf(change).map(({ name }) => name)).toEqual([fresh, web]);
      await run(undoOf(change));
      expect((await objects.get('Deployment', web)).spec.replicas).toBe(2);
      expect(await objects.get('Service', fresh)).toBeUndefined();
    });
  });

  it('the API server itself refuses a field that it does not know, instead of dropping it', async () => {
    const name = await objects.make('Deployment');
    const patch = { spec: { strangeField: 1 } };
    const refused = await proposed(adapter(), on('Deployment', name, { type: 'patch', patchType: 'strategic', patch }));
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'dry_run.refused' } });
  });

  it('a rollout that never succeeds is not called a success', async () => {
    const name = await objects.make('Deployment');
    const image = 'nginx:1.27-doesnotexist';
    const made = await mustPropose(adapter(), on('Deployment', name, { type: 'set-image', container: 'web', image }));
    await runStep(adapter(), made, 1);
    const states = await adapter().verify.observe(made.change.evidence.successCriteria.all, made.change.intent);
    expect(states.some(({ state }) => state !== 'met')).toBe(true);
    await run(on('Deployment', name, { type: 'rollback', revision: null }));
    await expect(verified(adapter(), made)).resolves.toBe(true);
  });
}
