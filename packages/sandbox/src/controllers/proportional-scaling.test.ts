import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proportionalSizes } from './proportional-scaling.ts';

const sets = fc
  .array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 4 })
  .map((sizes) => sizes.map((replicas, index) => ({ name: `set-${index}`, replicas })));

describe('scaling in the middle of a rollout', () => {
  it('ends at exactly the allowed size, with no ReplicaSet below zero', () => {
    fc.assert(
      fc.property(sets, fc.nat(60), fc.nat(5), (given, desired, maxSurge) => {
        const then = given.reduce((sum, { replicas }) => sum + replicas, 0);
        const sizes = [
          ...proportionalSizes({
            desired,
            maxSurge,
            sets: given.map((set) => ({ ...set, maxReplicasThen: then })),
          }).values(),
        ];
        expect(sizes.every((size) => size >= 0)).toBe(true);
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(desired === 0 ? 0 : desired + maxSurge);
      }),
    );
  });

  it('keeps the shares: of 10 (8 old, 5 new with a surge of 3) scaled to 30 the surplus is split by size', () => {
    const sizes = proportionalSizes({
      desired: 30,
      maxSurge: 3,
      sets: [
        { name: 'old', replicas: 8, maxReplicasThen: 13 },
        { name: 'new', replicas: 5, maxReplicasThen: 13 },
      ],
    });
    expect(sizes.get('old')).toBe(20);
    expect(sizes.get('new')).toBe(13);
  });
});
