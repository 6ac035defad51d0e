import { describe, expect, it } from 'vitest';
import { chainKey, lockKey, PREFIX, planKey, stepKey, voteKey } from './keys.ts';

describe('keys', () => {
  it('gives no two kinds of record prefixes of which one begins the other: a role’s prefix covers one kind', () => {
    const prefixes = Object.values(PREFIX);
    for (const a of prefixes) for (const b of prefixes) expect(a !== b && a.startsWith(b)).toBe(false);
  });

  it('keeps data from reaching into another kind’s partition', () => {
    for (const data of ['PLAN#x', '#', 'x#PLAN#y', '\u0000']) {
      expect(lockKey(data).pk.S.startsWith('LOCK#')).toBe(true);
      expect(voteKey(data, data).pk.S.startsWith('VOTES#')).toBe(true);
      expect(planKey(data).pk.S.startsWith('PLAN#')).toBe(true);
    }
  });

  it('sorts numbers as numbers', () => {
    const keys = [9, 10, 100, 2].map((n) => chainKey('p', n).sk.S).sort();
    expect(keys).toEqual([2, 9, 10, 100].map((n) => chainKey('p', n).sk.S));
    expect(() => chainKey('p', -1)).toThrow(RangeError);
    expect(() => stepKey('p', 1_000_000)).toThrow(RangeError);
    expect(() => stepKey('p', 1.5)).toThrow(RangeError);
  });
});
