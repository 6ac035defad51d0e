import {
  type ChangeRequest,
  commit,
  intentDigest,
  type Json,
  MARK_ANNOTATIONS,
  planMark,
  redactedLeaf,
} from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { valueAt } from '../objects/json-at.ts';
import { type Asked, planner } from '../testing/planned-change.ts';
import { eventually, startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { verificationCluster } from '../verify/verification-cluster.ts';

const CANARY = 'canary-s3cr3t-sandbox';
let cluster: TestCluster;
let on: ReturnType<typeof planner>;
beforeAll(async () => {
  cluster = await startCluster();
  on = planner(cluster);
});
afterAll(() => cluster.stop());

const RESOURCES: Readonly<Record<string, string>> = { ConfigMap: 'configmaps', Deployment: 'deployments.apps' };
const stored = (kind: string, name: string) => cluster.sandbox.store.get(RESOURCES[kind] ?? '', 'shop', name);
const settings = (name: string, data: Record<string, string>, more: object = {}): Asked => ({
  kind: 'ConfigMap',
  name,
  operation: {
    type: 'apply',
    manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more }, data },
  },
});
const workload = (name: string, image = 'redis:7.4-alpine', more: object = {}): Json => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, labels: { app: name } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name, image, ...more }] },
    },
  },
});
const applied = (name: string, manifest: Json): Asked => ({
  kind: 'Deployment',
  name,
  operation: { type: 'apply', manifest: manifest as { [key: string]: Json } },
});

describe('an apply of what is not there', () => {
  it('creates it under the mark of a create, and is verified when its pods are there', async () => {
    const planned = await on.plan(applied('redis', workload('redis')));
    const { change, planId } = planned;
    expect(change.intent.steps[0]?.target.uid).toBeNull();
    expect(change.evidence.live).toEqual([{ step: 1, object: null }]);
    expect(change.freshness[0]).toMatchObject({ uid: null, generation: null, resourceVersion: null });
    expect(change.evidence.diff[0]?.changes).toContainEqual(
      expect.objectContaining({
        kind: 'added',
        meaning: 'requested',
        label: 'containers[redis].image',
        to: 'redis:7.4-alpine',
      }),
    );
    expect(change.evidence.diff[0]?.changes.every(({ kind }) => kind !== 'removed')).toBe(true);
    expect(change.ignoredPaths.paths).toContain('/metadata/uid');
    expect(stored('Deployment', 'redis')).toBeUndefined();

    expect((await on.run(planned)).outcome).toBe('written');
    expect(stored('Deployment', 'redis')?.metadata.annotations).toEqual(
      expect.objectContaining({ 'countersign.dev/created': planMark(planId, 1, intentDigest(change.intent)) }),
    );
    expect((await on.read(planned, 1))?.marks).toEqual([planMark(planId, 1, intentDigest(change.intent))]);
    const verify = verificationCluster(cluster.connect('reader'));
    await eventually(async () => {
      const states = await verify.observe(change.evidence.successCriteria.all, change.intent);
      return states.every(({ state }) => state === 'met') ? true : undefined;
    });
  });

  it('is stale once somebody else has made it, and the API server itself refuses the race', async () => {
    const planned = await on.plan(settings('raced', { A: '1' }));
    const verify = verificationCluster(cluster.connect('reader'));
    const { intent, evidence, freshness, redactions } = planned.change;
    const fresh = () => verify.freshness({ intent, freshness, live: evidence.live, redactions });
    expect(await fresh()).toEqual({ fresh: true, changed: [] });
    cluster.sandbox.store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'shop', name: 'raced' },
      data: { A: 'theirs' },
    });
    expect(await fresh()).toEqual({ fresh: false, changed: ['the object exists now'] });
    const live = await on.read(planned, 1);
    expect(await on.execute.dryRun(planned.stepToRun(1), live)).toMatchObject({ refusal: { code: 'target.exists' } });
    expect(await on.execute.write(planned.stepToRun(1), live)).toEqual({ outcome: 'conflict' });
    // It read absence, and lost the race after that.
    expect(await on.execute.write(planned.stepToRun(1), null)).toMatchObject({ outcome: 'refused' });
    expect(stored('ConfigMap', 'raced')).toMatchObject({ data: { A: 'theirs' } });
  });

  it('is refused where it would bring a hidden value: nobody could see what is approved', async () => {
    const manifest = workload('leaky', 'redis:7.4-alpine', { env: [{ name: 'DB_PASSWORD', value: 'canary-new' }] });
    const refused = await on.prepare([applied('leaky', manifest)]);
    expect(refused).toMatchObject({ refusal: { code: 'evidence.hidden_change' } });
    expect(JSON.stringify(refused)).not.toContain('canary-new');
  });
});

