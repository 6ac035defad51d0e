import type { LiveObject, PreparedChange, SuccessCriterion } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionCluster } from '../execute/execution-cluster.ts';
import { proposalCluster } from '../propose/proposal-cluster.ts';
import { eventually, newPlanId, proposal, startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { verificationCluster } from './verification-cluster.ts';

const DEPLOYMENTS = 'deployments.apps';
let cluster: TestCluster;
let verify: ReturnType<typeof verificationCluster>;
beforeAll(async () => {
  cluster = await startCluster();
  verify = verificationCluster(cluster.connect('reader'));
});
afterAll(() => cluster.stop());

async function prepared(
  name: string,
  operation: Parameters<typeof proposal>[1],
  planId = newPlanId(),
): Promise<PreparedChange> {
  const result = await proposalCluster(cluster.connect('proposer')).prepare(proposal(name, operation, { planId }));
  if (!result.ok) throw new Error(result.refusal.code);
  return result.value;
}
async function applied(name: string, operation: Parameters<typeof proposal>[1]): Promise<PreparedChange> {
  const planId = newPlanId();
  const change = await prepared(name, operation, planId);
  const execute = executionCluster(cluster.connect('executor'));
  const target = change.intent.steps[0]?.target;
  const live: LiveObject | null = target === undefined ? null : await execute.read(target);
  if (
    live === null ||
    (await execute.write({ intent: change.intent, stepNumber: 1, planId, leaves: {} }, live)).outcome !== 'written'
  )
    throw new Error('not written');
  return change;
}
const states = async ({ intent, evidence }: PreparedChange) =>
  (await verify.observe(evidence.successCriteria.all, intent)).map(({ state }) => state);

describe('observe', () => {
  it('is met when pods and endpoints are there', async () => {
    const change = await applied('web', { type: 'set-image', container: 'web', image: 'nginx:1.27-alpine' });
    await eventually(async () => ((await states(change)).every((state) => state === 'met') ? true : undefined));
    const [rollout, endpoints] = await verify.observe(change.evidence.successCriteria.all, change.intent);
    expect(rollout?.message).toBe('Deployment shop/web: 2 updated and 2 available of 2 replicas');
    expect(endpoints?.message).toBe('Service web has 2 of 2 ready endpoints');
  });

  it('is met by a workload that was scaled to nothing', async () => {
    const change = await applied('cache', { type: 'scale', replicas: 0 });
    await eventually(async () => ((await states(change)).every((state) => state === 'met') ? true : undefined));
    expect(change.evidence.successCriteria.all).toHaveLength(1);
  });

  const rollout: SuccessCriterion = { type: 'rollout', step: 1, replicas: 1 };
  it('fails where the object is gone or another one', async () => {
    const { intent } = await prepared('worker', { type: 'restart' });
    const elsewhere = {
      ...intent,
      steps: intent.steps.map((step) => ({ ...step, target: { ...step.target, name: 'nobody' } })),
    };
    const other = {
      ...intent,
      steps: intent.steps.map((step) => ({ ...step, target: { ...step.target, uid: 'another' } })),
    };
    expect(await verify.observe([rollout], elsewhere)).toMatchObject([
      { state: 'failed', message: 'Deployment shop/nobody is gone' },
    ]);
    expect(await verify.observe([rollout], other)).toMatchObject([{ state: 'failed' }]);
  });

  it('waits, to end as inconclusive, where somebody changed the count that was approved', async () => {
    const { intent } = await prepared('api', { type: 'restart' });
    expect(await verify.observe([{ ...rollout, replicas: 4 }], intent)).toMatchObject([
      { state: 'waiting', message: 'Deployment shop/api wants 2 replicas now, 4 were approved' },
    ]);
  });
});

describe('freshness', () => {
  const question = ({ intent, freshness, evidence, redactions }: PreparedChange) => ({
    intent,
    freshness,
    live: evidence.live,
    redactions,
  });
  const change = (
    name: string,
    by: (object: {
      spec: { template: { spec: { containers: { env?: { name: string; value?: string }[] }[] } } };
    }) => void,
  ): void => {
    const object = structuredClone(cluster.sandbox.store.get(DEPLOYMENTS, 'shop', name));
    if (object === undefined) throw new Error('gone');
    by(object as never);
    cluster.sandbox.store.update(DEPLOYMENTS, object);
  };

  it('is given while only a status moves', async () => {
    const plan = await prepared('worker', { type: 'restart' });
    const object = structuredClone(cluster.sandbox.store.get(DEPLOYMENTS, 'shop', 'worker'));
    if (object === undefined) throw new Error('gone');
    cluster.sandbox.store.update(
      DEPLOYMENTS,
      { ...object, status: { ...(object.status as object), unavailableReplicas: 1, collisionCount: 1 } },
      { subresource: 'status' },
    );
    expect(await verify.freshness(question(plan))).toEqual({ fresh: true, changed: [] });
  });

  it('is lost by a changed field, named by its path', async () => {
    const plan = await prepared('cart', { type: 'restart' });
    change('cart', (object) => {
      Object.assign(object.spec.template.spec.containers[0] ?? {}, { image: 'other:1' });
    });
    const { fresh, changed } = await verify.freshness(question(plan));
    expect(fresh).toBe(false);
    expect(changed).toContain('/spec/template/spec/containers/0/image');
    expect(changed).toContain('/metadata/generation');
  });

  it('is lost by a changed or a new hidden value, of which nothing is told but that', async () => {
    const plan = await prepared('api', { type: 'restart' });
    change('api', (object) => {
      const env = object.spec.template.spec.containers[0]?.env ?? [];
      Object.assign(env[1] ?? {}, { value: 'canary-new' });
      env.push({ name: 'MORE', value: 'canary-more' });
    });
    const { fresh, changed } = await verify.freshness(question(plan));
    expect(fresh).toBe(false);
    expect(changed).toContain('/metadata/generation');
    expect(changed.join()).toMatch(/env\/5/);
    expect(JSON.stringify(changed)).not.toContain('canary');
  });

  it('is lost where the object is gone or another one', async () => {
    const plan = await prepared('worker', { type: 'restart' });
    const before = cluster.sandbox.store.delete(DEPLOYMENTS, 'shop', 'worker');
    expect(await verify.freshness(question(plan))).toEqual({ fresh: false, changed: ['the object is gone'] });
    cluster.sandbox.store.create(DEPLOYMENTS, { ...before, metadata: { namespace: 'shop', name: 'worker' } });
    expect(await verify.freshness(question(plan))).toEqual({
      fresh: false,
      changed: ['the object was replaced by another one'],
    });
  });
});
