import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RollingUpdate, rollingStep, type SetSize } from './rolling-update.ts';

const setSize = (name: string) =>
  fc
    .nat(8)
    .chain((replicas) =>
      fc.record({ name: fc.constant(name), replicas: fc.constant(replicas), available: fc.nat(replicas) }),
    );

const rollouts: fc.Arbitrary<RollingUpdate> = fc
  .record({
    desired: fc.integer({ min: 0, max: 8 }),
    maxSurge: fc.nat(4),
    maxUnavailable: fc.nat(4),
    current: setSize('new'),
    old: fc.tuple(setSize('older'), setSize('old')),
  })
  .filter(({ maxSurge, maxUnavailable }) => maxSurge + maxUnavailable > 0);

function after(rollout: RollingUpdate): SetSize[] {
  const sizes = rollingStep(rollout);
  return [rollout.current, ...rollout.old].map((set) => ({ ...set, replicas: sizes.get(set.name) ?? set.replicas }));
}

const total = (sets: readonly SetSize[]) => sets.reduce((sum, { replicas }) => sum + replicas, 0);
/** A ReplicaSet removes what is not available first. */
const leftAvailable = (sets: readonly SetSize[]) =>
  sets.reduce((sum, set) => sum + Math.min(set.available, set.replicas), 0);

describe('a step of a rolling update', () => {
  it('never asks for more pods than desired plus surge, unless there were more already', () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const before = total([rollout.current, ...rollout.old]);
        expect(total(after(rollout))).toBeLessThanOrEqual(Math.max(before, rollout.desired + rollout.maxSurge));
      }),
    );
  });

  it('never gives up an available old pod below desired minus maxUnavailable', () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        const sets = [rollout.current, ...rollout.old];
        const floor = Math.min(leftAvailable(sets), rollout.desired - rollout.maxUnavailable);
        // Too many new pods go at once: that is scaling down, not the rollout.
        fc.pre(rollout.current.replicas <= rollout.desired);
        expect(leftAvailable(after(rollout))).toBeGreaterThanOrEqual(floor);
      }),
    );
  });

  it('comes to its end when every new pod becomes available', () => {
    fc.assert(
      fc.property(rollouts, (rollout) => {
        let state = rollout;
        for (let step = 0; step < 60; step++) {
          const [current, ...old] = after(state);
          if (current === undefined) throw new Error('the new ReplicaSet is gone');
          const ready = (set: SetSize) => ({ ...set, available: Math.min(set.available, set.replicas) });
          state = { ...state, current: { ...current, available: current.replicas }, old: old.map(ready) };
        }
        expect(state.current.replicas).toBe(rollout.desired);
        expect(total(state.old)).toBe(0);
      }),
    );
  });

  it('gives up old pods that are broken before those that serve', () => {
    const sizes = rollingStep({
      desired: 3,
      maxSurge: 1,
      maxUnavailable: 1,
      current: { name: 'new', replicas: 1, available: 0 },
      old: [
        { name: 'good', replicas: 2, available: 2 },
        { name: 'broken', replicas: 1, available: 0 },
      ],
    });
    expect(sizes).toEqual(new Map([['broken', 0]]));
  });
});
