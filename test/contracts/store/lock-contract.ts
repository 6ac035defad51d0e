/** Locks: one plan at a time changes an object, and a dead executor's plan can be taken over with them. */
import type { CommitResult, Plan, PlanChange } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointUrl, openStores, type Stores } from './endpoint.ts';
import { claimed, creation, ended, granted, next, voted } from './plan-records.ts';
import { partitionItems, plant, remove } from './stored-items.ts';

const held = (key: string): CommitResult => ({ ok: false, conflict: 'lock', key });

export function lockContract(url: EndpointUrl): void {
  describe('PlanStore locks', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());

    const done = async (change: PlanChange): Promise<Plan> => {
      expect(await stores.plans.commit(change)).toEqual({ ok: true, repeated: false });
      return change.after;
    };
    const approved = async (name: string): Promise<Plan> =>
      done(granted(await done(voted(await done(creation({ name }))))));
    const lockItem = async (key: string) => (await partitionItems(stores.dynamo, stores.table, `LOCK#${key}`))[0];

    it('lets the second of two plans with a common target wait, and names the target', async () => {
      const [first, second] = [await approved('first'), await approved('second')];
      const running = await done(claimed(first, ['common/a', 'common/b']));
      expect(await stores.plans.commit(claimed(second, ['common/c', 'common/b']))).toEqual(held('common/b'));
      expect((await stores.plans.readPlan(second.planId))?.status).toBe('approved');
      expect(await lockItem('common/c')).toBeUndefined();
      await done(ended(running, ['common/a', 'common/b']));
      await done(claimed(second, ['common/c', 'common/b']));
    });

    it('lets exactly one of two plans with crossing targets run, however often they meet', async () => {
      for (let round = 0; round < 10; round += 1) {
        const [x, y] = [`cross/${round}/x`, `cross/${round}/y`];
        const [one, two] = [await approved(`one ${round}`), await approved(`two ${round}`)];
        const results = await Promise.all([
          stores.plans.commit(claimed(one, [x, y])),
          stores.plans.commit(claimed(two, [y, x])),
        ]);
        expect(results.filter((result) => result.ok)).toHaveLength(1);
        expect(results).toContainEqual(held(x));
      }
    });

    it('keeps the locks of a plan that is taken over, under the new fence', async () => {
      const running = await done(claimed(await approved('takeover'), ['take/a']));
      const resumed = await done(claimed(running, ['take/a'], 'two'));
      expect(await lockItem('take/a')).toMatchObject({ planId: { S: running.planId }, fence: { N: '2' } });
      // The old holder's end comes too late: the plan has moved.
      expect(await stores.plans.commit(ended(running, ['take/a']))).toEqual({ ok: false, conflict: 'plan' });
      expect(await lockItem('take/a')).toBeDefined();
      await done(ended(resumed, ['take/a']));
      expect(await lockItem('take/a')).toBeUndefined();
    });

    it('takes a lost lock again in a takeover', async () => {
      const running = await done(claimed(await approved('lost lock'), ['lost/a']));
      const item = await lockItem('lost/a');
      await remove(stores.dynamo, stores.table, item ?? {});
      await done(claimed(running, ['lost/a'], 'two'));
      expect(await lockItem('lost/a')).toMatchObject({ fence: { N: '2' } });
    });

    it('never gives a lock back to an older fence or to an equal one', async () => {
      const running = await done(claimed(await approved('older'), ['older/a']));
      const item = await lockItem('older/a');
      // A takeover would have fence 2.
      for (const fence of ['7', '2']) {
        await plant(stores.dynamo, stores.table, { ...item, fence: { N: fence } });
        expect(await stores.plans.commit(claimed(running, ['older/a'], 'two'))).toEqual(held('older/a'));
      }
    });

    it('ends a plan whose lock is gone, but never frees a lock that another plan holds', async () => {
      const locks = ['ending/a', 'ending/b'];
      const running = await done(claimed(await approved('ending'), locks));
      const [a, b] = [await lockItem('ending/a'), await lockItem('ending/b')];
      await plant(stores.dynamo, stores.table, { ...b, planId: { S: 'pln_another' } });
      expect(await stores.plans.commit(ended(running, locks))).toEqual(held('ending/b'));
      expect(await lockItem('ending/a')).toEqual(a);
      await remove(stores.dynamo, stores.table, b ?? {});
      await done(ended(running, locks));
      expect(await lockItem('ending/a')).toBeUndefined();
    });

    it('frees nothing when the plan merely pauses', async () => {
      const running = await done(claimed(await approved('pausing'), ['pause/a']));
      await done(next(running, { type: 'execution.paused', set: { lease: null } }));
      expect(await lockItem('pause/a')).toBeDefined();
    });

    it('takes twenty locks at once, the most that an intent can need', async () => {
      const locks = Array.from({ length: 20 }, (_, n) => `twenty/${n}`);
      const running = await done(claimed(await approved('twenty'), locks));
      await done(ended(running, locks));
    });
  });
}
