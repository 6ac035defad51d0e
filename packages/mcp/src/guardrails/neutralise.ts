/**
 * Makes characters visible that steer a terminal or hide text: controls and escapes (terminal injection), direction marks ("Trojan
 * Source", CVE-2021-42574), zero-width and tag characters (text that only a model reads). Nothing is dropped: each run becomes `[U+202E]`
 * or `[U+200B x12]`.
 */
import { HIDDEN_CHARACTER_CLASS, seenText } from '@countersign/approvals';

/** Tab and line feed stay; so does the selector that merely colours an emoji. */
const HIDDEN_RUNS = new RegExp(
  `(?![\\t\\n])(?!(?<=\\p{Extended_Pictographic})\\ufe0f)(${HIDDEN_CHARACTER_CLASS})\\1*`,
  'gu',
);

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

/** For looking, not for showing: hidden characters gone, look-alikes folded to plain lower-case letters. */
export const folded = (text: string): string => seenText(text).text.toLowerCase();
