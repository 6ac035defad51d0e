import { describe, expect, it } from 'vitest';
import { revokePlan } from './exits.ts';
import { LEASE_SECONDS } from './limits.ts';
import { stepOutcomes } from './step-outcomes.ts';
import { OPERATOR, POLICY, type World, world } from './testing/world.ts';

const results = (w: World, planId: string) => {
  const plan = w.store.tables.plans.get(planId);
  if (plan === undefined) throw new Error('no plan');
  const records = [...w.store.tables.steps.values()].filter((step) => step.planId === planId);
  return stepOutcomes(plan, w.cluster.planned.length, records).map(({ result, code }) => code ?? result);
};
const three = async (): Promise<{ w: World; planId: string }> => {
  const w = world(POLICY, 'test', ['scale', 'create', 'delete']);
  return { w, planId: (await w.released()).planId };
};
/** Runs `spoil` right before the first write of that step. */
function beforeWrite(w: World, stepNumber: number, spoil: () => unknown): void {
  const { write } = w.cluster;
  w.cluster.write = async (step, live) => {
    if (step.stepNumber === stepNumber) {
      w.cluster.write = write;
      await spoil();
    }
    return write(step, live);
  };
}

describe('the outcome of each step', () => {
  it('is waiting until the plan runs, and written once it has', async () => {
    const { w, planId } = await three();
    expect(results(w, planId)).toEqual(['waiting', 'waiting', 'waiting']);
    await w.deliver('execute');
    expect(results(w, planId)).toEqual(['written', 'written', 'written']);
  });

  it('names the step at which a plan stopped, with its reason; what comes after did not run', async () => {
    const { w, planId } = await three();
    beforeWrite(w, 2, () => {
      w.cluster.nextWrite = 'refuse';
    });
    await w.deliver('execute');
    expect(w.store.tables.plans.get(planId)?.status).toBe('partially_applied');
    expect(results(w, planId)).toEqual(['written', 'write.refused', 'not_run']);
  });

  it('of a revocation is at the step that it stopped', async () => {
    const { w, planId } = await three();
    beforeWrite(w, 1, () => revokePlan(planId, { id: OPERATOR.id, groups: OPERATOR.groups }, w.ports));
    await w.deliver('execute');
    expect(results(w, planId)).toEqual(['written', 'plan.revoked', 'not_run']);
  });

  it('is unknown where an answer was lost, and what comes later waits', async () => {
    const { w, planId } = await three();
    beforeWrite(w, 2, () => {
      w.cluster.nextWrite = 'lost-before';
    });
    await w.deliver('execute');
    expect(results(w, planId)).toEqual(['written', 'unknown', 'waiting']);
    w.clock.advance(LEASE_SECONDS + 1);
    await w.deliver('execute');
    expect(results(w, planId)).toEqual(['written', 'written', 'written']);
  });

  it('says when the cluster stored something else than was approved', async () => {
    const { w, planId } = await three();
    const { write } = w.cluster;
    w.cluster.write = async (step, live) => {
      const answer = await write(step, live);
      return step.stepNumber === 1 && answer.outcome === 'written'
        ? { ...answer, object: { metadata: {}, spec: {} } }
        : answer;
    };
    await w.deliver('execute');
    expect(results(w, planId)).toEqual(['written_otherwise', 'written', 'written']);
  });

  it('of a plan that nobody approved is that nothing ran', async () => {
    const w = world(POLICY, 'test', ['scale', 'delete']);
    const { planId } = await w.propose();
    await w.vote(planId, OPERATOR, 'deny');
    expect(results(w, planId)).toEqual(['not_run', 'not_run']);
  });
});
