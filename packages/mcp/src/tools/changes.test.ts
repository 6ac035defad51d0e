/** The request tools beside scale: what reaches the proposer is what was asked, and what is no change of ours reaches nobody. */
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startStores } from '../testing/store.ts';
import { call, startWorld, type World } from '../testing/world.ts';

let database: Awaited<ReturnType<typeof startStores>>;
let world: World;
let agent: Client;
let before = 0;
beforeAll(async () => {
  database = await startStores();
  world = await startWorld(await database.open());
  agent = await world.as('agent');
});
afterAll(async () => {
  await world.stop();
  await database.stop();
});
beforeEach(async () => {
  world.cluster.requests.length = 0;
  world.cluster.proposed.length = 0;
  before = await all();
});

const WEB = { namespace: 'shop', name: 'web' };
const reason = 'because';
const MANIFEST = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'shop' },
  data: { a: 'b' },
};
const all = async (): Promise<number> => (await world.stores.plans.list({ open: false, limit: 500 })).length;
const stored = async (): Promise<number> => (await all()) - before;

describe('each request tool makes the step that it names', () => {
  test.each<[string, Record<string, unknown>, unknown]>([
    [
      'request_restart_deployment',
      { ...WEB, kind: 'DaemonSet' },
      { kind: 'DaemonSet', operation: { type: 'restart' } },
    ],
    [
      'request_scale_deployment',
      { ...WEB, kind: 'StatefulSet', replicas: 2 },
      { kind: 'StatefulSet', operation: { replicas: 2 } },
    ],
    [
      'request_set_deployment_image',
      { ...WEB, container: 'web', image: 'web:2' },
      { kind: 'Deployment', operation: { type: 'set-image', container: 'web', image: 'web:2' } },
    ],
    ['request_rollback_deployment', WEB, { kind: 'Deployment', operation: { type: 'rollback', revision: null } }],
    ['request_rollback_deployment', { ...WEB, revision: 3 }, { operation: { type: 'rollback', revision: 3 } }],
    [
      'request_patch_resource',
      { ...WEB, kind: 'Service', patchType: 'json', patch: [{ op: 'remove', path: '/metadata/labels/a' }] },
      {
        kind: 'Service',
        operation: { type: 'patch', patchType: 'json', patch: [{ op: 'remove', path: '/metadata/labels/a' }] },
      },
    ],
    [
      'request_patch_resource',
      { ...WEB, kind: 'Deployment', patchType: 'merge', patch: { spec: { paused: null } } },
      { operation: { patchType: 'merge', patch: { spec: { paused: null } } } },
    ],
    [
      'request_label_resource',
      { ...WEB, kind: 'Pod', labels: { a: 'b', c: null } },
      { operation: { type: 'label', labels: { a: 'b', c: null } } },
    ],
    [
      'request_annotate_resource',
      { ...WEB, kind: 'Pod', annotations: { a: 'b c' } },
      { operation: { type: 'annotate', annotations: { a: 'b c' } } },
    ],
    [
      'request_apply_manifest',
      { manifest: MANIFEST },
      { kind: 'ConfigMap', name: 'settings', operation: { type: 'apply', manifest: MANIFEST } },
    ],
    [
      'request_delete_manifest',
      { ...WEB, kind: 'Pod' },
      { kind: 'Pod', operation: { type: 'delete', propagation: 'Background', gracePeriodSeconds: null } },
    ],
    [
      'request_delete_manifest',
      { manifest: MANIFEST, propagationPolicy: 'Orphan', gracePeriodSeconds: 5 },
      {
        kind: 'ConfigMap',
        name: 'settings',
        operation: { type: 'delete', propagation: 'Orphan', gracePeriodSeconds: 5 },
      },
    ],
  ])('%s %j', async (name, input, change) => {
    const { answer, error } = await call(agent, name, { ...input, reason });
    expect(error).toBeUndefined();
    expect(answer?.status).toBe('approval_required');
    expect(world.cluster.proposed).toHaveLength(1);
    expect(world.cluster.proposed[0]).toHaveLength(1);
    expect(world.cluster.proposed[0]?.[0]).toMatchObject(change as object);
  });

  test('request_change and several manifests make one plan of ordered steps', async () => {
    const changes = [
      { ...WEB, kind: 'Deployment', operation: { type: 'scale', replicas: 3 } },
      { kind: 'ConfigMap', namespace: 'shop', name: 'settings', operation: { type: 'apply', manifest: MANIFEST } },
      { kind: 'Pod', namespace: 'shop', name: 'old', operation: { type: 'delete' } },
    ];
    const { answer } = await call(agent, 'request_change', { changes, reason });
    expect(answer?.steps).toMatchObject([
      { summary: 'Scale Deployment shop/web to 3' },
      {},
      { summary: 'Delete Pod shop/old' },
    ]);
    const yaml =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n';
    const applied = await call(agent, 'request_apply_manifest', { manifest: yaml, namespace: 'shop', reason });
    expect(applied.answer?.steps).toMatchObject([{ name: 'a' }, { name: 'b' }]);
    expect(await stored()).toBe(2);
  });
});

