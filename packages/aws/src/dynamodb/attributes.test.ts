import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromAttribute, fromItem, itemBytes, NotJson, toAttribute, toItem } from './attributes.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((number) => !hasUnsafeNumber(number));
const json = fc.jsonValue().filter((value) => !hasUnsafeNumber(value));

/** What the core refuses to digest, and so never stores. */
function hasUnsafeNumber(value: unknown): boolean {
  if (typeof value === 'number')
    return Object.is(value, -0) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  if (typeof value === 'object' && value !== null) return Object.values(value).some(hasUnsafeNumber);
  return false;
}

describe('attributes', () => {
  it('gives back every JSON value as it was', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(fromAttribute(toAttribute(value as never))).toEqual(value);
      }),
    );
    fc.assert(
      fc.property(finite, (number) => {
        expect(fromAttribute(toAttribute(number))).toBe(number);
      }),
    );
  });

  it('refuses what is no JSON: sets, binaries, numbers that a reader would round', () => {
    for (const value of [
      { SS: ['a'] },
      { NS: ['1'] },
      { B: new Uint8Array([1]) },
      { N: '9007199254740993' },
      { N: '1e999' },
      { N: 'x' },
    ]) {
      expect(() => fromAttribute(value)).toThrow(NotJson);
      expect(() => fromAttribute({ M: { inner: { L: [value] } } })).toThrow(NotJson);
    }
  });

  it('lets a stored __proto__ change no prototype', () => {
    const members = Object.fromEntries([['__proto__', { M: { admin: { BOOL: true } } }]]);
    const read = fromItem(members) as { readonly admin?: unknown };
    expect(read.admin).toBeUndefined();
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.keys(read)).toEqual(['__proto__']);
  });

  it('counts bytes as DynamoDB does: UTF-8, names included', () => {
    expect(itemBytes(toItem({ a: '漢' }))).toBe(4);
    expect(itemBytes(toItem({ name: 'x'.repeat(1_000) }))).toBe(1_004);
    expect(itemBytes(toItem({ m: { k: 'v' }, l: ['v'], b: true, n: 12 }))).toBeGreaterThanOrEqual(
      4 + 2 + 1 + 1 + 1 + 2,
    );
  });
});
