/** The plan store against a model of a dozen lines, under random histories of actors with old and new copies of several plans. */
import { type CommitResult, firstBreak, isOpen, type Plan, type PlanChange } from '@countersign/approvals';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointUrl, openStores, type Stores } from './endpoint.ts';
import { after, claimed, creation, ended, grantOf, LATER, next, nonceFor, voteOf } from './plan-records.ts';

const PLANS = 3;
const ACTORS = 3;

/** What the world is: one entry a plan, who voted, which nonces are spent, who holds which lock. */
interface World {
  readonly plans: Map<number, Plan>;
  readonly votes: Set<string>;
  readonly nonces: Set<string>;
  readonly granted: Set<number>;
  readonly locks: Map<string, { readonly plan: number; readonly fence: number }>;
  /** What each actor believes: the plan as it last read it. */
  readonly copies: Map<string, Plan>;
  /** The last change that happened, for repeats. */
  last: PlanChange | undefined;
}

type Move =
  | { readonly kind: 'look' | 'cancel' | 'grant' | 'end'; readonly actor: number; readonly plan: number }
  | {
      readonly kind: 'vote';
      readonly actor: number;
      readonly plan: number;
      readonly person: number;
      readonly nonce: number;
      readonly late: boolean;
    }
  | { readonly kind: 'claim'; readonly actor: number; readonly plan: number; readonly locks: readonly number[] }
  | { readonly kind: 'repeat' };

const who = { actor: fc.nat(ACTORS - 1), plan: fc.nat(PLANS - 1) };
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('look' as const), ...who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), ...who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('grant' as const), ...who }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), ...who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('vote' as const),
      ...who,
      person: fc.nat(2),
      nonce: fc.nat(5),
      late: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('claim' as const),
      ...who,
      locks: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'repeat' as const }) },
);

