import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnomalyEvent } from './observe/merge.ts';
import type { NamespaceFacts } from './ports.ts';
import { arbitraryFacts } from './testing/arbitrary-facts.ts';
import { NAMESPACE } from './testing/facts.ts';
import { observer } from './testing/observer.ts';

/** What a cycle is shown: facts, or nothing because the cluster did not answer; two cycles at once, or one. */
const round = fc.record({
  facts: fc.option(arbitraryFacts, { freq: 4 }),
  cycles: fc.integer({ min: 1, max: 3 }),
  seconds: fc.integer({ min: 1, max: 400 }),
});

/** Follows events as a reader of them would. Throws at one that does not fit the state before. */
function follow(states: Map<string, 'active' | 'resolved'>, events: readonly AnomalyEvent[]): void {
  for (const { type, key } of events) {
    const before = states.get(key);
    if (type === 'detected') expect(before).toBeUndefined();
    if (type === 'recurred') expect(before).toBe('resolved');
    if (type === 'resolved' || type === 'severity-changed') expect(before).toBe('active');
    states.set(key, type === 'resolved' ? 'resolved' : 'active');
  }
}

describe('the observer', () => {
  it('run twice on the same facts emits nothing new and asks for nothing new', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFacts, async (facts: NamespaceFacts) => {
        const world = observer({ [NAMESPACE]: facts });
        await world.cycle();
        const again = await world.cycle();
        expect(again).toMatchObject({ events: [], asked: [], writes: 0 });
      }),
    );
  });

  it('leaves every emitted anomaly active or resolved exactly once, as its events say, whatever happens at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 8 }), async (rounds) => {
        const world = observer();
        const states = new Map<string, 'active' | 'resolved'>();
        for (const { facts, cycles, seconds } of rounds) {
          world.show(facts ?? {});
          const reports = await Promise.all(Array.from({ length: cycles }, () => world.cycle()));
          follow(
            states,
            reports.flatMap(({ events }) => events),
          );
          world.pass(seconds);
        }
        expect(new Map(world.anomalies.all().map(({ key, status }) => [key, status]))).toEqual(states);
        const asked = world.outbox.all().map(({ outboxId }) => outboxId);
        expect(new Set(asked).size).toBe(asked.length);
      }),
      { numRuns: 60 },
    );
  });
});
