import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { canonicalize, NotCanonicalizable, parseCanonical } from './canonical.ts';
import { type ChainEvent, chainHash } from './chain.ts';
import { commit, type Digest, type DigestDomain, digestOf } from './digest.ts';
import { readIntent } from './intent.ts';
import { policyHash, policySchema } from './policy.ts';
import { readReview } from './review.ts';

interface Vector {
  readonly name: string;
  readonly domain: DigestDomain;
  readonly value: unknown;
  readonly canonical: string;
  readonly digest: Digest;
}

const file = new URL('../../../docs/vectors/digests.json', import.meta.url);
const { digests, commitments } = JSON.parse(readFileSync(file, 'utf8')) as {
  digests: readonly Vector[];
  commitments: readonly { readonly salt: string; readonly value: unknown; readonly commitment: string }[];
};

describe('published test vectors', () => {
  it.each(digests)('$name: canonical form and digest are as published', ({ domain, value, canonical, digest }) => {
    expect(canonicalize(value)).toBe(canonical);
    expect(digestOf(domain, value)).toBe(digest);
    // Recomputed from the published bytes with nothing of ours: what a third party does.
    expect(`sha256:${createHash('sha256').update(`${domain}\n${canonical}`, 'utf8').digest('hex')}`).toBe(digest);
  });

  it.each(commitments)('commitment to $value is as published', ({ salt, value, commitment }) => {
    expect(commit(salt, value)).toBe(commitment);
  });

  it('are valid documents of their formats', () => {
    const by = new Map(digests.map((vector) => [vector.name, vector]));
    expect(readIntent(by.get('intent')?.canonical ?? '')).toMatchObject({ ok: true });
    expect(readReview(by.get('review')?.canonical ?? '')?.digest).toBe(by.get('review')?.digest);
    expect(policyHash(policySchema.parse(by.get('policy')?.value))).toBe(by.get('policy')?.digest);
    expect(chainHash(by.get('chain event')?.value as ChainEvent)).toBe(by.get('chain event')?.digest);
  });
});

describe('canonical JSON (RFC 8785)', () => {
  it('sorts members by UTF-16 code units and writes numbers as ECMAScript does (section 3.2.3, 3.2.2.3)', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji',
      '\u0080': 'Control',
      '\u00f6': 'O Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalize(value)))).toHaveLength(7);
    expect(canonicalize(value)).toBe(
      '{"\\r":"Carriage Return","1":"One","\u0080":"Control","\u00f6":"O Diaeresis","\u20ac":"Euro Sign","\ud83d\ude00":"Emoji","\ufb33":"Hebrew Letter Dalet With Dagesh"}',
    );
    const numbers = JSON.parse('[333333333.33333329,4.50,2e-3,0.000000000000000000000000001,-0]');
    expect(canonicalize(numbers)).toBe('[333333333.3333333,4.5,0.002,1e-27,0]');
  });

  it.each([
    ['an integer beyond 2^53', 2 ** 53],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a name', { '\udc00': 1 }],
    ['undefined', { a: undefined }],
    ['a date', { a: new Date(0) }],
    ['a map', new Map()],
    ['a function', () => 1],
    ['nesting without end', JSON.parse('['.repeat(100) + ']'.repeat(100))],
  ])('refuses %s', (_what, value) => {
    expect(() => canonicalize(value)).toThrow(NotCanonicalizable);
  });

  it.each(['{"a":1,"a":2}', '{"b":1,"a":2}', '{ "a":1}', '{"a":1.0}', '{"a":"\\u0061"}', '{"a":1}\n', '', 'nope'])(
    'reads back only the canonical spelling, not %j',
    (text) => {
      expect(() => parseCanonical(text)).toThrow(NotCanonicalizable);
    },
  );
});
