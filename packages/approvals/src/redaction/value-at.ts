/**
 * Where a value ends that begins here: quoted, in brackets, a YAML block, or a word. Where it cannot be told, rather more is taken than
 * less: what is hidden too much costs a reader a question, what is hidden too little costs a secret.
 */
import { MAPPING_CHARACTERS_MAX, SECRET_CHARACTERS_MAX } from './limits.ts';
import type { TextRange } from './seen-text.ts';

/** A value that says of itself that it is none: redacted already, masked, empty, a reference to somewhere else. */
const HARMLESS =
  /^["'`[({]*(?:|true|false|yes|no|null|nil|none|undefined|n\/a|<[a-z_ -]{0,40}>|\[?redacted(?:: [a-z-]{1,40})?\]?|\[withheld[^\]]{0,80}\]?|[*x.•]{3,40}|\$\([A-Za-z_][A-Za-z0-9_]{0,80}\)|\$\{?[A-Za-z_][A-Za-z0-9_.]{0,80}\}?|\{\{[^{}]{0,200}\}\}|valueFrom:?|file:\/\/\S{0,400})["'`\])},;]*$/i;
export const isHarmless = (value: string): boolean => HARMLESS.test(value.trim());

/** After `secret:` and a space these begin a sentence. */
const PROSE =
  /^(?:not|no|the|an?|is|are|was|were|has|have|had|failed|failure|failing|fail|invalid|expired|expires|missing|required|unauthorized|forbidden|unable|could|couldn't|can|can't|cannot|error|errors|unexpected|illegal|bad|wrong|denied|permission|empty|must|should|rpc|get|post|put|patch|secrets?|configmaps?|timed|timeout|waiting|already|does|doesn't|did|didn't|context|connection|received|authentication|authorization|unknown|unsupported|malformed|signature|token|tokens|key|field|value|name|spec|metadata|for|from|in|of|to|with|by|at|on|it|this|that|and|or|but|when|while|because|server|client|user|x509|dial|lookup|open|read|stat|exec|https?:\/\/\S*)$/i;
export const isProse = (word: string): boolean => PROSE.test(word.replace(/[.,;:!?]+$/, ''));

/** From a quote to its end, with whatever is glued to it; without an end to the end of the line. */
function quotedEnd(text: string, at: number): number {
  const quote = text[at] ?? '';
  const triple = text.startsWith(quote.repeat(3), at) ? quote.repeat(3) : quote;
  const limit = Math.min(text.length, at + SECRET_CHARACTERS_MAX);
  for (let end = at + triple.length; end < limit; end += 1) {
    if (text[end] === '\\' && quote === '"') end += 1;
    else if (text.startsWith(triple, end)) return end + triple.length;
  }
  const line = text.indexOf('\n', at);
  return line < 0 ? text.length : line;
}

const CLOSING: Readonly<Record<string, string>> = { '[': ']', '{': '}', '(': ')' };

/** From a bracket to its partner; without one to the end of the line. */
export function bracketEnd(text: string, at: number): number {
  const [open, close] = [text[at] ?? '', CLOSING[text[at] ?? ''] ?? ''];
  const limit = Math.min(text.length, at + MAPPING_CHARACTERS_MAX);
  let depth = 0;
  for (let end = at; end < limit; end += 1) {
    const character = text[end];
    if (character === '"') end = Math.max(end, quotedEnd(text, end) - 1);
    else if (character === open) depth += 1;
    else if (character === close) {
      depth -= 1;
      if (depth === 0) return end + 1;
    }
  }
  const line = text.indexOf('\n', at);
  return line < 0 ? text.length : line;
}

const QUOTES = /["'`]/;
/** What ends a word that is no part of it: the end of a sentence, of a list, of what it is quoted in. */
const STOPS = /[\s&]/;
const SOFT_STOPS = /[,;)\]}"'`]/;

/** What stands for a secret already is one word, whatever is glued to it. */
const PLACEHOLDER = /\[(?:redacted|withheld)[^\]\n]{0,80}\]/iy;

/** A word, or what is quoted, with all that is glued to it; at most `charactersMax` of it. */
export function wordEnd(text: string, from: number, charactersMax = Number.POSITIVE_INFINITY): number {
  PLACEHOLDER.lastIndex = from;
  let at = from + (PLACEHOLDER.exec(text)?.[0].length ?? 0);
  const limit = Math.min(text.length, from + charactersMax);
  while (at < limit) {
    const character = text[at] ?? '';
    if (STOPS.test(character)) break;
    if (QUOTES.test(character) && (at === from || QUOTES.test(text[at - 1] ?? ''))) {
      at = quotedEnd(text, at);
      // What is glued to a quotation belongs to it; what separates does not.
      if (/[\s,;:)\]}>&|]/.test(text[at] ?? ' ')) break;
      continue;
    }
    if (character === '<' && text[at + 1] === '/') break;
    if (SOFT_STOPS.test(character) && endsHere(text, at)) break;
    at += 1;
  }
  // The line end of a text within JSON is no part of the word before it.
  while (at > from + 2 && /\\[nrt]/.test(text.slice(at - 2, at))) at -= 2;
  return at;
}

/** The separator is followed by a space, another separator, the end, or the next `name=`. */
function endsHere(text: string, at: number): boolean {
  const ahead = text.slice(at + 1, at + 50);
  return /^(?:$|[\s,;)\]}"'`.]|["']?[A-Za-z_][\w. -]{0,40}["']?[=:])/.test(ahead);
}

const indentOf = (line: string): number => /^[ ]*(?:- +)*/.exec(line)?.[0].length ?? 0;
const leadingSpaces = (line: string): number => /^[ \t]*/.exec(line)?.[0].length ?? 0;

/** The lines after this one that are indented deeper than the key: a YAML block or a value on lines of its own. */
export function indentedBlock(text: string, keyAt: number, lineEnd: number): TextRange | undefined {
  const keyLine = text.slice(text.lastIndexOf('\n', keyAt - 1) + 1, keyAt);
  const indent = indentOf(keyLine);
  let to = lineEnd;
  let at = lineEnd + 1;
  const limit = Math.min(text.length, lineEnd + SECRET_CHARACTERS_MAX * 4);
  while (at < limit) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end < 0 ? text.length : end);
    if (line.trim() !== '' && leadingSpaces(line) <= indent) break;
    to = at + line.length;
    at = to + 1;
    if (end < 0) break;
  }
  return text.slice(lineEnd + 1, to).trim() === '' ? undefined : { from: lineEnd + 1, to };
}
