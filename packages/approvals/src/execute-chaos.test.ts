import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { executePlan } from './execute.ts';
import { revokePlan } from './exits.ts';
import { LEASE_SECONDS } from './limits.ts';
import { Unavailable } from './ports.ts';
import { OPERATOR, POLICY, type World, world } from './testing/world.ts';

/** Kills a process at its n-th call to the outside: before the call reaches it, or after it did and before the answer came back. */
class Killed extends Error {}

function mortal(w: World, killAt: number, when: 'before' | 'after'): World['ports'] {
  let calls = 0;
  const guard = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const member = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          calls += 1;
          const die = calls >= killAt;
          if (die && (when === 'before' || calls > killAt)) throw new Killed();
          const answer = await member.apply(target, args);
          if (die) throw new Killed();
          return answer;
        };
      },
    });
  const { plans, outbox, rawEvidence, access, cluster } = w.ports;
  return {
    ...w.ports,
    plans: guard(plans),
    outbox: guard(outbox),
    rawEvidence: guard(rawEvidence),
    access: guard(access),
    cluster: guard(cluster),
  };
}

const orders = (w: World): string[] =>
  [...w.store.tables.outbox.values()].filter((r) => r.kind === 'execute').map((r) => r.outboxId);

async function attempt(outboxId: string, ports: World['ports']): Promise<void> {
  try {
    await executePlan({ outboxId }, ports);
  } catch (error) {
    if (!(error instanceof Killed) && !(error instanceof Unavailable)) throw error;
  }
}

/** What the sweeper does with time: the message comes again after the lease. */
async function reconcile(w: World): Promise<void> {
  for (let round = 0; round < 4; round += 1) {
    w.clock.advance(LEASE_SECONDS + 1);
    for (const outboxId of orders(w)) await attempt(outboxId, w.ports);
  }
}

/** Each step at most once, in their order, none skipped; and a status that says what happened. */
function expectAtMostOneEffect(w: World, planId: string, steps = 1): void {
  const plan = w.store.tables.plans.get(planId);
  const { effects } = w.cluster;
  const marks = effects.map(({ mark }) => Number(mark.split('/')[1]));
  expect(marks).toEqual(Array.from({ length: effects.length }, (_, at) => at + 1));
  expect(effects.length).toBeLessThanOrEqual(steps);
  const untouched = ['approved', 'stale', 'failed', 'revoked', 'expired', 'blocked'];
  expect([...untouched, 'applied', 'unknown', 'partially_applied']).toContain(plan?.status);
  if (plan?.status === 'applied') expect(effects).toHaveLength(steps);
  if (plan?.status === 'partially_applied') expect(effects.length).toBeGreaterThan(0);
  if (plan !== undefined && untouched.includes(plan.status)) expect(effects).toEqual([]);
  if (plan?.status !== 'unknown') expect(w.store.tables.locks.size).toBe(0);
}

describe('at most one effect, reconciled to a known result', () => {
  it('survives a kill before and after every single call of the executor', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let killAt = 1; killAt <= 20; killAt += 1) {
        const w = world();
        const { planId } = await w.released();
        const [outboxId = ''] = orders(w);
        await attempt(outboxId, mortal(w, killAt, when));
        await reconcile(w);
        expect(w.store.tables.plans.get(planId)?.status, `killed ${when} call ${killAt}`).toBe('applied');
        expectAtMostOneEffect(w, planId);
        expect(w.cluster.effects).toHaveLength(1);
      }
    }
  });

  it('settles a write whose answer was lost by the annotation on the object, and one that never arrived by its absence', async () => {
    for (const lost of ['lost-after', 'lost-before'] as const) {
      const w = world();
      const { planId } = await w.released();
      w.cluster.nextWrite = lost;
      const [outboxId = ''] = orders(w);
      expect(await executePlan({ outboxId }, w.ports)).toEqual({
        ok: false,
        refusal: { code: 'write.outcome_unknown' },
      });
      expect(w.store.tables.plans.get(planId)?.status).toBe('unknown');
      expect(w.store.tables.locks.size).toBe(1);
      // While a request could still land nothing is settled.
      expect(await executePlan({ outboxId }, w.ports)).toMatchObject({
        ok: false,
        refusal: { code: 'claim.lease_running' },
      });
      await reconcile(w);
      expect(w.store.tables.plans.get(planId)?.status).toBe('applied');
      expect(w.cluster.effects).toHaveLength(1);
    }
  });

  it('leaves to a person what the cluster cannot tell, keeps the lock and retries nothing', async () => {
    const w = world();
    const { planId } = await w.released();
    w.cluster.nextWrite = 'lost-after';
    await attempt(orders(w)[0] ?? '', w.ports);
    // A GitOps tool strips our annotation before anybody looked.
    for (const [key, object] of w.cluster.objects)
      w.cluster.objects.set(key, { ...object, annotations: {}, resourceVersion: object.resourceVersion + 1 });
    await reconcile(w);
    expect(w.store.tables.plans.get(planId)).toMatchObject({ status: 'unknown', lease: null });
    expect(w.store.tables.locks.size).toBe(1);
    expect(orders(w)).toEqual([]);
    expect(w.cluster.effects).toHaveLength(1);
  });

  it('is not fooled by our annotation on an object for which no step was ever started', async () => {
    const w = world();
    const plan = await w.released();
    for (const [key, object] of w.cluster.objects) {
      w.cluster.objects.set(key, {
        ...object,
        annotations: { 'countersign.dev/plan': `${plan.planId}/1/${plan.intentDigest}` },
      });
    }
    await attempt(orders(w)[0] ?? '', w.ports);
    expect(w.store.tables.plans.get(plan.planId)?.status).toBe('stale');
  });

  it('writes, creates and deletes once for two executors, repeated messages and kills at random moments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            killAt: fc.integer({ min: 1, max: 45 }),
            when: fc.constantFrom('before' as const, 'after' as const),
            copies: fc.integer({ min: 1, max: 3 }),
          }),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        fc.constantFrom('normal' as const, 'lost-before' as const, 'lost-after' as const),
        fc.boolean(),
        fc.integer({ min: 0, max: 200 }),
        fc.array(fc.constantFrom('scale' as const, 'create' as const, 'delete' as const), {
          minLength: 1,
          maxLength: 3,
        }),
        async (crashes, write, revoke, wait, steps) => {
          const w = world(POLICY, 'test', steps);
          const { planId } = await w.released();
          const [outboxId = ''] = orders(w);
          w.cluster.nextWrite = write;
          for (const { killAt, when, copies } of crashes) {
            await Promise.all(Array.from({ length: copies }, () => attempt(outboxId, mortal(w, killAt, when))));
            w.clock.advance(wait);
          }
          if (revoke) await revokePlan(planId, { id: OPERATOR.id, groups: OPERATOR.groups }, w.ports);
          await reconcile(w);
          expectAtMostOneEffect(w, planId, steps.length);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('gives the lease back when the cluster is unreachable before the write, and retries', async () => {
    const w = world();
    const { planId } = await w.released();
    const [outboxId = ''] = orders(w);
    const read = w.cluster.read;
    w.cluster.read = async () => {
      throw new Unavailable('no answer');
    };
    await expect(executePlan({ outboxId }, w.ports)).rejects.toThrow(Unavailable);
    expect(w.store.tables.plans.get(planId)).toMatchObject({ status: 'executing', lease: null });
    w.cluster.read = read;
    expect(await executePlan({ outboxId }, w.ports)).toMatchObject({
      ok: true,
      value: { status: 'applied', fence: 2 },
    });
    expect(w.cluster.effects).toHaveLength(1);
  });
});
