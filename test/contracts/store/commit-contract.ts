/** PlanStore.commit: what is stored, what is refused and why. */
import type { CommitResult, Plan, PlanChange } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointUrl, openStores, type Stores } from './endpoint.ts';
import {
  after,
  anomalyFor,
  claimed,
  creation,
  digestFor,
  ended,
  granted,
  grantOf,
  LATER,
  NOW,
  next,
  nonceFor,
  planIdFor,
  releaseOf,
  voted,
  voteOf,
} from './plan-records.ts';

const DONE: CommitResult = { ok: true, repeated: false };
const REPEATED: CommitResult = { ok: true, repeated: true };
const refused = (conflict: Exclude<Extract<CommitResult, { ok: false }>['conflict'], 'lock'>): CommitResult => ({
  ok: false,
  conflict,
});

export function commitContract(url: EndpointUrl): void {
  describe('PlanStore.commit', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());

    const commit = (change: PlanChange): Promise<CommitResult> => stores.plans.commit(change);
    const done = async (change: PlanChange): Promise<Plan> => {
      expect(await commit(change)).toEqual(DONE);
      return change.after;
    };
    const approvedPlan = async (name: string): Promise<Plan> =>
      done(granted(await done(voted(await done(creation({ name }))))));

    it('stores a plan with everything that belongs to it, and reads the very same back', async () => {
      const created = await done(creation({ name: 'whole' }));
      const release = next(await approvedAfter(created), { type: 'release.recorded' });
      await done({ ...release, release: releaseOf(created) });
      const records = await stores.plans.read(created.planId);
      expect(records).toEqual({
        plan: release.after,
        evidence: creation({ name: 'whole' }).evidence,
        votes: [voteOf(created, 'ann')],
        grant: grantOf(created),
        release: releaseOf(created),
        steps: [],
      });
    });

    const approvedAfter = async (plan: Plan): Promise<Plan> => done(granted(await done(voted(plan))));

    it('refuses a second plan under an id that is taken', async () => {
      await done(creation({ name: 'taken' }));
      expect(await commit(creation({ name: 'taken', review: '{"other":1}' }))).toEqual(refused('plan'));
    });

    it('refuses a change from any version, status, fence or chain head but the stored one', async () => {
      const plan = await done(creation({ name: 'stale' }));
      const staleBefores: readonly Plan[] = [
        { ...plan, version: 2 },
        { ...plan, status: 'approved' },
        { ...plan, fence: 1 },
        { ...plan, chain: { ...plan.chain, seq: 2 } },
        { ...plan, chain: { ...plan.chain, hash: digestFor('another history') } },
      ];
      for (const before of staleBefores) {
        expect(await commit(next(before, { type: 'plan.canceled' }))).toEqual(refused('plan'));
      }
      expect(await commit(next({ ...plan, planId: planIdFor('nowhere') }, { type: 'plan.canceled' }))).toEqual(
        refused('plan'),
      );
      expect(await stores.plans.readPlan(plan.planId)).toEqual(plan);
    });

    it('counts one vote a person', async () => {
      const first = await done(voted(await done(creation({ name: 'votes' })), 'ann'));
      const again = next(first, { type: 'vote.recorded' }, { vote: voteOf(first, 'ann', 'another seal') });
      expect(await commit(again)).toEqual(refused('vote'));
      const second = await done(next(first, { type: 'vote.recorded' }, { vote: voteOf(first, 'bob') }));
      expect((await stores.plans.read(second.planId))?.votes).toHaveLength(2);
    });

    it('spends a nonce once, whoever presents it', async () => {
      const plan = await done(creation({ name: 'nonce' }));
      const nonce = { nonce: nonceFor('one'), expiresAt: LATER };
      const first = await done(next(plan, { type: 'vote.recorded' }, { vote: voteOf(plan, 'ann'), nonce }));
      expect(await commit(next(first, { type: 'vote.recorded' }, { vote: voteOf(plan, 'bob'), nonce }))).toEqual(
        refused('nonce'),
      );
      const other = await done(creation({ name: 'nonce of another plan' }));
      expect(await commit(next(other, { type: 'vote.recorded' }, { vote: voteOf(other, 'ann'), nonce }))).toEqual(
        refused('nonce'),
      );
    });

    it('stores one grant and one release a plan', async () => {
      const plan = await approvedPlan('once');
      const regrant = next(plan, { type: 'release.recorded' }, { grant: grantOf(plan, 'another') });
      expect(await commit(regrant)).toEqual(refused('grant'));
      const released = await done(next(plan, { type: 'release.recorded' }, { release: releaseOf(plan) }));
      const again = next(released, { type: 'release.recorded' }, { release: releaseOf(plan, 'another') });
      expect(await commit(again)).toEqual(refused('release'));
    });

    it('tells the loser of a race for one vote that it is the vote, although the plan moved too', async () => {
      const plan = await done(creation({ name: 'double click' }));
      await done(voted(plan, 'ann'));
      const second = next(plan, { type: 'vote.recorded', now: after(9) }, { vote: voteOf(plan, 'ann', 'second') });
      expect(await commit(second)).toEqual(refused('vote'));
    });

    it('refuses at the deadline and after it, in whatever spelling the instants are', async () => {
      const plan = await done(creation({ name: 'late', notAfter: '2026-03-01T10:00:10.000Z' }));
      const at = (openAt: string): PlanChange =>
        next(plan, { type: 'vote.recorded' }, { vote: voteOf(plan, 'ann'), openAt });
      for (const late of ['2026-03-01T10:00:10Z', '2026-03-01T10:00:10.000Z', '2026-03-01T10:00:10.500Z', LATER]) {
        expect(await commit(at(late))).toEqual(refused('window'));
      }
      expect(await commit(at('2026-03-01T10:00:09.999Z'))).toEqual(DONE);
    });

    it('says plan, not window, when the plan has moved as well', async () => {
      const plan = await done(creation({ name: 'late and moved' }));
      await done(voted(plan));
      const late = next(plan, { type: 'vote.recorded', now: after(7) }, { vote: voteOf(plan, 'bob'), openAt: LATER });
      expect(await commit(late)).toEqual(refused('plan'));
    });

    it('refuses to create a plan whose window is over', async () => {
      expect(
        await commit({ ...creation({ name: 'born late', notAfter: NOW.toISOString() }), openAt: NOW.toISOString() }),
      ).toEqual(refused('window'));
      expect(await stores.plans.readPlan(planIdFor('born late'))).toBeNull();
    });

    it('gives an anomaly one open plan at a time, and frees it when the plan ends', async () => {
      expect(await stores.anomalies.put(anomalyFor('ano_one'), 0)).toBe(true);
      const plan = await done(creation({ name: 'first for one', anomaly: 'ano_one' }));
      expect(await stores.anomalies.get('ano_one')).toMatchObject({ planId: plan.planId, version: 2 });
      expect(await commit(creation({ name: 'second for one', anomaly: 'ano_one' }))).toEqual(refused('anomaly'));
      await done(next(plan, { type: 'plan.denied' }));
      expect(await stores.anomalies.get('ano_one')).toMatchObject({ planId: null, version: 3 });
      await done(creation({ name: 'third for one', anomaly: 'ano_one' }));
    });

    it('refuses a plan for an anomaly that nobody found', async () => {
      expect(await commit(creation({ name: 'no anomaly', anomaly: 'ano_none' }))).toEqual(refused('anomaly'));
      expect(await stores.anomalies.get('ano_none')).toBeNull();
    });

    it('makes an observer that read the anomaly before the plan lose its write', async () => {
      await stores.anomalies.put(anomalyFor('ano_seen'), 0);
      const seen = anomalyFor('ano_seen', { version: 2, summary: 'seen again' });
      await done(creation({ name: 'for the seen', anomaly: 'ano_seen' }));
      expect(await stores.anomalies.put(seen, 1)).toBe(false);
      expect((await stores.anomalies.get('ano_seen'))?.planId).toBe(planIdFor('for the seen'));
    });

    it('ends a plan although its anomaly points elsewhere by now', async () => {
      await stores.anomalies.put(anomalyFor('ano_moved'), 0);
      const plan = await done(creation({ name: 'left behind', anomaly: 'ano_moved' }));
      await stores.anomalies.put(anomalyFor('ano_moved', { version: 3, planId: planIdFor('another') }), 2);
      await done(next(plan, { type: 'plan.canceled' }));
      expect((await stores.anomalies.get('ano_moved'))?.planId).toBe(planIdFor('another'));
      expect((await stores.plans.readPlan(plan.planId))?.status).toBe('canceled');
    });

    it('answers the very same change, sent again, as our own', async () => {
      const create = creation({ name: 'again' });
      await done(create);
      expect(await commit(create)).toEqual(REPEATED);
      const vote = voted(create.after);
      const plan = await done(vote);
      expect(await commit(vote)).toEqual(REPEATED);
      const grant = granted(plan);
      await done(grant);
      const claim = claimed(grant.after, ['again/one']);
      await done(claim);
      expect(await commit(claim)).toEqual(REPEATED);
      // Also when the plan has moved on since.
      expect(await commit(grant)).toEqual(REPEATED);
      expect(await commit(create)).toEqual(REPEATED);
      expect(await stores.plans.chain(plan.planId)).toHaveLength(4);
    });

    it('does not take an equal event with another vote for our own change', async () => {
      const plan = await done(creation({ name: 'equal events' }));
      await done(voted(plan, 'ann'));
      const twin: PlanChange = { ...voted(plan, 'ann'), vote: voteOf(plan, 'ann', 'sealed a second time') };
      expect(await commit(twin)).toEqual(refused('vote'));
    });

    it('settles the record that asked for it, even one that is gone already, and asks for what comes next', async () => {
      const vote = await done(voted(await done(creation({ name: 'through' }))));
      const grant = granted(vote);
      await done(grant);
      const order = grant.outbox[0]?.outboxId ?? '';
      expect(await stores.outbox.read(order)).toEqual(grant.outbox[0]);
      const claim = await done(claimed(grant.after, ['through/a']));
      const end = ended(claim, ['through/a']);
      await done({ ...end, settles: [order, 'never-there'] });
      expect(await stores.outbox.read(order)).toBeNull();
      expect(await stores.outbox.read(end.outbox[0]?.outboxId ?? '')).toEqual(end.outbox[0]);
    });

    it('makes anew what one change both settles and asks for', async () => {
      const plan = await done(creation({ name: 'rearmed' }));
      const change = voted(plan);
      const id = change.outbox[0]?.outboxId ?? '';
      await done({ ...change, settles: [id, id] });
      expect(await stores.outbox.read(id)).toEqual(change.outbox[0]);
    });
  });
}
