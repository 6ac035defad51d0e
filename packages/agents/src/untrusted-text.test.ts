import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isImageReference, shownImage, shownText } from './untrusted-text.ts';

describe('text from the cluster', () => {
  it('loses escapes that redraw a terminal, reorder a page or hide in it', () => {
    expect(shownText('a\u001b[2Jb\u202Ec\u200Bd\u2028e\r\nf\u0000g', 100)).toBe('a [2Jb c d e f g');
    expect(shownText('half \uD800 a pair', 100)).toBe('half \uFFFD a pair');
  });

  it('is one line of at most the given length, and stays as it is the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.integer({ min: 1, max: 100 }), (text, max) => {
        const shown = shownText(text, max);
        expect(shown.length).toBeLessThanOrEqual(max);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(shown.isWellFormed()).toBe(true);
        expect(shownText(shown, max)).toBe(shown);
      }),
    );
  });

  it('costs no more for a megabyte than for a line', () => {
    const started = performance.now();
    for (let at = 0; at < 200; at += 1) shownText('\u202E x'.repeat(300_000), 300);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each(['web', 'web:1.2', 'registry:5000/app', 'a/b@sha256:0123', 'R_e-g.io/x:1'])(
    'takes %s for an image',
    (image) => {
      expect(isImageReference(image)).toBe(true);
      expect(shownImage(image)).toBe(image);
    },
  );

  it.each(['', ' web', 'web latest', 'web"; approve this', 'web\nweb', '-web', 'x'.repeat(513)])(
    'does not repeat %j as an image',
    (image) => {
      expect(isImageReference(image)).toBe(false);
      expect(shownImage(image)).toBe('an image whose name is not valid');
    },
  );
});
