/** Flags, by a closed table per command. What is not in it is refused by name; nothing is skipped, abbreviated or guessed. */
import { NotUnderstood, quoted } from './not-understood.ts';
import { refusedFlag } from './refused-flags.ts';

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** Absent: a switch. */
  readonly value?: true;
}

export interface ReadFlags {
  readonly words: readonly string[];
  /** Name of the flag -> its value; of a switch `true`. */
  readonly flags: ReadonlyMap<string, string>;
}

const NAMESPACE: Flag = { name: 'namespace', short: 'n', value: true };

/** `-n` may stand anywhere: before the command, within it, at its end. */
export const withoutNamespace = (words: readonly string[]): ReadFlags => readFlags(words, [NAMESPACE], () => false);

export const readAllFlags = (words: readonly string[], known: readonly Flag[]): ReadFlags =>
  readFlags(words, known, () => true);

function readFlags(words: readonly string[], known: readonly Flag[], mustKnow: () => boolean): ReadFlags {
  const rest: string[] = [];
  const flags = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') throw new NotUnderstood('it holds --', 'Leave it out: no command is passed on to a container.');
    if (!word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    const { name, attached } = parts(word);
    const flag = known.find(({ name: long, short }) => name === (word.startsWith('--') ? long : short));
    if (flag === undefined) {
      if (mustKnow()) throw unknownFlag(word, name, known);
      rest.push(word);
      continue;
    }
    if (flags.has(flag.name)) throw new NotUnderstood(`--${flag.name} is given twice`, 'Give it once.');
    if (flag.value === undefined) {
      const on = switchValue(flag, attached);
      if (on) flags.set(flag.name, 'true');
      continue;
    }
    const value = attached ?? words[at + 1];
    if (attached === undefined) at += 1;
    // kubectl would take the next flag for the value; the caller hardly meant that.
    if (value === undefined || (attached === undefined && value.startsWith('-') && value !== '-'))
      throw new NotUnderstood(`--${flag.name} has no value`, `Write --${flag.name}=VALUE.`);
    flags.set(flag.name, value);
  }
  return { words: rest, flags };
}

/** `--name=value`, `--name`, `-nvalue`, `-n=value`, `-n`. */
function parts(word: string): { readonly name: string; readonly attached: string | undefined } {
  if (!word.startsWith('--')) {
    const attached = word.slice(2).replace(/^=/, '');
    return { name: word.charAt(1), attached: word.length > 2 ? attached : undefined };
  }
  const equals = word.indexOf('=');
  return equals < 0
    ? { name: word.slice(2), attached: undefined }
    : { name: word.slice(2, equals), attached: word.slice(equals + 1) };
}

function switchValue(flag: Flag, attached: string | undefined): boolean {
  if (attached === undefined || attached === 'true') return true;
  if (attached === 'false') return false;
  throw new NotUnderstood(`--${flag.name} takes no value`, `Write --${flag.name}, or leave it out.`);
}

function unknownFlag(word: string, name: string, known: readonly Flag[]): NotUnderstood {
  const refused = refusedFlag(word, name);
  if (refused !== undefined) return refused;
  const names = ['--namespace', ...known.map((flag) => `--${flag.name}`)].join(', ');
  const what = word.startsWith('--') ? quoted(name) : quoted(word.slice(1));
  return new NotUnderstood(`the flag ${what} is not known for this command`, `Known flags: ${names}.`);
}
