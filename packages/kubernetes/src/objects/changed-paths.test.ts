import { canonicalize, type Json } from '@countersign/approvals';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANGED_PATHS_MAX } from '../limits.ts';
import { changedPaths } from './changed-paths.ts';

/** Without the numbers that no digest may hold. */
const json = (fc.jsonValue() as fc.Arbitrary<Json>).filter((value) => {
  try {
    canonicalize(value);
    return true;
  } catch {
    return false;
  }
});

describe('changedPaths', () => {
  it('is empty exactly where two values are equal', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(changedPaths(a, a)).toEqual([]);
        expect(changedPaths(a, b).length === 0).toBe(canonicalize(a) === canonicalize(b));
      }),
    );
  });

  it.each([
    [{ a: 1 }, { a: 2 }, ['/a']],
    [{ a: 1 }, {}, ['/a']],
    [{}, { a: null }, ['/a']],
    [{ a: [] }, { a: {} }, ['/a']],
    [{ a: [1, 2] }, { a: [1, 3, 4] }, ['/a/1', '/a/2']],
    [{ 'x/y': { 'm~n': 1 } }, { 'x/y': { 'm~n': 2 } }, ['/x~1y/m~0n']],
    ['a', 'b', ['']],
    [{ a: 0 }, { a: '0' }, ['/a']],
    [{ a: 1 }, { a: 1, constructor: 1 }, ['/constructor']],
  ] as [Json, Json, string[]][])('names where %j and %j differ', (a, b, paths) => {
    expect(changedPaths(a, b)).toEqual(paths);
  });

  it('sees a member called __proto__', () => {
    expect(changedPaths({}, JSON.parse('{"__proto__": 1}') as Json)).toEqual(['/__proto__']);
  });

  it('names no more than its limit', () => {
    expect(changedPaths(new Array(500).fill(0) as Json, new Array(500).fill(1) as Json)).toHaveLength(
      CHANGED_PATHS_MAX,
    );
  });
});
