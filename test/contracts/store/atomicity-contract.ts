/** All or nothing: whichever single condition fails, nothing of the change is written. And exactly one of many wins. */
import { type CommitResult, firstBreak, type Plan, type PlanChange } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointUrl, openStores, type Stores } from './endpoint.ts';
import {
  after,
  anomalyFor,
  creation,
  digestFor,
  grantOf,
  LATER,
  next,
  nonceFor,
  outboxFor,
  planIdFor,
  releaseOf,
  stepOf,
  voteOf,
} from './plan-records.ts';
import { partitionItems, plant, snapshot } from './stored-items.ts';

export function atomicityContract(url: EndpointUrl): void {
  describe('PlanStore atomicity', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());

    const done = async (change: PlanChange): Promise<Plan> => {
      expect(await stores.plans.commit(change)).toEqual({ ok: true, repeated: false });
      return change.after;
    };

    /** A change that writes every kind of record at once; no stage makes one, the store must not care. */
    const everything = (plan: Plan): PlanChange =>
      next(
        plan,
        { type: 'vote.recorded', now: after(50) },
        {
          vote: voteOf(plan, 'ann'),
          nonce: { nonce: nonceFor(plan.planId), expiresAt: LATER },
          grant: grantOf(plan),
          release: releaseOf(plan),
          step: stepOf(plan, 1),
          openAt: after(50).toISOString(),
          lock: { keys: [`${plan.planId}/lock-b`, `${plan.planId}/lock-a`], planId: plan.planId, fence: 1 },
          unlock: { keys: [`${plan.planId}/held`], planId: plan.planId, fence: 0 },
          outbox: [outboxFor(`new.${plan.planId}`)],
          settles: [`old.${plan.planId}`],
          anomaly: { key: `ano_${plan.planId}`, planId: plan.planId },
        },
      );
    const touched = (plan: Plan): readonly string[] => [
      ...['PLAN', 'VOTES', 'GRANT', 'RELEASE', 'STEPS', 'CHAIN'].map((name) => `${name}#${plan.planId}`),
      `NONCE#${nonceFor(plan.planId)}`,
      ...['lock-a', 'lock-b', 'held'].map((name) => `LOCK#${plan.planId}/${name}`),
      `OUTBOX#new.${plan.planId}`,
      `OUTBOX#old.${plan.planId}`,
      `ANOMALY#ano_${plan.planId}`,
    ];
    const prepared = async (name: string): Promise<Plan> => {
      const plan = await done(creation({ name }));
      await stores.outbox.add(outboxFor(`old.${plan.planId}`));
      await stores.anomalies.put(anomalyFor(`ano_${plan.planId}`), 0);
      const lock = { format: { S: 'countersign.lock/v1' }, planId: { S: plan.planId }, fence: { N: '0' } };
      await plant(stores.dynamo, stores.table, { pk: { S: `LOCK#${plan.planId}/held` }, sk: { S: 'LOCK' }, ...lock });
      return plan;
    };

    it('writes every part of a change when every condition holds', async () => {
      const plan = await prepared('all of it');
      const before = await snapshot(stores.dynamo, stores.table, touched(plan));
      await done(everything(plan));
      const now = await snapshot(stores.dynamo, stores.table, touched(plan));
      for (const pk of touched(plan)) expect(now[pk], pk).not.toEqual(before[pk]);
    });

    type Spoil = (plan: Plan) => Promise<PlanChange>;
    const spoiledBy =
      (pk: (plan: Plan) => string, sk: (plan: Plan) => string): Spoil =>
      async (plan) => {
        await plant(stores.dynamo, stores.table, {
          pk: { S: pk(plan) },
          sk: { S: sk(plan) },
          planId: { S: 'pln_other' },
          fence: { N: '9' },
        });
        return everything(plan);
      };
    const moved =
      (of: (plan: Plan) => Plan): Spoil =>
      async (plan) =>
        everything(of(plan));
    const failures: readonly (readonly [
      name: string,
      spoil: Spoil,
      result: CommitResult | ((plan: Plan) => CommitResult),
    ])[] = [
      ['version', moved((plan) => ({ ...plan, version: 4 })), { ok: false, conflict: 'plan' }],
      ['fence', moved((plan) => ({ ...plan, fence: 4 })), { ok: false, conflict: 'plan' }],
      ['chain seq', moved((plan) => ({ ...plan, chain: { ...plan.chain, seq: 4 } })), { ok: false, conflict: 'plan' }],
      [
        'chain hash',
        moved((plan) => ({ ...plan, chain: { ...plan.chain, hash: digestFor('x') } })),
        { ok: false, conflict: 'plan' },
      ],
      [
        'chain event',
        spoiledBy(
          (plan) => `CHAIN#${plan.planId}`,
          () => '0000000002',
        ),
        { ok: false, conflict: 'plan' },
      ],
      ['deadline', async (plan) => ({ ...everything(plan), openAt: LATER }), { ok: false, conflict: 'window' }],
      [
        'vote',
        spoiledBy(
          (plan) => `VOTES#${plan.planId}`,
          (plan) => voteOf(plan, 'ann').personId,
        ),
        { ok: false, conflict: 'vote' },
      ],
      [
        'nonce',
        spoiledBy(
          (plan) => `NONCE#${nonceFor(plan.planId)}`,
          () => 'NONCE',
        ),
        { ok: false, conflict: 'nonce' },
      ],
      [
        'grant',
        spoiledBy(
          (plan) => `GRANT#${plan.planId}`,
          () => 'GRANT',
        ),
        { ok: false, conflict: 'grant' },
      ],
      [
        'release',
        spoiledBy(
          (plan) => `RELEASE#${plan.planId}`,
          () => 'RELEASE',
        ),
        { ok: false, conflict: 'release' },
      ],
      [
        'first lock',
        spoiledBy(
          (plan) => `LOCK#${plan.planId}/lock-a`,
          () => 'LOCK',
        ),
        (plan) => ({ ok: false, conflict: 'lock', key: `${plan.planId}/lock-a` }),
      ],
      [
        'last lock',
        spoiledBy(
          (plan) => `LOCK#${plan.planId}/lock-b`,
          () => 'LOCK',
        ),
        (plan) => ({ ok: false, conflict: 'lock', key: `${plan.planId}/lock-b` }),
      ],
      [
        'unlock',
        spoiledBy(
          (plan) => `LOCK#${plan.planId}/held`,
          () => 'LOCK',
        ),
        (plan) => ({ ok: false, conflict: 'lock', key: `${plan.planId}/held` }),
      ],
      [
        'anomaly',
        spoiledBy(
          (plan) => `ANOMALY#ano_${plan.planId}`,
          () => 'ANOMALY',
        ),
        { ok: false, conflict: 'anomaly' },
      ],
    ];

    it.each(failures)('writes nothing when the condition on the %s fails', async (name, spoil, expected) => {
      const plan = await prepared(`fails at ${name}`);
      const change = await spoil(plan);
      const before = await snapshot(stores.dynamo, stores.table, touched(plan));
      expect(await stores.plans.commit(change)).toEqual(typeof expected === 'function' ? expected(plan) : expected);
      expect(await snapshot(stores.dynamo, stores.table, touched(plan))).toEqual(before);
    });

    it('does not take an event that somebody planted for its own success', async () => {
      const create = creation({ name: 'planted' });
      const change = next(create.after, { type: 'plan.canceled' });
      const elsewhere = await openStores(url());
      await elsewhere.plans.commit(create);
      await elsewhere.plans.commit(change);
      const [, event] = await partitionItems(elsewhere.dynamo, elsewhere.table, `CHAIN#${create.after.planId}`);
      elsewhere.close();

      await done(create);
      await plant(stores.dynamo, stores.table, event ?? {});
      expect(await stores.plans.commit(change)).toEqual({ ok: false, conflict: 'plan' });
      expect((await stores.plans.readPlan(create.after.planId))?.status).toBe('pending');
    });

    it('lets exactly one of 64 parallel changes of one version happen', async () => {
      const plan = await done(creation({ name: 'sixty-four' }));
      const changes = Array.from({ length: 64 }, (_, n) => next(plan, { type: 'plan.canceled', actor: `system:${n}` }));
      const results = await Promise.all(changes.map((change) => stores.plans.commit(change)));
      expect(results.filter((result) => result.ok)).toEqual([{ ok: true, repeated: false }]);
      expect(results.filter((result) => !result.ok)).toEqual(Array(63).fill({ ok: false, conflict: 'plan' }));
      const winner = changes[results.findIndex((result) => result.ok)];
      expect(await stores.plans.readPlan(plan.planId)).toEqual(winner?.after);
      expect(await stores.plans.chain(plan.planId)).toEqual([creation({ name: 'sixty-four' }).event, winner?.event]);
    });

    it('tells one of 64 senders of the very same change that it is done, and the others that it is done already', async () => {
      const plan = await done(creation({ name: 'same sixty-four' }));
      const change = next(plan, { type: 'plan.canceled' });
      const results = await Promise.all(Array.from({ length: 64 }, () => stores.plans.commit(change)));
      expect(results.every((result) => result.ok)).toBe(true);
      expect(results.filter((result) => result.ok && !result.repeated)).toHaveLength(1);
    });

    it('keeps the chain gapless under eight writers at once', async () => {
      const { planId } = await done(creation({ name: 'eight writers' }));
      const writer = async (name: string): Promise<void> => {
        for (let written = 0; written < 6; ) {
          const plan = await stores.plans.readPlan(planId);
          if (plan === null) throw new Error('the plan is gone');
          const vote = voteOf(plan, `${name}-${written}`);
          const result = await stores.plans.commit(next(plan, { type: 'vote.recorded', actor: name }, { vote }));
          if (result.ok) written += 1;
        }
      };
      await Promise.all(Array.from({ length: 8 }, (_, n) => writer(`writer-${n}`)));
      const plan = await stores.plans.readPlan(planId);
      const chain = await stores.plans.chain(planId);
      expect(plan).toMatchObject({ version: 49, chain: { seq: 49 } });
      expect(firstBreak(chain, plan?.chain ?? { seq: 0, hash: null })).toBeUndefined();
      expect((await stores.plans.read(planId))?.votes).toHaveLength(48);
    });

    it('refuses a malformed change before anything is sent', async () => {
      const plan = await done(creation({ name: 'malformed' }));
      const change = next(plan, { type: 'plan.canceled' });
      const malformed: readonly PlanChange[] = [
        { ...change, after: { ...change.after, version: 5 } },
        { ...change, after: { ...change.after, chain: plan.chain } },
        { ...change, after: { ...change.after, chain: { seq: 2, hash: digestFor('not the event') } } },
        { ...change, event: { ...change.event, previous: null } },
        { ...change, event: { ...change.event, status: 'approved' } },
        { ...change, after: { ...change.after, intent: '{"another":"intent"}' } },
        { ...change, after: { ...change.after, review: '{}' } },
        { ...change, after: { ...change.after, notAfter: '2030-01-01T00:00:00.000Z' } },
        { ...change, vote: { ...voteOf(plan, 'ann'), planId: planIdFor('another') } },
        { ...change, evidence: '{"second":"evidence"}' },
        {
          ...change,
          lock: { keys: ['k'], planId: plan.planId, fence: 1 },
          unlock: { keys: ['k'], planId: plan.planId, fence: 0 },
        },
        { ...change, after: { ...change.after, updatedAt: 'yesterday' } },
        { ...change, outbox: [outboxFor('odd', { dueAt: '2026-03-01T10:00:00Z' })] },
        { ...change, settles: Array.from({ length: 120 }, (_, n) => `id-${n}`) },
      ];
      const before = await snapshot(stores.dynamo, stores.table, touched(plan));
      for (const bad of malformed) await expect(stores.plans.commit(bad)).rejects.toThrow(TypeError);
      expect(await snapshot(stores.dynamo, stores.table, touched(plan))).toEqual(before);
    });

    it('stores 300 KB of evidence and any Unicode, and refuses what no item can hold', async () => {
      const odd = '"\\u0000\u0001 é 漢字 👩‍🚀 ‮rtl \u2028 ﷽ \u{10ffff}"';
      const large = JSON.stringify({ text: '漢'.repeat(99_990) });
      expect(Buffer.byteLength(large)).toBeGreaterThan(299_000);
      for (const [name, evidence] of [
        ['odd', odd],
        ['large', large],
      ] as const) {
        const plan = await done(creation({ name, evidence, review: odd }));
        expect(await stores.plans.read(plan.planId)).toMatchObject({ evidence, plan: { review: odd } });
      }
      await expect(stores.plans.commit(creation({ name: 'too large', evidence: 'x'.repeat(400_000) }))).rejects.toThrow(
        /bytes/,
      );
      await expect(
        stores.plans.commit(creation({ name: 'review too large', review: 'x'.repeat(400_000) })),
      ).rejects.toThrow(/bytes/);
      expect(await stores.plans.readPlan(planIdFor('too large'))).toBeNull();
    });
  });
}
