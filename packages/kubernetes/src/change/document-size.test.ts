import type { Json } from '@countersign/approvals';
import { describe, expect, it } from 'vitest';
import { unfitDocument } from './document-size.ts';

/** Built by hand: nothing that recurses could make it. */
function nested(levels: number): Json {
  let value: Json = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

describe('unfitDocument', () => {
  it('lets an ordinary document pass', () => {
    expect(unfitDocument({ spec: { list: [1, 'a', null, true], text: 'x'.repeat(1_000) } })).toBeUndefined();
    expect(unfitDocument(nested(40))).toBeUndefined();
  });

  it.each([41, 100_000])('refuses %i levels without going down them by recursion', (levels) => {
    expect(unfitDocument(nested(levels))).toMatchObject({ code: 'request.invalid' });
  });

  it('refuses a hundred thousand members, in one map or spread', () => {
    const entries = Array.from({ length: 100_000 }, (_, at) => [`k${at}`, ''] as const);
    expect(unfitDocument(Object.fromEntries(entries))).toMatchObject({ code: 'request.too_large' });
    expect(unfitDocument(Array.from({ length: 1_000 }, () => [...Array(100).keys()]))).toMatchObject({
      code: 'request.too_large',
    });
  });

  it('refuses what is longer than a plan can hold', () => {
    expect(unfitDocument({ data: { A: 'x'.repeat(200_001) } })).toMatchObject({ code: 'request.too_large' });
  });

  it('refuses __proto__ wherever it is a member', () => {
    expect(unfitDocument(JSON.parse('{"spec":{"__proto__":{"polluted":true}}}') as Json)).toMatchObject({
      code: 'request.invalid',
    });
  });

  it('refuses a commitment in the place of a value: it would be filled from evidence', () => {
    const leaf = { 'countersign.dev/redacted': `sha256:${'0'.repeat(64)}` };
    expect(unfitDocument({ spec: { env: [leaf] } })).toMatchObject({ code: 'request.invalid' });
  });
});
