/** Reading: what is there is read consistently, what is not there is null, and what a table writer made of it is UnreadableRecord. */
import { type Plan, type PlanChange, UnreadableRecord } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointUrl, openStores, type Stores } from './endpoint.ts';
import {
  after,
  claimed,
  creation,
  granted,
  LATER,
  NOW,
  next,
  planIdFor,
  releaseOf,
  stepOf,
  voted,
  voteOf,
} from './plan-records.ts';
import { partitionItems, plant, type RawItem, remove } from './stored-items.ts';

export function readContract(url: EndpointUrl): void {
  describe('PlanStore reads', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());

    const done = async (change: PlanChange): Promise<Plan> => {
      expect(await stores.plans.commit(change)).toEqual({ ok: true, repeated: false });
      return change.after;
    };
    /** A plan with one record of every kind. */
    const fullPlan = async (name: string): Promise<Plan> => {
      const grant = await done(granted(await done(voted(await done(creation({ name }))))));
      const released = await done(next(grant, { type: 'release.recorded' }, { release: releaseOf(grant) }));
      const running = await done(claimed(released, [`${name}/lock`]));
      return done(next(running, { type: 'step.started' }, { step: stepOf(running, 1) }));
    };
    const item = async (pk: string, at = 0): Promise<RawItem> => {
      const found = (await partitionItems(stores.dynamo, stores.table, pk))[at];
      if (found === undefined) throw new Error(`nothing under ${pk}`);
      return found;
    };
    const unreadable = async (reading: Promise<unknown>): Promise<void> => {
      const error = await reading.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(UnreadableRecord);
    };

    it('finds nothing under an id that was never given, or cannot have been', async () => {
      const ids = [
        planIdFor('never'),
        '',
        'pln_',
        'x'.repeat(1_000_000),
        '../../etc',
        'pln_漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢',
        `${planIdFor('never')}\n`,
        '__proto__',
      ];
      for (const id of ids) {
        expect(await stores.plans.read(id)).toBeNull();
        expect(await stores.plans.readPlan(id)).toBeNull();
        expect(await stores.plans.freshness(id)).toBeNull();
        expect(await stores.plans.chain(id)).toEqual([]);
      }
    });

    it('reads what was just written, every time', async () => {
      let plan = await done(creation({ name: 'read your write' }));
      for (let n = 0; n < 30; n += 1) {
        plan = await done(next(plan, { type: 'vote.recorded', now: after(n) }));
        expect((await stores.plans.read(plan.planId))?.plan).toEqual(plan);
      }
    });

    it('never gives votes that are older than the plan that it gives them with', async () => {
      let plan = await done(creation({ name: 'votes arrive' }));
      let writing = true;
      const readers = Array.from({ length: 3 }, async () => {
        let reads = 0;
        while (writing || reads === 0) {
          const records = await stores.plans.read(plan.planId);
          // Every change of this plan after its creation brings one vote.
          expect(records?.votes.length).toBeGreaterThanOrEqual((records?.plan.version ?? 0) - 1);
          reads += 1;
        }
      });
      for (let n = 0; n < 60; n += 1) {
        plan = await done(next(plan, { type: 'vote.recorded', now: after(n) }, { vote: voteOf(plan, `voter ${n}`) }));
      }
      writing = false;
      await Promise.all(readers);
    });

    it('overwrites a step by its number and keeps the others', async () => {
      const plan = await fullPlan('steps');
      const written = stepOf(plan, 1, 'written');
      const second = await done(next(plan, { type: 'step.written' }, { step: written }));
      await done(next(second, { type: 'step.started' }, { step: stepOf(plan, 2) }));
      expect((await stores.plans.read(plan.planId))?.steps).toEqual([written, stepOf(plan, 2)]);
    });

    type Tamper = readonly [what: string, partition: string, at: number, change: (stored: RawItem) => RawItem];
    const set =
      (name: string, value: RawItem[string]) =>
      (stored: RawItem): RawItem => ({ ...stored, [name]: value });
    const tampers: readonly Tamper[] = [
      ['a status that is none', 'PLAN', 1, set('status', { S: 'approved!' })],
      ['a version that is text', 'PLAN', 1, set('version', { S: '3' })],
      ['a fence beyond 2^53', 'PLAN', 1, set('fence', { N: '9007199254740993' })],
      ['a fence below zero', 'PLAN', 1, set('fence', { N: '-1' })],
      ['an unknown format', 'PLAN', 1, set('format', { S: 'countersign.plan/v2' })],
      ['an attribute more', 'PLAN', 1, set('approved', { BOOL: true })],
      ['a set', 'PLAN', 1, set('anomaly', { SS: ['a'] })],
      ['a binary', 'PLAN', 1, set('intent', { B: new Uint8Array([1]) })],
      ['another plan id', 'PLAN', 1, set('planId', { S: planIdFor('somebody else') })],
      ['a later deadline for the condition only', 'PLAN', 1, set('openUntilMs', { N: '99999999999999' })],
      ['no digest', 'PLAN', 1, set('intentDigest', { S: 'sha256:short' })],
      ['evidence that is no text', 'PLAN', 0, set('evidence', { M: {} })],
      ['another plan id in the evidence', 'PLAN', 0, set('planId', { S: planIdFor('somebody else') })],
      ['a vote without seal', 'VOTES', 0, set('seal', { S: '' })],
      ['a vote under another sort key', 'VOTES', 0, set('sk', { S: 'per_copy' })],
      ['a vote of another plan', 'VOTES', 0, set('planId', { S: planIdFor('somebody else') })],
      ['a grant that is a list', 'GRANT', 0, set('seal', { L: [] })],
      ['a grant of another plan', 'GRANT', 0, set('planId', { S: planIdFor('somebody else') })],
      ['a release of another plan', 'RELEASE', 0, set('planId', { S: planIdFor('somebody else') })],
      ['a step in a state that is none', 'STEPS', 0, set('state', { S: 'done' })],
      ['a step under another number', 'STEPS', 0, set('sk', { S: '000009' })],
    ];
    it.each(tampers)('refuses a record with %s, and uses nothing of it', async (what, prefix, at, change) => {
      const plan = await fullPlan(`tampered: ${what}`);
      const pk = `${prefix}#${plan.planId}`;
      await plant(stores.dynamo, stores.table, change(await item(pk, at)));
      await unreadable(stores.plans.read(plan.planId));
    });

    it('refuses a plan whose evidence was removed', async () => {
      const plan = await fullPlan('no evidence');
      await remove(stores.dynamo, stores.table, await item(`PLAN#${plan.planId}`, 0));
      await unreadable(stores.plans.read(plan.planId));
    });

    it('refuses a chain event whose facts are not canonical', async () => {
      const plan = await fullPlan('bent chain');
      const event = await item(`CHAIN#${plan.planId}`, 1);
      for (const data of ['{"b":1,"a":2}', '{"a":1,"a":2}', 'not json', '[]']) {
        await plant(stores.dynamo, stores.table, { ...event, data: { S: data } });
        await unreadable(stores.plans.chain(plan.planId));
      }
    });

    it('keeps every fact of an event as it was hashed, whatever numbers and names it holds', async () => {
      const plan = await done(creation({ name: 'facts' }));
      const data = {
        large: 2 ** 53 - 1,
        tiny: 5e-324,
        fraction: 0.1,
        zero: 0,
        nested: { list: [[[[null]]]] },
        '': 'empty name',
        漢: '👩‍🚀',
      };
      const change = next(plan, { type: 'plan.canceled', data });
      await done(change);
      expect((await stores.plans.chain(plan.planId)).at(-1)).toEqual(change.event);
    });

    it('says nothing of the content in the error', async () => {
      const plan = await fullPlan('quiet');
      await plant(
        stores.dynamo,
        stores.table,
        set('reason', { S: 'secret-content' })(await item(`PLAN#${plan.planId}`, 1)),
      );
      await expect(stores.plans.readPlan(plan.planId)).rejects.toThrow(`the stored plan ${plan.planId} cannot be read`);
    });
  });

  describe('PlanStore lists', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
      for (let n = 0; n < 12; n += 1) {
        const change = creation({ name: `listed ${n}`, createdAt: after(n * 60) });
        await stores.plans.commit(change);
        if (n % 3 === 0) await stores.plans.commit(next(change.after, { type: 'plan.denied' }));
      }
    });
    afterAll(() => stores.close());
    const names = (numbers: readonly number[]): readonly string[] => numbers.map((n) => planIdFor(`listed ${n}`));

    it('lists open plans, newest first, and no closed one', async () => {
      const open = await stores.plans.list({ open: true, limit: 100 });
      expect(open.map((entry) => entry.planId)).toEqual(names([11, 10, 8, 7, 5, 4, 2, 1]));
      expect(open[0]).toEqual({
        planId: planIdFor('listed 11'),
        status: 'pending',
        createdAt: after(660).toISOString(),
        updatedAt: after(660).toISOString(),
        notAfter: LATER,
      });
    });

    it('lists all plans by time, and no more than asked for', async () => {
      const all = await stores.plans.list({ open: false, limit: 100 });
      expect(all.map((entry) => entry.planId)).toEqual(names([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]));
      expect((await stores.plans.list({ open: false, limit: 3 })).map((entry) => entry.planId)).toEqual(
        names([11, 10, 9]),
      );
      expect((await stores.plans.list({ open: true, limit: 2 })).map((entry) => entry.planId)).toEqual(names([11, 10]));
      const oldest = await stores.plans.list({ open: true, limit: 2, oldestFirst: true });
      expect(oldest.map((entry) => entry.planId)).toEqual(names([1, 2]));
      expect(await stores.plans.list({ open: true, limit: 0 })).toEqual([]);
    });

    it('leaves out what is no plan, and still fills the list', async () => {
      const place = { listPk: { S: 'PLANS#open' }, listSk: { S: '2099-01-01T00:00:00.000Z#x' } };
      const bad = { pk: { S: 'PLAN#bad' }, sk: { S: 'PLAN' }, planId: { S: 'bad' }, ...place };
      await plant(stores.dynamo, stores.table, bad);
      await plant(stores.dynamo, stores.table, { pk: { S: 'ZZZ' }, sk: { S: 'ZZZ' }, ...place });
      expect((await stores.plans.list({ open: true, limit: 2 })).map((entry) => entry.planId)).toEqual(names([11, 10]));
    });
  });

  describe('PlanStore freshness', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());

    it('keeps the newest look, in whatever order the looks arrive', async () => {
      const planId = planIdFor('looked at');
      const look = (seconds: number, fresh: boolean) => ({
        format: 'countersign.freshness/v1' as const,
        planId,
        checkedAt: after(seconds).toISOString(),
        fresh,
        changed: fresh ? [] : ['/spec/replicas'],
      });
      expect(await stores.plans.freshness(planId)).toBeNull();
      await stores.plans.putFreshness(look(10, false));
      await stores.plans.putFreshness(look(5, true));
      expect(await stores.plans.freshness(planId)).toEqual(look(10, false));
      await stores.plans.putFreshness(look(20, true));
      expect(await stores.plans.freshness(planId)).toEqual(look(20, true));
    });

    it('lets DynamoDB remove only what has no authority', async () => {
      const plan = creation({ name: 'kept' });
      await stores.plans.commit(plan);
      await stores.plans.commit(voted(plan.after));
      await stores.plans.putFreshness({
        format: 'countersign.freshness/v1',
        planId: plan.after.planId,
        checkedAt: NOW.toISOString(),
        fresh: true,
        changed: [],
      });
      const expires = async (pk: string): Promise<boolean[]> =>
        (await partitionItems(stores.dynamo, stores.table, pk)).map((stored) => 'expiresAtEpoch' in stored);
      for (const kept of ['PLAN', 'VOTES', 'CHAIN']) {
        expect(await expires(`${kept}#${plan.after.planId}`)).not.toContain(true);
      }
      expect(await expires(`FRESH#${plan.after.planId}`)).toEqual([true]);
    });
  });
}