describe('nothing is stored and no request leaves', () => {
  const SCALE = { kind: 'Deployment', ...WEB, operation: { type: 'scale', replicas: 3 } };
  test.each<[string, string, Record<string, unknown>, string]>([
    ['an approval', 'request_delete_manifest', { ...WEB, kind: 'Pod', approved: true }, 'approved'],
    ['a force', 'request_apply_manifest', { manifest: MANIFEST, force: true }, 'force'],
    ['a dry run switched off', 'request_apply_manifest', { manifest: MANIFEST, dryRun: false }, 'dryRun'],
    ['another kubeconfig', 'request_restart_deployment', { ...WEB, kubeconfig: '/tmp/evil' }, 'kubeconfig'],
    [
      'another context',
      'request_label_resource',
      { ...WEB, kind: 'Pod', labels: { a: 'b' }, context: 'prod' },
      'context',
    ],
    ['another server', 'request_change', { changes: [SCALE], server: 'https://127.0.0.1:1' }, 'server'],
    ['a file', 'request_apply_manifest', { filename: '/etc/passwd' }, 'filename'],
    [
      'a patch file',
      'request_patch_resource',
      { ...WEB, kind: 'Pod', patchType: 'json', patchFile: '/etc/passwd' },
      'patchFile',
    ],
    ['an approval inside a step', 'request_change', { changes: [{ ...SCALE, approved: true }] }, 'approved'],
    [
      'a force inside an operation',
      'request_change',
      { changes: [{ ...SCALE, operation: { type: 'delete', force: true } }] },
      'force',
    ],
    ['a boolean for a number', 'request_scale_deployment', { ...WEB, replicas: true }, 'replicas'],
    ['a kind that cannot be scaled', 'request_scale_deployment', { ...WEB, kind: 'Pod', replicas: 1 }, 'kind'],
    ['a flag as a name', 'request_delete_manifest', { kind: 'Pod', namespace: 'shop', name: '--all' }, 'name'],
    ['several types', 'request_delete_manifest', { kind: 'pods,secrets', namespace: 'shop', name: 'x' }, 'kind'],
    [
      'a selector',
      'request_delete_manifest',
      { kind: 'Pod', namespace: 'shop', labelSelector: 'a=b' },
      'labelSelector',
    ],
    [
      'a forced deletion',
      'request_delete_manifest',
      { ...WEB, kind: 'Pod', gracePeriodSeconds: 0 },
      'gracePeriodSeconds',
    ],
    ['a label that is none', 'request_label_resource', { ...WEB, kind: 'Pod', labels: { 'a b': '$(id)' } }, 'labels'],
    ['no label', 'request_label_resource', { ...WEB, kind: 'Pod', labels: {} }, 'labels'],
    [
      'a patch of the wrong form',
      'request_patch_resource',
      { ...WEB, kind: 'Pod', patchType: 'json', patch: {} },
      'patch',
    ],
    [
      'one object twice',
      'request_change',
      { changes: [SCALE, { ...SCALE, operation: { type: 'restart' } }] },
      'same object',
    ],
    [
      'a manifest of another object',
      'request_change',
      { changes: [{ ...SCALE, operation: { type: 'apply', manifest: MANIFEST } }] },
      'another object',
    ],
    [
      '21 steps',
      'request_change',
      { changes: Array.from({ length: 21 }, (_, at) => ({ ...SCALE, name: `w${at}` })) },
      'changes',
    ],
  ])('for %s', async (_title, name, input, says) => {
    const { error } = await call(agent, name, { ...input, reason });
    expect(error?.code).toBe('request.invalid');
    expect(error?.message).toContain(says);
    expect(error?.message).not.toMatch(/evil|passwd|127\.0\.0\.1|\$\(id\)/);
    expect(world.cluster.requests).toEqual([]);
    expect(await stored()).toBe(0);
  });

  test('where one step of several has no binding, however the others are bound', async () => {
    const bound = { kind: 'Deployment', ...WEB, operation: { type: 'restart' } };
    for (const changes of [
      [bound, { ...bound, namespace: 'kube-system' }],
      [bound, { ...bound, namespace: 'other' }],
    ]) {
      expect((await call(agent, 'request_change', { changes, reason })).error?.code).toBe('access.not_bound');
    }
    const operator = await world.asPerson('operator', ['kubernetes-operators']);
    const scaleAndDelete = [
      { ...bound, operation: { type: 'scale', replicas: 1 } },
      { ...bound, name: 'x', operation: { type: 'delete' } },
    ];
    expect((await call(operator, 'request_change', { changes: scaleAndDelete, reason })).error?.message).toContain(
      'delete',
    );
    expect(world.cluster.requests).toEqual([]);
    expect(await stored()).toBe(0);
  });
});

