import {
  canonicalize,
  type Intent,
  intentDigest,
  type LiveObject,
  type PreparedChange,
  planMark,
  Unavailable,
} from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectCluster } from '../connection/connect-cluster.ts';
import { objectRules } from '../objects/object-rules.ts';
import { proposalCluster } from '../propose/proposal-cluster.ts';
import { base64, closedPort, someKubeconfig } from '../testing/scripted-server.ts';
import { guardManifests, newPlanId, proposal, startCluster, type TestCluster } from '../testing/start-cluster.ts';
import { executionCluster } from './execution-cluster.ts';

const DEPLOYMENTS = 'deployments.apps';
let cluster: TestCluster;
let execute: ReturnType<typeof executionCluster>;
let propose: ReturnType<typeof proposalCluster>;
beforeAll(async () => {
  cluster = await startCluster();
  execute = executionCluster(cluster.connect('executor'));
  propose = proposalCluster(cluster.connect('proposer'));
});
afterAll(() => cluster.stop());

interface Planned {
  readonly planId: string;
  readonly change: PreparedChange;
  readonly live: LiveObject;
}
async function planned(name: string, operation: Parameters<typeof proposal>[1]): Promise<Planned> {
  const planId = newPlanId();
  const result = await propose.prepare(proposal(name, operation, { planId }));
  if (!result.ok) throw new Error(result.refusal.code);
  const live = await execute.read(targetOf(result.value));
  if (live === null) throw new Error('gone');
  return { planId, change: result.value, live };
}
function targetOf(change: PreparedChange) {
  const target = change.intent.steps[0]?.target;
  if (target === undefined) throw new Error('no step');
  return target;
}
const comparableText = (object: Parameters<typeof objectRules.comparable>[0]): string =>
  canonicalize(objectRules.comparable(object));
const stored = (name: string) => cluster.sandbox.store.get(DEPLOYMENTS, 'shop', name);
const markOf = (name: string): string => stored(name)?.metadata.annotations?.['countersign.dev/plan'] ?? '';
/** Somebody else's change of the object, through the store. */
function touch(name: string, note: string): void {
  const object = structuredClone(stored(name));
  if (object === undefined) throw new Error('gone');
  object.metadata.labels = { ...object.metadata.labels, note };
  cluster.sandbox.store.update(DEPLOYMENTS, object, { fieldManager: 'kubectl-label' });
}

const stepOf = (intent: Intent, planId: string) => ({ intent, stepNumber: 1, planId, leaves: {} });