describe('an apply of what is there', () => {
  it('sets its fields under a mark of its own, time after time', async () => {
    for (const [made, ...changed] of [
      [settings('mine', { A: '1', B: '1' }), settings('mine', { A: '2' }), settings('mine', { A: '3' })],
    ]) {
      if (made === undefined) throw new Error('nothing');
      expect((await on.run(await on.plan(made))).outcome).toBe('written');
      for (const one of changed) {
        const planned = await on.plan(one);
        expect((await on.run(planned)).outcome).toBe('written');
        const annotations = stored('ConfigMap', 'mine')?.metadata.annotations ?? {};
        expect(annotations['countersign.dev/applied']).toBe(
          planMark(planned.planId, 1, intentDigest(planned.change.intent)),
        );
      }
    }
    // What it owned and no longer names goes: the apply says so in its diff.
    expect(stored('ConfigMap', 'mine')?.data).toEqual({ A: '3' });
    expect(await on.prepare([settings('mine', { A: '3' })])).toMatchObject({ refusal: { code: 'target.unchanged' } });
  });

  it('has one intent for a namespace that is written and one that is not', async () => {
    const bare = await on.plan(settings('mine', { A: '4' }));
    const written = await on.plan(settings('mine', { A: '4' }, { namespace: 'shop' }));
    expect(intentDigest(bare.change.intent)).toBe(intentDigest(written.change.intent));
  });

  it('is refused with the owner of the field where it would take one, and is never forced', async () => {
    expect(await on.prepare([settings('shop-settings', { CURRENCY: 'GBP' })])).toEqual({
      ok: false,
      refusal: {
        code: 'target.field_conflict',
        conflicts: [{ field: '.data.CURRENCY', owner: 'kubectl-create' }],
      },
    });
  });

  it('is a conflict where the object moved, or is another one under its name', async () => {
    const planned = await on.plan(settings('mine', { A: '5' }));
    const live = await on.read(planned, 1);
    const object = structuredClone(stored('ConfigMap', 'mine'));
    if (object === undefined || live === null) throw new Error('gone');
    object.metadata.labels = { touched: 'yes' };
    const now = cluster.sandbox.store.update('configmaps', object, { fieldManager: 'kubectl-label' });
    expect(await on.execute.write(planned.stepToRun(1), live)).toEqual({ outcome: 'conflict' });
    cluster.sandbox.store.delete('configmaps', 'shop', 'mine');
    // Gone: an apply that names a uid makes no new object.
    expect(
      await on.execute.write(planned.stepToRun(1), { ...live, resourceVersion: now.metadata.resourceVersion }),
    ).toEqual({
      outcome: 'conflict',
    });
    expect(stored('ConfigMap', 'mine')).toBeUndefined();
  });
});

describe('hidden values of a manifest', () => {
  /** The Deployment api as it is, with another revision history: what kubectl users do with `get -o yaml`. */
  const manifestOfApi = (over: (container: { [key: string]: Json }) => void = () => {}): Json => {
    const object = structuredClone(stored('Deployment', 'api')) as unknown as { spec: Json };
    const spec = object.spec as { template: { spec: { containers: { [key: string]: Json }[] } } };
    over(spec.template.spec.containers[0] ?? {});
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'api' },
      spec: { ...spec, minReadySeconds: 7 },
    };
  };

  it('stay as they are, are in no shown part, and are put back into what is sent', async () => {
    const planned = await on.plan(applied('api', manifestOfApi()));
    const { raw, ...shown } = planned.change;
    expect(JSON.stringify(shown)).not.toContain(CANARY);
    expect(JSON.stringify(raw)).toContain(CANARY);
    const [operation] = planned.change.intent.steps.map((step) => step.operation);
    const pointer = '/spec/template/spec/containers/0/env/1/value';
    const leaf = raw.steps[0]?.operationLeaves?.[pointer];
    expect(leaf?.value).toBe(CANARY);
    const standIn = valueAt(operation as unknown as Json, 'manifest', ...pointer.slice(1).split('/'));
    expect(standIn).toEqual(redactedLeaf(commit(leaf?.salt ?? '', CANARY)));

    expect((await on.run(planned)).outcome).toBe('written');
    const now = stored('Deployment', 'api') as unknown as Json;
    expect(valueAt(now, 'spec', 'minReadySeconds')).toBe(7);
    expect(valueAt(now, ...pointer.slice(1).split('/'))).toBe(CANARY);
  });

  it.each<[string, (container: { [key: string]: Json }) => void]>([
    ['changes', (container) => Object.assign((container.env as Json[])[1] as object, { value: 'canary-other' })],
    ['adds', (container) => (container.env as Json[]).push({ name: 'MORE', value: 'canary-more' })],
  ])('are refused where the manifest %s one, without a word of it', async (_what, by) => {
    const refused = await on.prepare([applied('api', manifestOfApi(by))]);
    expect(refused).toMatchObject({ ok: false });
    expect(['evidence.hidden_change', 'target.field_conflict']).toContain(refused.ok ? '' : refused.refusal.code);
    expect(JSON.stringify(refused)).not.toContain('canary-');
  });

  it('cannot be asked for by their commitment', async () => {
    const leaf = redactedLeaf(commit('salt', CANARY));
    const asked = manifestOfApi((container) => Object.assign((container.env as Json[])[1] as object, { value: leaf }));
    expect(await on.prepare([applied('api', asked)])).toMatchObject({ refusal: { code: 'request.invalid' } });
  });
});

