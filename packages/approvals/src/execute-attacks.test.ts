import { describe, expect, it } from 'vitest';
import { executePlan } from './execute.ts';
import { cancelPlan, revokePlan, sweep } from './exits.ts';
import { LEASE_SECONDS } from './limits.ts';
import type { Plan, StepRecord } from './plan.ts';
import { Unavailable, UnreadableRecord } from './ports.ts';
import { releasePlan } from './release.ts';
import { settleUnknown } from './settle-unknown.ts';
import { AGENT, OPERATOR, OUTSIDER, OWNER, POLICY, type World, world } from './testing/world.ts';
import { outboxRecord } from './transitions.ts';

const viewer = { id: OPERATOR.id, groups: OPERATOR.groups };
const orders = (w: World): string[] =>
  [...w.store.tables.outbox.values()].filter((r) => r.kind === 'execute').map((r) => r.outboxId);
const planOf = (w: World, planId: string): Plan => {
  const plan = w.store.tables.plans.get(planId);
  if (plan === undefined) throw new Error('no plan');
  return plan;
};
const sweeping = (w: World) => sweep({ ...w.ports, queue: { send: async () => undefined } });

/** Three objects, one step each; `at` runs while that step is being written. */
async function threeSteps(
  at: number,
  during: (w: World, planId: string) => Promise<unknown>,
): Promise<{ w: World; planId: string }> {
  const w = world(POLICY, 'test', 3);
  const { planId } = await w.released();
  const { write } = w.cluster;
  w.cluster.write = async (step, live) => {
    if (step.stepNumber === at) await during(w, planId);
    return write(step, live);
  };
  return { w, planId };
}

describe('a revocation', () => {
  it('that comes while a step is being written stops every further step', async () => {
    const { w, planId } = await threeSteps(1, (world_, id) => revokePlan(id, viewer, world_.ports));
    await w.deliver('execute');
    expect(w.cluster.effects).toHaveLength(1);
    expect(planOf(w, planId)).toMatchObject({ status: 'partially_applied', reason: { code: 'plan.revoked' } });
    expect(w.store.tables.locks.size).toBe(0);
  });

  it('of a plan whose outcome is unknown is taken, and nothing is sent again', async () => {
    const w = world();
    const { planId } = await w.released();
    w.cluster.nextWrite = 'lost-before';
    await w.deliver('execute');
    expect(planOf(w, planId).status).toBe('unknown');
    expect(await revokePlan(planId, viewer, w.ports)).toMatchObject({ ok: true });
    w.clock.advance(LEASE_SECONDS + 1);
    await w.deliver('execute');
    expect(w.cluster.effects).toEqual([]);
    expect(planOf(w, planId)).toMatchObject({ status: 'failed', reason: { code: 'plan.revoked' } });
  });

  it.each(['canceled', 'revoked'] as const)(
    'or a cancelling is not undone by setting the status of a %s plan back',
    async (ending) => {
      for (const status of ['approved', 'executing', 'unknown'] as const) {
        const w = world();
        const { planId } = await w.released();
        const [order] = [...w.store.tables.outbox.values()].filter((record) => record.kind === 'execute');
        if (ending === 'canceled') await cancelPlan(planId, viewer, w.ports);
        else await revokePlan(planId, viewer, w.ports);
        w.store.tables.plans.set(planId, { ...planOf(w, planId), status, revocation: null, reason: null, lease: null });
        if (order !== undefined) w.store.tables.outbox.set(order.outboxId, order);
        await w.deliver('execute');
        expect(w.cluster.effects, status).toEqual([]);
      }
    },
  );
});

describe('a claim', () => {
  it('is won by exactly one of two executors that make it from the same plan in the same millisecond', async () => {
    for (let run = 0; run < 20; run += 1) {
      const w = world();
      await w.released();
      const [outboxId = ''] = orders(w);
      const results = await Promise.all([
        executePlan({ outboxId }, { ...w.ports, holder: 'a' }),
        executePlan({ outboxId }, { ...w.ports, holder: 'b' }),
      ]);
      expect(results.filter((result) => result.ok)).toHaveLength(1);
      expect(results.find((result) => !result.ok)).toMatchObject({ refusal: { code: 'claim.lost' } });
    }
  });

  it('is not taken over while a write that began late in the lease may still land', async () => {
    const w = world();
    const { planId } = await w.released();
    const { guards, write } = w.cluster;
    // A slow cluster: most of the first lease is over when the step is recorded as started.
    w.cluster.guards = async () => {
      w.clock.advance(LEASE_SECONDS - 5);
      return guards();
    };
    let second: unknown;
    w.cluster.write = async (...args) => {
      w.clock.advance(10);
      await revokePlan(planId, viewer, w.ports);
      second = await executePlan({ outboxId: orders(w)[0] ?? '' }, w.ports);
      return write(...args);
    };
    await w.deliver('execute');
    expect(second).toMatchObject({ ok: false, refusal: { code: 'claim.lease_running' } });
    expect(planOf(w, planId).status).toBe('applied');
    expect(w.cluster.effects).toHaveLength(1);
  });

  it('that meets a changing object at its dry run passes the gates again, as after a 409', async () => {
    const w = world();
    await w.released();
    const { dryRun } = w.cluster;
    let calls = 0;
    w.cluster.dryRun = async (...args) => {
      calls += 1;
      return calls < 3 ? { ok: false, refusal: { code: 'write.conflict' } } : dryRun(...args);
    };
    expect(await w.deliver('execute')).toMatchObject([{ ok: true, value: { status: 'applied' } }]);
  });
});

