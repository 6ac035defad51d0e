import { describe, expect, it } from 'vitest';
import { visibleLine, visiblePieces } from './visible-text.ts';

const line = (text: string, mode: 'prose' | 'code' = 'prose') => visibleLine(text, mode, 500);

describe('untrusted text', () => {
  it.each([
    ['a right-to-left override', 'safe\u202Etxt.exe', 'safe[U+202E]txt.exe'],
    ['an isolate', 'a\u2066b\u2069', 'a[U+2066]b[U+2069]'],
    ['a zero-width space', 'ku\u200Bbe', 'ku[U+200B]be'],
    ['a byte-order mark and a soft hyphen', '\uFEFFa\u00ADb', '[U+FEFF]a[U+00AD]b'],
    ['tag characters', 'a\u{E0041}\u{E0042}', 'a[U+E0041][U+E0042]'],
    ['a variation selector', 'a\uFE0F', 'a[U+FE0F]'],
    ['a no-break space and a blank braille pattern', 'a\u00A0b\u2800', 'a[U+00A0]b[U+2800]'],
    ['a filler that draws nothing', 'a\u3164b', 'a[U+3164]b'],
    ['controls of a terminal', '\u001b[31mred\u0007', '[U+001B][31mred[U+0007]'],
    ['a line separator', 'a\u2028b', 'a[U+2028]b'],
    ['a Cyrillic letter in a Latin word', 'p\u0430ypal and привет', 'p[U+0430]ypal and привет'],
    ['a Greek letter in a Latin word', 'nginx\u03BF', 'nginx[U+03BF]'],
  ])('shows %s', (_what, text, shown) => {
    expect(line(text)).toBe(shown);
  });

  it('leaves honest text of any language alone', () => {
    for (const text of [
      'Die Größe',
      'naïve façade',
      'イメージが存在しません',
      'образ не найден',
      'התמונה',
      '100 % → ok',
      'Ω',
    ]) {
      expect(line(text)).toBe(text);
    }
  });

  it('marks everything but printable ASCII in names and images', () => {
    expect(line('ngіnx:1.27–alpine', 'code')).toBe('ng[U+0456]nx:1.27[U+2013]alpine');
    expect(line('a\tb', 'code')).toBe('a[U+0009]b');
  });

  it('keeps line feeds as pieces of prose, and joins them to one line where one is asked for', () => {
    expect(visiblePieces('a\nb', 'prose')).toEqual([{ kind: 'text', text: 'a\nb' }]);
    expect(line('a \n b\r\nBcc: x@y')).toBe('a b Bcc: x@y');
  });

  it('cuts by characters, never through one', () => {
    expect(visibleLine('😀😀😀😀', 'prose', 3)).toBe('😀😀…');
  });
});