describe('request_undo', () => {
  const planned = async (): Promise<string> => {
    world.cluster.undo = [
      {
        target: { apiVersion: 'apps/v1', kind: 'Deployment', ...WEB, uid: 'uid-web' },
        operation: { type: 'scale', replicas: 2 },
      },
    ];
    const { answer } = await call(agent, 'request_scale_deployment', { ...WEB, replicas: 3, reason });
    world.cluster.undo = null;
    return String(answer?.planId);
  };
  const run = async (planId: string): Promise<void> => {
    await world.decide(planId);
    await call(agent, 'execute_approved_plan', { planId });
    await world.record(planId, 'execution.started', 'execution.applied');
  };

  test('proposes the inverse that was stored with a plan that has written, as a plan of its own', async () => {
    const planId = await planned();
    await run(planId);
    const { answer, error } = await call(agent, 'request_undo', { planId, reason: 'It was wrong.' });
    expect(error).toBeUndefined();
    expect(answer?.steps).toMatchObject([{ summary: 'Scale Deployment shop/web to 2' }]);
    const review = JSON.parse((await world.stores.plans.readPlan(String(answer?.planId)))?.review ?? '{}');
    expect(review.words.reason).toBe(`Undo of plan ${planId}. It was wrong.`);
    expect((await world.stores.plans.readPlan(String(answer?.planId)))?.status).toBe('pending');
  });

  test('of a plan that stopped half-way takes back what it wrote, and nothing else', async () => {
    const [web, api] = ['web', 'api'].map((name) => ({
      target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name, uid: `uid-${name}` },
      operation: { type: 'scale' as const, replicas: 2 },
    }));
    world.cluster.undo = [api, web].flatMap((step) => step ?? []);
    const scaled = ['web', 'api'].map((name) => ({
      kind: 'Deployment',
      ...WEB,
      name,
      operation: { type: 'scale', replicas: 3 },
    }));
    const { answer } = await call(agent, 'request_change', { changes: scaled, reason });
    world.cluster.undo = null;
    const planId = String(answer?.planId);
    await world.decide(planId);
    await call(agent, 'execute_approved_plan', { planId });
    await world.record(planId, 'execution.started');
    await world.recordWritten(planId, 1);
    expect((await call(agent, 'request_undo', { planId, reason })).error?.message).toContain('still running');
    await world.record(planId, 'execution.partially_applied');
    expect((await call(agent, 'request_undo', { planId, reason })).answer?.steps).toMatchObject([{ name: 'web' }]);
  });

  test('is refused before anything was written, and where there is no inverse', async () => {
    const planId = await planned();
    for (const prepare of [async () => {}, () => world.decide(planId)]) {
      await prepare();
      expect((await call(agent, 'request_undo', { planId, reason })).error?.code).toBe('plan.no_undo');
    }
    const { answer } = await call(agent, 'request_scale_deployment', { ...WEB, replicas: 4, reason });
    await run(String(answer?.planId));
    const refused = await call(agent, 'request_undo', { planId: String(answer?.planId), reason });
    expect(refused.error?.code).toBe('plan.no_undo');
    expect(world.cluster.proposed).toHaveLength(2);
  });

  test("is for the plan's requester and its owner; others are told what they may know", async () => {
    const planId = await planned();
    await run(planId);
    const operator = await world.asPerson('operator', ['kubernetes-operators']);
    expect((await call(operator, 'request_undo', { planId, reason })).error?.code).toBe('access.not_requester');
    expect((await call(await world.as('reader'), 'request_undo', { planId, reason })).error?.code).toBe(
      'plan.not_found',
    );
    expect(world.cluster.proposed).toHaveLength(1);
  });
});
