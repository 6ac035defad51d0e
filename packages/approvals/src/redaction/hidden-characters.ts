/**
 * Characters that a reader cannot see: controls, formats, separators of lines, lone surrogates, private use, what fonts print as nothing
 * (Default_Ignorable_Code_Point, UAX 44: zero width, fillers, variation selectors, tags), and the Braille blank. Whoever shows text makes
 * them visible, whoever looks for something in it looks past them (Unicode TR 36 section 3.2, CVE-2021-42574).
 */
export const HIDDEN_CHARACTER_CLASS =
  '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Co}\\p{Default_Ignorable_Code_Point}\\u{2800}]';

/** Cyrillic, Greek and other letters that look like Latin ones, in lower case. */
export const LOOK_ALIKES: Readonly<Record<string, string>> = {
  а: 'a',
  в: 'b',
  е: 'e',
  з: '3',
  і: 'i',
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
  ԟ: 'k',
  ո: 'n',
  օ: 'o',
  ս: 'u',
  հ: 'h',
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
  ɑ: 'a',
  ꓓ: 'd',
};
