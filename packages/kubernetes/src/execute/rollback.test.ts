import { type Json, rawEvidenceSchema } from '@countersign/approvals';
import type { NewObject } from '@countersign/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valueAt } from '../objects/json-at.ts';
import { type Asked, planner } from '../testing/planned-change.ts';
import { eventually, startCluster, type TestCluster } from '../testing/start-cluster.ts';

const CANARY = 'canary-s3cr3t-sandbox';
let cluster: TestCluster;
let on: ReturnType<typeof planner>;
beforeAll(async () => {
  cluster = await startCluster();
  on = planner(cluster);
});
afterAll(() => cluster.stop());

const rollback = (name: string, revision: number | null = null, kind = 'Deployment'): Asked => ({
  kind,
  name,
  operation: { type: 'rollback', revision },
});
const stored = (resource: string, name: string) =>
  cluster.sandbox.store.get(resource, 'shop', name) as unknown as Json | undefined;
const templateOf = (name: string) => valueAt(stored('deployments.apps', name), 'spec', 'template');
/** Once the Deployment controller has made a ReplicaSet of the present template. */
const revisionOf = (name: string) =>
  Number(valueAt(stored('deployments.apps', name), 'metadata', 'annotations', 'deployment.kubernetes.io/revision'));

describe('a rollback of a Deployment', () => {
  it('freezes the template of the revision before in the intent, and writes exactly that', async () => {
    const before = templateOf('web');
    const planned = await on.plan(rollback('web'));
    const [step] = planned.change.intent.steps;
    if (step?.operation.type !== 'rollback') throw new Error('no rollback');
    expect(step.operation.revision).toBe(1);
    expect(JSON.stringify(step.operation.template)).not.toContain('pod-template-hash');
    const [first] = planned.change.evidence.diff[0]?.changes ?? [];
    expect(first).toMatchObject({ label: 'containers[web].image', meaning: 'requested' });
    expect(planned.change.evidence.diff[0]?.changes.filter(({ meaning }) => meaning === 'unclassified')).toEqual([]);
    expect(planned.change.evidence.undo.steps?.[0]?.operation).toMatchObject({ type: 'rollback', revision: 2 });

    expect((await on.run(planned)).outcome).toBe('written');
    expect(templateOf('web')).toEqual(step.operation.template);
    expect(await on.prepare([rollback('web', 1)])).toMatchObject({
      refusal: { code: expect.stringMatching(/^target\.(unchanged|revision_unknown)$/) },
    });
    await eventually(async () => (revisionOf('web') === 3 ? true : undefined));
    // The way back.
    expect((await on.run(await on.plan(rollback('web', 2)))).outcome).toBe('written');
    expect(templateOf('web')).toEqual(before);
  });

  it('names the revisions that there are, where one is asked for that there is not', async () => {
    expect(await on.prepare([rollback('web', 77)])).toMatchObject({
      refusal: { code: 'target.revision_unknown', revision: 77, revisions: expect.arrayContaining([3]) },
    });
    expect(await on.prepare([rollback('cache')])).toMatchObject({
      refusal: { code: 'target.revision_unknown', revision: null, revisions: [1] },
    });
  });

  it('is unchanged where the present template is the one asked for', async () => {
    expect(await on.prepare([rollback('cache', 1)])).toEqual({ ok: false, refusal: { code: 'target.unchanged' } });
  });

  it('takes no revision of another object for one of its own', async () => {
    const [set] = cluster.sandbox.store
      .list('replicasets.apps', 'shop')
      .filter((one) => one.metadata.name.startsWith('cache-'));
    if (set === undefined) throw new Error('no set');
    const { uid: _uid, resourceVersion: _version, ...metadata } = set.metadata;
    cluster.sandbox.store.create('replicasets.apps', {
      ...set,
      metadata: {
        ...metadata,
        name: 'cache-forged',
        ownerReferences: [],
        annotations: { 'deployment.kubernetes.io/revision': '9' },
      },
    } as NewObject);
    expect(await on.prepare([rollback('cache', 9)])).toMatchObject({
      refusal: { code: 'target.revision_unknown', revisions: [1] },
    });
  });

  it('carries hidden values that stay by commitment alone, and refuses one that would change', async () => {
    const image = { type: 'set-image', container: 'api', image: 'ghcr.io/countersign/shop-api:1.4.3' } as const;
    expect((await on.run(await on.plan({ name: 'api', operation: image }))).outcome).toBe('written');
    await eventually(async () => (revisionOf('api') === 2 ? true : undefined));
    const planned = await on.plan(rollback('api'));
    const { raw, ...shown } = planned.change;
    expect(rawEvidenceSchema.parse(raw)).toEqual(raw);
    expect(raw.steps[0]?.operationLeaves?.['/spec/containers/0/env/1/value']?.value).toBe(CANARY);
    expect(JSON.stringify(shown)).not.toContain(CANARY);
    expect((await on.run(planned)).outcome).toBe('written');
    expect(JSON.stringify(templateOf('api'))).toContain(CANARY);
    await eventually(async () => (revisionOf('api') === 3 ? true : undefined));

    const object = structuredClone(cluster.sandbox.store.get('deployments.apps', 'shop', 'api'));
    if (object === undefined) throw new Error('gone');
    const env = valueAt(object as unknown as Json, 'spec', 'template', 'spec', 'containers', '0', 'env') as {
      value?: string;
    }[];
    Object.assign(env[1] ?? {}, { value: 'canary-rotated' });
    cluster.sandbox.store.update('deployments.apps', object, { fieldManager: 'kubectl-edit' });
    await eventually(async () => (revisionOf('api') === 4 ? true : undefined));
    expect(await on.prepare([rollback('api')])).toMatchObject({ refusal: { code: 'evidence.hidden_change' } });
  });
});

