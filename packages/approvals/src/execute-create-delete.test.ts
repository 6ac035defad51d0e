import { describe, expect, it } from 'vitest';
import { LEASE_SECONDS } from './limits.ts';
import type { Plan } from './plan.ts';
import { POLICY, type World, world } from './testing/world.ts';

const KEY = 'Deployment.apps/shop/web';
const somebodyElses = { uid: 'uid-theirs', resourceVersion: 3, generation: 1, annotations: {}, replicas: 4 };

const planOf = (w: World, planId: string): Plan => {
  const plan = w.store.tables.plans.get(planId);
  if (plan === undefined) throw new Error('no plan');
  return plan;
};
const settledEvents = (w: World, planId: string) =>
  [...w.store.tables.chain.values()]
    .filter((event) => event.planId === planId && event.type === 'step.settled')
    .map(({ data }) => data);

async function released(does: 'create' | 'delete'): Promise<{ w: World; planId: string }> {
  const w = world(POLICY, 'test', [does]);
  const { planId } = await w.released();
  return { w, planId };
}
/** The answer is lost, and the lease runs out before anybody looks. */
async function lost(w: World, how: 'lost-before' | 'lost-after', meanwhile: () => void = () => {}): Promise<void> {
  w.cluster.nextWrite = how;
  await w.deliver('execute');
  meanwhile();
  w.clock.advance(LEASE_SECONDS + 1);
  await w.deliver('execute');
}

describe('a step that creates', () => {
  it('makes the object, once', async () => {
    const { w, planId } = await released('create');
    await w.deliver('execute');
    await w.deliver('execute');
    expect(planOf(w, planId).status).toBe('applied');
    expect(w.cluster.effects).toHaveLength(1);
    expect(Object.keys(w.cluster.objects.get(KEY)?.annotations ?? {})).toEqual(['countersign.dev/created']);
  });

  it('never touches an object that somebody else made under that name since the approval', async () => {
    const { w, planId } = await released('create');
    w.cluster.objects.set(KEY, somebodyElses);
    await w.deliver('execute');
    expect(planOf(w, planId)).toMatchObject({ status: 'stale', reason: { code: 'target.exists' } });
    expect(w.cluster.objects.get(KEY)).toEqual(somebodyElses);
  });

  it('is refused where the object appears between our read and our write', async () => {
    const { w, planId } = await released('create');
    const { dryRun } = w.cluster;
    w.cluster.dryRun = async (step, live) => {
      const answer = await dryRun(step, live);
      w.cluster.objects.set(KEY, somebodyElses);
      return answer;
    };
    await w.deliver('execute');
    expect(planOf(w, planId)).toMatchObject({ status: 'stale', reason: { code: 'target.exists' } });
    expect(w.cluster.objects.get(KEY)).toEqual(somebodyElses);
  });

  it('whose answer was lost is known by its mark, and one that never arrived by the absence of the object', async () => {
    for (const how of ['lost-after', 'lost-before'] as const) {
      const { w, planId } = await released('create');
      await lost(w, how);
      expect(planOf(w, planId).status, how).toBe('applied');
      expect(w.cluster.effects).toHaveLength(1);
    }
  });

  it('is left to a person where another object stands in its place, for ours may have been there before', async () => {
    const { w, planId } = await released('create');
    await lost(w, 'lost-after', () => w.cluster.objects.set(KEY, somebodyElses));
    expect(planOf(w, planId).status).toBe('unknown');
    expect(w.store.tables.locks.size).toBe(1);
    expect(w.cluster.effects).toHaveLength(1);
  });
});

describe('a step that deletes', () => {
  it('takes the object away, once', async () => {
    const { w, planId } = await released('delete');
    await w.deliver('execute');
    await w.deliver('execute');
    expect(planOf(w, planId).status).toBe('applied');
    expect(w.cluster.objects.size).toBe(0);
    expect(w.cluster.effects).toHaveLength(1);
  });

  it('never takes away what was made anew under that name', async () => {
    const { w, planId } = await released('delete');
    w.cluster.objects.set(KEY, somebodyElses);
    await w.deliver('execute');
    expect(planOf(w, planId)).toMatchObject({ status: 'stale', reason: { code: 'target.drifted' } });
    expect(w.cluster.objects.get(KEY)).toEqual(somebodyElses);
  });

  it('says that there is nothing to delete where somebody else was quicker', async () => {
    const { w, planId } = await released('delete');
    w.cluster.objects.delete(KEY);
    await w.deliver('execute');
    expect(planOf(w, planId)).toMatchObject({ status: 'stale', reason: { code: 'target.not_found' } });
    expect(w.cluster.effects).toEqual([]);
  });

  it('whose answer was lost is applied when the object is gone, and the record says that nobody can prove who did it', async () => {
    for (const meanwhile of [undefined, somebodyElses]) {
      const { w, planId } = await released('delete');
      await lost(w, 'lost-after', () => meanwhile && w.cluster.objects.set(KEY, meanwhile));
      expect(planOf(w, planId).status).toBe('applied');
      expect(settledEvents(w, planId)).toEqual([{ step: 1, state: 'written', author: 'unproved' }]);
      expect(w.cluster.effects).toHaveLength(1);
    }
  });

  it('that never arrived is sent again while the very object stands as it was approved, and not once it changed', async () => {
    const { w, planId } = await released('delete');
    await lost(w, 'lost-before');
    expect(planOf(w, planId).status).toBe('applied');
    expect(w.cluster.effects).toHaveLength(1);

    const drifted = await released('delete');
    await lost(drifted.w, 'lost-before', () => {
      const object = drifted.w.cluster.objects.get(KEY);
      if (object !== undefined) drifted.w.cluster.objects.set(KEY, { ...object, replicas: 4, resourceVersion: 8 });
    });
    expect(drifted.w.cluster.effects).toEqual([]);
    expect(planOf(drifted.w, drifted.planId)).toMatchObject({ status: 'stale', reason: { code: 'target.drifted' } });
  });
});