export function modelContract(url: EndpointUrl): void {
  describe('PlanStore against its model', () => {
    let stores: Stores;
    let run = 0;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());

    it('answers every change of every history as the model does, and keeps every chain whole', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(move, { minLength: 10, maxLength: 50 }), async (moves) => {
          run += 1;
          const world = await freshWorld(run);
          for (const [at, made] of moves.entries()) await play(world, made, run, at);
          await holds(world);
        }),
        { numRuns: 60 },
      );
    });

    async function freshWorld(id: number): Promise<World> {
      const plans = new Map<number, Plan>();
      for (let n = 0; n < PLANS; n += 1) {
        const change = creation({ name: `model ${id} ${n}`, createdAt: after(-100_000 + id), notAfter: LATER });
        expect(await stores.plans.commit(change)).toEqual({ ok: true, repeated: false });
        plans.set(n, change.after);
      }
      return {
        plans,
        votes: new Set(),
        nonces: new Set(),
        granted: new Set(),
        locks: new Map(),
        copies: new Map(),
        last: undefined,
      };
    }

    async function play(world: World, made: Move, id: number, at: number): Promise<void> {
      if (made.kind === 'repeat') {
        if (world.last !== undefined)
          expect(await stores.plans.commit(world.last)).toEqual({ ok: true, repeated: true });
        return;
      }
      const current = world.plans.get(made.plan);
      if (current === undefined) return;
      const seat = `${made.actor}/${made.plan}`;
      if (made.kind === 'look') {
        expect(await stores.plans.readPlan(current.planId)).toEqual(current);
        world.copies.set(seat, current);
        return;
      }
      const copy = world.copies.get(seat) ?? current;
      const change = changeOf(world, made, copy, id, at);
      if (change === undefined) return;
      const expected = expectedOf(world, made, copy, change, id);
      expect(await stores.plans.commit(change), `${made.kind} at ${at}`).toEqual(expected);
      if (expected.ok) applyTo(world, made, change, id);
    }

    const lockNames = (id: number, locks: readonly number[]): readonly string[] =>
      locks.map((lock) => `model/${id}/${lock}`);

    function changeOf(
      world: World,
      made: Exclude<Move, { kind: 'look' | 'repeat' }>,
      copy: Plan,
      id: number,
      at: number,
    ): PlanChange | undefined {
      // A distinct instant a move: no two changes of a history are the very same.
      const now = after(at + 1);
      switch (made.kind) {
        case 'cancel':
          return copy.status === 'pending' || copy.status === 'approved'
            ? next(copy, { type: 'plan.canceled', now })
            : undefined;
        case 'vote': {
          if (copy.status !== 'pending') return undefined;
          const nonce = { nonce: nonceFor(`${id}/${made.nonce}`), expiresAt: LATER };
          const openAt = made.late ? LATER : now.toISOString();
          return next(
            copy,
            { type: 'vote.recorded', now },
            { vote: voteOf(copy, `${made.person}`, `seal ${at}`), nonce, openAt },
          );
        }
        case 'grant':
          return copy.status === 'pending'
            ? next(copy, { type: 'grant.issued', now }, { grant: grantOf(copy, `seal ${at}`) })
            : undefined;
        case 'claim':
          if (copy.status !== 'approved' && copy.status !== 'executing') return undefined;
          return claimed(copy, lockNames(id, made.locks), `${made.actor} at ${at}`);
        default:
          return copy.status === 'executing'
            ? ended(
                copy,
                lockNames(id, [0, 1, 2, 3]).filter((key) => isHeld(world, key, copy)),
                now,
              )
            : undefined;
      }
    }

    /** An executor frees what it took: the locks that the plan holds under the fence that the executor knows. */
    function isHeld(world: World, key: string, copy: Plan): boolean {
      const holder = world.locks.get(key);
      return (
        holder !== undefined && world.plans.get(holder.plan)?.planId === copy.planId && holder.fence === copy.fence
      );
    }

    function expectedOf(world: World, made: Move, copy: Plan, change: PlanChange, id: number): CommitResult {
      if (made.kind === 'vote') {
        if (world.votes.has(`${made.plan}/${made.person}`)) return { ok: false, conflict: 'vote' };
        if (world.nonces.has(`${id}/${made.nonce}`)) return { ok: false, conflict: 'nonce' };
      }
      if (made.kind === 'grant' && world.granted.has(made.plan)) return { ok: false, conflict: 'grant' };
      const plan = 'plan' in made ? world.plans.get(made.plan) : undefined;
      if (plan?.version !== copy.version) return { ok: false, conflict: 'plan' };
      if (made.kind === 'vote' && made.late) return { ok: false, conflict: 'window' };
      if (made.kind === 'claim') {
        const taken = [...(change.lock?.keys ?? [])].sort().find((key) => {
          const holder = world.locks.get(key);
          return holder !== undefined && (holder.plan !== made.plan || holder.fence >= change.after.fence);
        });
        if (taken !== undefined) return { ok: false, conflict: 'lock', key: taken };
      }
      return { ok: true, repeated: false };
    }

    function applyTo(
      world: World,
      made: Exclude<Move, { kind: 'look' | 'repeat' }>,
      change: PlanChange,
      id: number,
    ): void {
      world.plans.set(made.plan, change.after);
      world.last = change;
      if (made.kind === 'vote') {
        world.votes.add(`${made.plan}/${made.person}`);
        world.nonces.add(`${id}/${made.nonce}`);
      }
      if (made.kind === 'grant') world.granted.add(made.plan);
      for (const key of change.lock?.keys ?? []) world.locks.set(key, { plan: made.plan, fence: change.after.fence });
      for (const key of change.unlock?.keys ?? []) world.locks.delete(key);
    }

    async function holds(world: World): Promise<void> {
      for (const [n, plan] of world.plans) {
        const records = await stores.plans.read(plan.planId);
        const chain = await stores.plans.chain(plan.planId);
        expect(records?.plan).toEqual(plan);
        expect(records?.votes).toHaveLength([...world.votes].filter((vote) => vote.startsWith(`${n}/`)).length);
        expect(records?.grant === null).toBe(!world.granted.has(n));
        expect(firstBreak(chain, plan.chain)).toBeUndefined();
        expect(chain).toHaveLength(plan.version);
        expect(chain.at(-1)?.status).toBe(plan.status);
      }
      const open = await stores.plans.list({ open: true, limit: PLANS });
      // This world's plans are the newest of the table.
      const listed = new Set(open.map((entry) => entry.planId));
      for (const plan of world.plans.values()) expect(listed.has(plan.planId)).toBe(isOpen(plan.status));
    }
  });
}
