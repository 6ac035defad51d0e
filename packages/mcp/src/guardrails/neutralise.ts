/**
 * Makes characters visible that steer a terminal or hide text: controls and escapes (terminal injection), direction marks ("Trojan
 * Source", CVE-2021-42574), zero-width and tag characters (text that only a model reads). Nothing is dropped: each run becomes `[U+202E]`
 * or `[U+200B x12]`.
 */

/** Controls, format characters, line and paragraph separators, lone surrogates, and all that fonts show as nothing. */
const HIDDEN = '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Default_Ignorable_Code_Point}]';
/** Tab and line feed stay; so does the selector that merely colours an emoji. */
const HIDDEN_RUNS = new RegExp(`(?![\\t\\n])(?!(?<=\\p{Extended_Pictographic})\\ufe0f)(${HIDDEN})\\1*`, 'gu');

export interface Neutralised {
  readonly text: string;
  /** How many runs were made visible. */
  readonly count: number;
}

export function neutralise(text: string): Neutralised {
  let count = 0;
  const visible = text.replaceAll('\r\n', '\n').replace(HIDDEN_RUNS, (run, character: string) => {
    count += 1;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const times = run.length / character.length;
    return times === 1 ? `[U+${code}]` : `[U+${code} x${times}]`;
  });
  return { text: visible, count };
}

const HIDDEN_BUT_SPACE = new RegExp(`(?![\\t\\n\\r])${HIDDEN}`, 'gu');

/** For looking, not for showing: hidden characters gone, look-alikes folded to plain lower-case letters. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .replace(HIDDEN_BUT_SPACE, '')
    .toLowerCase()
    .replace(/\P{ASCII}/gu, (character) => LOOK_ALIKES[character] ?? character);
}

/** Cyrillic and Greek letters that look like Latin ones (after NFKC and lower-casing). */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  ё: 'e',
  з: '3',
  і: 'i',
  ї: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  ѕ: 's',
  т: 't',
  у: 'y',
  ү: 'y',
  х: 'x',
  һ: 'h',
  ԁ: 'd',
  ԍ: 'g',
  ԛ: 'q',
  ԝ: 'w',
  α: 'a',
  β: 'b',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ı: 'i',
  ɩ: 'i',
  ɡ: 'g',
};
