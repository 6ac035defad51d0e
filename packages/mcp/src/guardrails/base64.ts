/** Text that hides in base64: whole or in the middle of a line, standard or URL alphabet. */
import { BASE64_CHARACTERS_MIN, BASE64_PRINTABLE_PERCENT_MIN } from '../limits.ts';

/** One character class and an optional end: matching takes one pass. */
const RUNS = new RegExp(`[A-Za-z0-9+/_-]{${BASE64_CHARACTERS_MIN},}={0,2}`, 'g');

/** The readable texts among the decoded runs, in order. Short, undecodable and binary runs are left out. */
export function textsInBase64(text: string): readonly string[] {
  return [...text.matchAll(RUNS)].flatMap(([run]) => {
    const decoded = decodedText(run);
    return decoded === undefined ? [] : [decoded];
  });
}

/** The text that a base64 run stands for, or undefined when it is none that a person could read. */
export function decodedText(run: string): string | undefined {
  const text = Buffer.from(run, 'base64').toString('utf8');
  let printable = 0;
  for (const character of text)
    if (/[\p{L}\p{N}\p{P}\p{S}\s]/u.test(character) && character !== '\ufffd') printable += 1;
  return text !== '' && printable * 100 >= [...text].length * BASE64_PRINTABLE_PERCENT_MIN ? text : undefined;
}