describe('the undo of', () => {
  const undoOf = ({ change }: Awaited<ReturnType<typeof on.plan>>): Asked[] => {
    const { steps, message } = change.evidence.undo;
    if (steps === null) throw new Error(message);
    return steps.map(({ target: { kind, namespace, name }, operation }) => ({
      kind,
      namespace,
      name,
      operation: operation.type === 'rollback' ? { type: 'rollback', revision: operation.revision } : operation,
    })) as Asked[];
  };
  /** What a plan is about: not our marks, not who owns what, not when. */
  const content = (kind: string, name: string): Json => {
    const object = structuredClone(stored(kind, name)) as unknown as { [key: string]: Json } | undefined;
    if (object === undefined) return null;
    const { metadata, status: _status, ...rest } = object;
    const annotations = Object.fromEntries(
      Object.entries((metadata as { annotations?: object }).annotations ?? {}).filter(
        ([key]) => !MARK_ANNOTATIONS.some((mark) => mark === key) && key !== 'deployment.kubernetes.io/revision',
      ),
    );
    return { ...rest, labels: valueAt(metadata, 'labels') ?? null, annotations } as Json;
  };
  const patch = (patchType: 'merge' | 'strategic', of: Json): ChangeRequest['operation'] => ({
    type: 'patch',
    patchType,
    patch: of,
  });

  it.each<[string, Asked & { kind: string; name: string }]>([
    [
      'an apply',
      {
        kind: 'Deployment',
        name: 'cart',
        operation: {
          type: 'apply',
          manifest: {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: { name: 'cart', labels: { team: 'a' } },
            spec: { minReadySeconds: 9 },
          },
        },
      },
    ],
    [
      'a merge patch',
      {
        kind: 'ConfigMap',
        name: 'shop-settings',
        operation: patch('merge', {
          metadata: { labels: { a: 'b' }, annotations: { note: 'x' } },
          data: { CURRENCY: null, NEW: '1' },
        }),
      },
    ],
    [
      'a strategic patch',
      {
        kind: 'Deployment',
        name: 'cart',
        operation: patch('strategic', {
          spec: {
            minReadySeconds: 3,
            template: {
              spec: { containers: [{ name: 'second', image: 'redis:7.4-alpine' }], terminationGracePeriodSeconds: 5 },
            },
          },
        }),
      },
    ],
    ['an apply that makes', settings('brand-new', { A: '1' }) as Asked & { kind: string; name: string }],
    [
      'a label',
      { kind: 'Deployment', name: 'cart', operation: { type: 'label', labels: { tier: 'back', app: null } } },
    ],
    [
      'an annotation',
      { kind: 'Deployment', name: 'cart', operation: { type: 'annotate', annotations: { note: 'a' } } },
    ],
    [
      'a delete',
      {
        kind: 'ConfigMap',
        name: 'shop-settings',
        operation: { type: 'delete', propagation: 'Background', gracePeriodSeconds: null },
      },
    ],
  ])('%s brings back what was there before', async (_what, asked) => {
    const before = content(asked.kind, asked.name);
    const planned = await on.plan(asked);
    expect((await on.run(planned)).outcome).toBe('written');
    expect(content(asked.kind, asked.name)).not.toEqual(before);
    const undo = await on.plan(...undoOf(planned));
    expect((await on.run(undo)).outcome).toBe('written');
    expect(content(asked.kind, asked.name)).toEqual(before);
  });
});