describe('the executor', () => {
  it('knows the cluster as the proposer does', async () => {
    const { change } = await planned('cart', { type: 'restart' });
    expect(await execute.identity()).toEqual(change.intent.cluster);
    expect(await execute.guards()).toMatchObject({ missing: [], hash: change.guardHash });
  });

  it('reads an absent object as null', async () => {
    const { change } = await planned('cart', { type: 'restart' });
    expect(await execute.read({ ...targetOf(change), name: 'nobody' })).toBeNull();
  });

  it.each([
    ['cart', { type: 'restart' }],
    ['cart', { type: 'scale', replicas: 2 }],
    ['cache', { type: 'set-image', container: 'cache', image: 'redis:7.2-alpine' }],
  ] as const)(
    'dry-runs %s %j exactly as approved, later and under another identity, and writes what the dry run promised',
    async (name, operation) => {
      const { change, planId } = await planned(name, operation);
      cluster.advance(90);
      const live = await execute.read(targetOf(change));
      if (live === null) throw new Error('gone');
      const approved = change.raw.steps[0]?.dryRun ?? null;
      const second = await execute.dryRun(stepOf(change.intent, planId), live);
      expect(second.ok && comparableText(second.object)).toBe(comparableText(approved));
      expect(markOf(name)).not.toContain(planId);

      const written = await execute.write(stepOf(change.intent, planId), live);
      expect(written.outcome).toBe('written');
      expect(written.outcome === 'written' && comparableText(written.object)).toBe(comparableText(approved));
      expect((await execute.read(targetOf(change)))?.marks).toEqual([planMark(planId, 1, intentDigest(change.intent))]);
    },
  );

  it('writes a plan once: under its own mark the cluster refuses it again', async () => {
    const { change, planId, live } = await planned('api', { type: 'restart' });
    expect((await execute.write(stepOf(change.intent, planId), live)).outcome).toBe('written');
    const again = await execute.read(targetOf(change));
    if (again === null) throw new Error('gone');
    expect(await execute.write(stepOf(change.intent, planId), again)).toEqual({
      outcome: 'refused',
      refusal: { code: 'write.refused', reason: 'the admission policy countersign-executor-marked-writes denies it' },
    });
  });

  it('is a conflict where anybody wrote between read and write, and nothing of ours is there', async () => {
    const { change, planId, live } = await planned('cart', { type: 'restart' });
    touch('cart', 'between');
    expect(await execute.write(stepOf(change.intent, planId), live)).toEqual({ outcome: 'conflict' });
    expect(await execute.dryRun(stepOf(change.intent, planId), live)).toEqual({
      ok: false,
      refusal: { code: 'write.conflict' },
    });
    expect(markOf('cart')).not.toContain(planId);
  });

  it('is a conflict where another object has taken the name', async () => {
    const { change, planId, live } = await planned('worker', { type: 'restart' });
    const before = cluster.sandbox.store.delete(DEPLOYMENTS, 'shop', 'worker');
    expect(await execute.write(stepOf(change.intent, planId), live)).toEqual({ outcome: 'conflict' });
    const reborn = cluster.sandbox.store.create(DEPLOYMENTS, {
      ...before,
      metadata: { namespace: 'shop', name: 'worker' },
    });
    expect(await execute.write(stepOf(change.intent, planId), live)).toEqual({ outcome: 'conflict' });
    expect(
      await execute.write(stepOf(change.intent, planId), { ...live, resourceVersion: reborn.metadata.resourceVersion }),
    ).not.toMatchObject({ outcome: 'written' });
  });

  it('never writes without a version', async () => {
    const { change, planId, live } = await planned('cart', { type: 'restart' });
    await expect(async () =>
      execute.write(stepOf(change.intent, planId), { ...live, resourceVersion: '' }),
    ).rejects.toBeInstanceOf(Unavailable);
  });

  it('as the proposer, or as the reader, is refused by the cluster', async () => {
    const { change, planId, live } = await planned('cart', { type: 'restart' });
    expect(await executionCluster(cluster.connect('proposer')).write(stepOf(change.intent, planId), live)).toEqual({
      outcome: 'refused',
      refusal: { code: 'write.refused', reason: 'the admission policy countersign-proposer-dry-run-only denies it' },
    });
    expect(await executionCluster(cluster.connect('reader')).write(stepOf(change.intent, planId), live)).toEqual({
      outcome: 'refused',
      refusal: { code: 'cluster.forbidden' },
    });
  });

  it('is unavailable where nobody listens: nothing happened', async () => {
    const { change, planId, live } = await planned('cart', { type: 'restart' });
    const kubeconfig = someKubeconfig(
      {
        server: `https://127.0.0.1:${await closedPort()}`,
        'certificate-authority-data': base64(cluster.sandbox.caCertificatePem),
      },
      { token: 't' },
    );
    const nowhere = executionCluster(connectCluster({ name: 'x', kubeconfig, context: 'ctx', guardManifests }));
    for (const act of [
      () => nowhere.identity(),
      () => nowhere.guards(),
      () => nowhere.read(targetOf(change)),
      () => nowhere.write(stepOf(change.intent, planId), live),
    ]) {
      await expect(act()).rejects.toBeInstanceOf(Unavailable);
    }
  });

  it('does not start on a connection that was told of no guards', () => {
    const blind = connectCluster({
      name: 'x',
      kubeconfig: cluster.sandbox.kubeconfig('executor'),
      context: 'executor',
    });
    expect(() => executionCluster(blind)).toThrow('without guard manifests');
  });
});
