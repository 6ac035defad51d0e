/**
 * Text from a cluster is chosen by whoever can write there. Characters that a reader cannot see, or that move others about, are made
 * visible as \u{...}: ANSI sequences that rewrite a terminal, bidirectional overrides that reorder what is read (Unicode TR 36
 * section 3.2, CVE-2021-42574), zero-width and tag characters that carry text for a model alone.
 */
import { HIDDEN_CHARACTER_CLASS } from '@countersign/approvals';
import { TEXT_CHARACTERS_MAX } from '../limits.ts';

const HIDDEN = new RegExp(HIDDEN_CHARACTER_CLASS, 'gu');

/**
 * At most `charactersMax` characters of visible text, and where something was cut, a note of some 30 more that says so. A tab stays: logs
 * are full of them and they hide nothing.
 */
export function neutralise(text: string, charactersMax: number = TEXT_CHARACTERS_MAX): string {
  const visible = head(text, charactersMax).replace(HIDDEN, (character) =>
    character === '\t' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  const cut = text.length > charactersMax || visible.length > charactersMax;
  return cut ? `${head(visible, charactersMax)} [cut: ${text.length} characters]` : visible;
}

/** Never ends in half of a surrogate pair: no digest can be made of one (RFC 8785 section 3.2.2.2). */
const head = (text: string, charactersMax: number): string =>
  text.slice(0, charactersMax).replace(/[\uD800-\uDBFF]$/, '');
