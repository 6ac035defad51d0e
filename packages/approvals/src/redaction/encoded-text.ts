/** Text that hides in base64: whole, in the middle of a line, or over several lines; standard or URL alphabet, from any offset. */
import { COMPRESSED_CHARACTERS_MIN, ENCODED_CHARACTERS_MIN, ENCODED_PRINTABLE_PERCENT_MIN } from './limits.ts';
import type { TextRange } from './seen-text.ts';

const CHARACTER = '[A-Za-z0-9+/_-]';
/** Lines as `base64` wraps them, and a last or only one. Every repetition ends at what it cannot match. */
const RUNS = new RegExp(`(?:${CHARACTER}{40,}\\n[ \\t]{0,40})*${CHARACTER}{${ENCODED_CHARACTERS_MIN},}={0,2}`, 'g');

export interface EncodedRun extends TextRange {
  /** The readable texts that the run may stand for: one per offset that gives any. */
  readonly texts: readonly string[];
  /** Beginning of a gzip: nobody can say what is in it. */
  readonly compressed: boolean;
}

/** Short, undecodable and binary runs are left out. */
export function encodedRuns(text: string): readonly EncodedRun[] {
  return [...text.matchAll(RUNS)].flatMap((match): EncodedRun[] => {
    const run = match[0].replace(/\s+/g, '');
    const compressed = run.startsWith('H4sI') && run.length >= COMPRESSED_CHARACTERS_MIN;
    const texts = [0, 1, 2, 3].flatMap((offset) => decodedText(run.slice(offset)) ?? []);
    if (texts.length === 0 && !compressed) return [];
    return [{ from: match.index, to: match.index + match[0].length, texts, compressed }];
  });
}

/** The text that a base64 run stands for, or undefined when it is none that a person could read. */
export function decodedText(run: string): string | undefined {
  if (run.length < ENCODED_CHARACTERS_MIN - 3) return undefined;
  const text = Buffer.from(run, 'base64').toString('utf8');
  let printable = 0;
  let all = 0;
  for (const character of text) {
    all += 1;
    if (/[\p{L}\p{N}\p{P}\p{S}\s]/u.test(character) && character !== '\ufffd') printable += 1;
  }
  return all > 0 && printable * 100 >= all * ENCODED_PRINTABLE_PERCENT_MIN ? text : undefined;
}
