/**
 * A command text -> its words, as a shell would split them, and nothing else of a shell. No text here ever reaches one: what a shell would
 * act on is refused because the caller meant something that will not happen (CVE-2025-53355, CVE-2025-59377, CVE-2025-69902).
 */
import { COMMAND_CHARACTERS_MAX } from '../limits.ts';
import { NotUnderstood } from './not-understood.ts';

/** Refused everywhere, in quotes too: a client that runs what it is told would act on them. */
const SHELL_CHARACTERS = ';|&<>$`';
/** A shell would expand or group by them outside quotes. */
const UNQUOTED_CHARACTERS = '(){}[]*?~#\\';

const ONE_COMMAND = 'Send one kubectl command at a time, without pipes, lists, redirections or substitutions.';
const BY_TOOL =
  'Use request_patch_resource, request_annotate_resource or request_apply_manifest, which take any text as data.';

export function wordsOf(text: string): readonly string[] {
  if (text.length > COMMAND_CHARACTERS_MAX)
    throw new NotUnderstood(`it is longer than ${COMMAND_CHARACTERS_MAX} characters`, BY_TOOL);
  for (const character of text) refuseCharacter(character);
  return split(text);
}

function refuseCharacter(character: string): void {
  const code = character.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  if (code === 0x0a || code === 0x0d) throw new NotUnderstood('it holds a line break', ONE_COMMAND);
  if (code < 0x20 || code === 0x7f) throw new NotUnderstood(`it holds the control character ${name}`, ONE_COMMAND);
  // Letters that look like ours name other objects.
  if (code > 0x7e) throw new NotUnderstood(`it holds ${name}, which is no ASCII character`, BY_TOOL);
  if (SHELL_CHARACTERS.includes(character))
    throw new NotUnderstood(
      `it holds ${character === '`' ? 'a backtick' : character}, which only a shell would act on`,
      ONE_COMMAND,
    );
}

function split(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else if (character === '\\' && quote === '"') {
        at += 1;
        word = `${word ?? ''}${escaped(text.charAt(at))}`;
      } else word = `${word ?? ''}${character}`;
    } else if (character === ' ') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (UNQUOTED_CHARACTERS.includes(character)) {
      throw new NotUnderstood(`it holds ${character} outside quotes`, 'Put the value into single quotes.');
    } else word = `${word ?? ''}${character}`;
  }
  if (quote !== undefined) throw new NotUnderstood('a quote is not closed', 'Close it.');
  return word === undefined ? words : [...words, word];
}

/** Of the escapes within double quotes the two that JSON needs. */
function escaped(character: string): string {
  if (character === '"' || character === '\\') return character;
  throw new NotUnderstood('it holds a backslash that escapes nothing', 'Put the value into single quotes.');
}