describe('a rollback by ControllerRevisions', () => {
  const selector = { matchLabels: { app: 'x' } };
  const template = (image: string) => ({
    metadata: { labels: { app: 'x' } },
    spec: { containers: [{ name: 'main', image }] },
  });
  it.each([
    ['StatefulSet', 'statefulsets.apps', { replicas: 1, serviceName: 'x' }],
    ['DaemonSet', 'daemonsets.apps', {}],
  ])('brings a %s back to the template that was kept', async (kind, resource, spec) => {
    const name = kind.toLowerCase();
    const made = cluster.sandbox.store.create(
      resource,
      {
        apiVersion: 'apps/v1',
        kind,
        // Its revisions are told here, not by the sandbox's controller.
        metadata: { namespace: 'shop', name, annotations: { 'sandbox.countersign.dev/unmanaged': '' } },
        spec: { ...spec, selector, template: template('busybox:1.36') },
      },
      { fieldManager: 'kubectl-create' },
    );
    // As the controller keeps it: whole, with the defaults.
    const kept = (image: string) => {
      const { template: present } = structuredClone(made.spec) as { template: ReturnType<typeof template> };
      Object.assign(present.spec.containers[0] ?? {}, { image });
      return { ...present, $patch: 'replace' };
    };
    const keep = (revision: number, image: string, owner = made.metadata.uid) =>
      cluster.sandbox.store.create('controllerrevisions.apps', {
        apiVersion: 'apps/v1',
        kind: 'ControllerRevision',
        metadata: {
          namespace: 'shop',
          name: `${name}-${revision}-${owner === made.metadata.uid}`,
          ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: owner, controller: true }],
        },
        revision,
        data: { spec: { template: kept(image) } },
      } as unknown as NewObject);
    keep(1, 'busybox:1.35');
    keep(2, 'busybox:1.36');
    // Somebody else's, who is there: what has no owner at all, the garbage collector takes.
    keep(3, 'busybox:forged', cluster.sandbox.store.get('deployments.apps', 'shop', 'web')?.metadata.uid);

    const planned = await on.plan(rollback(name, null, kind));
    expect(planned.change.intent.steps[0]?.operation).toMatchObject({ type: 'rollback', revision: 1 });
    expect(planned.change.evidence.undo.steps?.[0]?.operation).toMatchObject({ type: 'rollback', revision: 2 });
    expect((await on.run(planned)).outcome).toBe('written');
    expect(stored(resource, name)).toMatchObject({ spec: { template: template('busybox:1.35') } });
    expect(JSON.stringify(stored(resource, name))).not.toContain('$patch');
    expect(await on.prepare([rollback(name, 3, kind)])).toMatchObject({
      refusal: { code: 'target.revision_unknown', revisions: [1, 2] },
    });
  });
});