describe('planted step records', () => {
  const planted = (planId: string, step: number): StepRecord => ({
    format: 'countersign.step/v1',
    planId,
    step,
    fence: 1,
    state: 'written',
    startedAt: '2026-11-21T09:00:00.000Z',
    settledAt: '2026-11-21T09:00:00.000Z',
    resultDigest: null,
    resultResourceVersion: null,
    asApproved: true,
  });

  it('make no plan applied and no step skipped: the cluster is asked', async () => {
    for (const steps of [1, 3]) {
      const w = world(POLICY, 'test', steps);
      const { planId } = await w.released();
      // Claimed by an executor that died at once.
      w.cluster.read = async () => {
        throw new Unavailable('no answer');
      };
      const read = world(POLICY, 'test', steps).cluster.read;
      await expect(w.deliver('execute')).rejects.toThrow(Unavailable);
      w.store.tables.steps.set(`${planId}/1`, planted(planId, 1));
      w.cluster.read = async (target) => {
        const object = w.cluster.objects.get(`${target.kind}.apps/${target.namespace}/${target.name}`);
        if (object === undefined) return read(target);
        const { uid, resourceVersion, generation, annotations, replicas } = object;
        return {
          uid,
          resourceVersion: String(resourceVersion),
          generation,
          marks: [annotations['countersign.dev/plan'] ?? []].flat(),
          deleting: false,
          object: {
            metadata: { uid, resourceVersion: String(resourceVersion), generation, annotations: { ...annotations } },
            spec: { replicas },
          },
        };
      };
      await w.deliver('execute');
      expect(planOf(w, planId).status).toBe('applied');
      expect(w.cluster.effects.map(({ target }) => target)).toEqual(
        ['web', 'api', 'cart'].slice(0, steps).map((name) => `Deployment.apps/shop/${name}`),
      );
    }
  });
});

describe('what must not be lost', () => {
  it('an order that an out-of-date duplicate settled, or that somebody deleted, is there again after a sweep', async () => {
    const w = world();
    const { planId } = await w.released();
    w.cluster.nextWrite = 'lost-after';
    await w.deliver('execute');
    w.store.tables.outbox.clear();
    await sweeping(w);
    expect(orders(w)).toEqual([]);
    w.clock.advance(LEASE_SECONDS + 61);
    await sweeping(w);
    await sweeping(w);
    expect(orders(w)).toHaveLength(1);
    await w.deliver('execute');
    expect(planOf(w, planId).status).toBe('applied');
    w.store.tables.outbox.clear();
    w.clock.advance(61);
    await sweeping(w);
    expect([...w.store.tables.outbox.values()].map((record) => record.kind)).toEqual(['verify']);
  });

  it('the order of a running plan outlives a duplicate that is refused', async () => {
    const w = world();
    await w.released();
    const [outboxId = ''] = orders(w);
    const { chain } = w.ports.plans;
    // A duplicate that read the plan before the claim and judges it after.
    const late = executePlan(
      { outboxId },
      {
        ...w.ports,
        plans: {
          ...w.ports.plans,
          chain: async (id) => {
            w.cluster.nextWrite = 'lost-before';
            await executePlan({ outboxId }, w.ports);
            return chain(id);
          },
        },
      },
    );
    expect(await late).toMatchObject({ ok: false });
    expect(orders(w)).toEqual([outboxId]);
  });

  it('a claimed plan whose evidence is gone goes to a person, with a notice, and is not asked again and again', async () => {
    const w = world();
    const { planId } = await w.released();
    w.cluster.nextWrite = 'lost-after';
    await w.deliver('execute');
    w.store.tables.raw.clear();
    w.clock.advance(LEASE_SECONDS + 61);
    await w.deliver('execute');
    expect(planOf(w, planId)).toMatchObject({ status: 'unknown', lease: null });
    expect([...w.store.tables.outbox.values()].map(({ kind, notice }) => [kind, notice])).toContainEqual([
      'notify',
      'outcome',
    ]);
    w.clock.advance(600);
    await sweeping(w);
    expect(orders(w)).toEqual([]);
  });

  it('a released plan whose message was lost is announced again when it is released again; a junk release is not', async () => {
    const w = world();
    const { planId } = await w.released();
    w.store.tables.outbox.clear();
    expect(await releasePlan(planId, AGENT, w.ports)).toMatchObject({ ok: true, value: { repeated: true } });
    expect(orders(w)).toHaveLength(1);
    w.store.tables.releases.set(planId, { format: 'countersign.release-record/v1', planId, seal: 'junk' });
    expect(await releasePlan(planId, AGENT, w.ports)).toEqual({ ok: false, refusal: { code: 'release.invalid' } });
  });

  it('one spoilt record or one unreachable queue keeps no other plan from its sweep', async () => {
    const w = world();
    const spoilt = await w.propose();
    const fine = await w.propose();
    await w.store.outbox.add(outboxRecord({ kind: 'grant' }, spoilt, w.clock.now));
    w.clock.now = new Date(Date.parse(fine.notAfter) + 1);
    const sent: string[] = [];
    const { readPlan } = w.store.plans;
    const plans = {
      ...w.store.plans,
      readPlan: async (planId: string) => {
        if (planId === spoilt.planId) throw new UnreadableRecord('plan', planId);
        return readPlan(planId);
      },
    };
    const queue = {
      send: async (kind: string, { outboxId }: { outboxId: string }) => {
        if (outboxId.includes(spoilt.planId)) throw new Unavailable('no answer');
        sent.push(kind);
      },
    };
    expect((await sweep({ ...w.ports, plans, queue })).expired).toBe(1);
    expect(planOf(w, fine.planId).status).toBe('expired');
    expect(sent.length).toBeGreaterThan(0);
  });
});

