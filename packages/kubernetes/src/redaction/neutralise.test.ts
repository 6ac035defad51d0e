import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutralise } from './neutralise.ts';

describe('neutralise', () => {
  it.each([
    ['an ANSI sequence', '\u001b[2Jgone', '\\u{1b}[2Jgone'],
    ['a line end', 'a\r\nb', 'a\\u{d}\\u{a}b'],
    ['a bidirectional override', 'a\u202ecba', 'a\\u{202e}cba'],
    ['an isolate', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
    ['a zero-width space', 'pass\u200bword', 'pass\\u{200b}word'],
    ['a byte order mark', '\ufeffx', '\\u{feff}x'],
    ['tag characters, which carry text for a model alone', 'a\u{e0041}\u{e0042}', 'a\\u{e0041}\\u{e0042}'],
    ['variation selectors, which can carry bytes', 'a\ufe01\u{e0101}', 'a\\u{fe01}\\u{e0101}'],
    ['a Hangul filler', 'a\u3164b', 'a\\u{3164}b'],
    ['half a surrogate pair', 'a\ud800b', 'a\\u{d800}b'],
    ['a private character', '\ue000', '\\u{e000}'],
  ])('makes %s visible', (_what, text, visible) => {
    expect(neutralise(text)).toBe(visible);
  });

  it('leaves what people write alone', () => {
    const text = 'Zürich 日本語 עברית\tok 🙂 "<script>" `x`';
    expect(neutralise(text)).toBe(text);
  });

  it('says what it cut, and never gives much more than asked', () => {
    expect(neutralise('x'.repeat(20), 10)).toBe(`${'x'.repeat(10)} [cut: 20 characters]`);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3_000 }), fc.integer({ min: 1, max: 500 }), (text, max) => {
        const visible = neutralise(text, max);
        expect(visible.length).toBeLessThanOrEqual(max + 40);
        expect(visible.replaceAll('\t', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
      }),
    );
  });
});
