/**
 * The one way out of the parser: a command is understood whole or not at all. Thrown by its parts and caught in parse-command.ts alone,
 * so that no part can go on with half of a command.
 */
import { QUOTED_WORD_CHARACTERS_MAX } from '../limits.ts';

export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';
  /** A clause for "nothing was planned: …". */
  readonly why: string;
  /** A sentence: what to send in its place. */
  readonly instead: string;

  constructor(why: string, instead: string) {
    super(why);
    this.why = why;
    this.instead = instead;
  }
}

/** The caller's word where it is a plain one; anything else would put its text into our sentence. */
export const quoted = (word: string): string =>
  /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(word) && word.length <= QUOTED_WORD_CHARACTERS_MAX ? `"${word}"` : 'a word of it';