describe('an outcome that the cluster cannot tell', () => {
  /** Lost answer, and then somebody takes our mark away. */
  async function inDoubt(steps = 1): Promise<{ w: World; planId: string }> {
    const w = world(POLICY, 'test', steps);
    const { planId } = await w.released();
    w.cluster.nextWrite = 'lost-after';
    await w.deliver('execute');
    for (const [key, object] of w.cluster.objects)
      w.cluster.objects.set(key, { ...object, annotations: {}, resourceVersion: object.resourceVersion + 1 });
    w.clock.advance(LEASE_SECONDS + 1);
    await w.deliver('execute');
    return { w, planId };
  }

  it('is settled by an operator, by name, frees the locks and sends nothing again', async () => {
    for (const [steps, happened, status, next] of [
      [1, true, 'applied', 'verify'],
      [1, false, 'failed', 'notify'],
      [3, true, 'partially_applied', 'notify'],
      [3, false, 'failed', 'notify'],
    ] as const) {
      const { w, planId } = await inDoubt(steps);
      w.store.tables.outbox.clear();
      expect(await settleUnknown(planId, happened, viewer, w.ports)).toMatchObject({
        ok: true,
        value: { status, lease: null },
      });
      expect(w.store.tables.locks.size).toBe(0);
      expect([...w.store.tables.outbox.values()].map(({ kind }) => kind)).toEqual([next]);
      expect((await w.store.plans.chain(planId)).at(-1)).toMatchObject({ actor: OPERATOR.id, data: { happened } });
      await w.deliver('execute');
      expect(w.cluster.effects).toHaveLength(1);
    }
  });

  it('is not settled by the owner of the requesting client, by a stranger, twice, or while a request may still land', async () => {
    const { w, planId } = await inDoubt();
    const owner = { id: OWNER.id, groups: OWNER.groups };
    expect(await settleUnknown(planId, false, owner, w.ports)).toEqual({
      ok: false,
      refusal: { code: 'vote.not_eligible', why: 'owner' },
    });
    expect(await settleUnknown(planId, false, { id: AGENT.id, groups: [] }, w.ports)).toMatchObject({ ok: false });
    const stranger = { id: OUTSIDER.id, groups: [] };
    expect(await settleUnknown(planId, false, stranger, w.ports)).toEqual({
      ok: false,
      refusal: { code: 'plan.not_found' },
    });
    expect((await settleUnknown(planId, false, viewer, w.ports)).ok).toBe(true);
    expect(await settleUnknown(planId, true, viewer, w.ports)).toMatchObject({
      ok: false,
      refusal: { code: 'plan.finished' },
    });

    const early = world();
    const plan = await early.released();
    early.cluster.nextWrite = 'lost-before';
    await early.deliver('execute');
    expect(await settleUnknown(plan.planId, false, viewer, early.ports)).toMatchObject({
      refusal: { code: 'claim.lease_running' },
    });
  });
});

describe('what the result digest says', () => {
  it('is salted: it differs between two plans with the same outcome', async () => {
    const digests = await Promise.all(
      [world(), world()].map(async (w) => {
        await w.released();
        await w.deliver('execute');
        const [step] = w.store.tables.steps.values();
        return step?.resultDigest;
      }),
    );
    expect(digests[0]).toMatch(/^sha256:/);
    expect(digests[0]).not.toBe(digests[1]);
  });
});
