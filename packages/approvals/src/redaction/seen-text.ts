/**
 * A text as a reader takes it, with the way back to the text as it is written. A zero-width character in the middle of `password`, a
 * colour in the middle of a token, a look-alike letter, `\"` in JSON within JSON, `%3D` in a URL: each would hide a secret from every
 * pattern and none from a reader. Patterns look at these views; what they find is cut from the original.
 */
import { HIDDEN_CHARACTER_CLASS, LOOK_ALIKES } from './hidden-characters.ts';
import { ESCAPE_DEPTH_MAX } from './limits.ts';

export interface SeenText {
  readonly text: string;
  /** Where each character of `text` begins in the original, and the original's length at the end. Undefined: one to one. */
  readonly starts: Int32Array | undefined;
}

/** Half-open. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

export const inOriginal = ({ starts }: SeenText, { from, to }: TextRange): TextRange =>
  starts === undefined ? { from, to } : { from: starts[from] ?? from, to: starts[to] ?? to };

/** All views of a text, the plainest first. */
export function viewsOf(original: string): readonly SeenText[] {
  const plain = seenText(original);
  const views = [plain];
  let escaped = plain;
  for (let depth = 0; depth < ESCAPE_DEPTH_MAX && escaped.text.includes('\\'); depth += 1) {
    escaped = replaced(escaped, ESCAPE, unescaped);
    views.push(escaped);
  }
  if (/%[0-9A-Fa-f]{2}/.test(plain.text)) views.push(replaced(plain, PERCENT, (code) => fromCode(code.slice(1))));
  if (/&(?:#|[a-z])/i.test(plain.text)) views.push(replaced(plain, ENTITY, (entity) => ENTITIES[entity] ?? entity));
  return views;
}

/** ECMA-48 control sequences and operating system commands, whole: their visible rest would stand between the letters of a word. */
const [ESC, BEL, CSI, OSC, ST] = ['\\u001b', '\\u0007', '\\u009b', '\\u009d', '\\u009c'];
const TERMINAL = new RegExp(
  `(?:${ESC}\\[|${CSI})[0-9;:?]{0,40}[ -/]{0,4}[@-~]|` +
    `(?:${ESC}\\]|${OSC})[^${BEL}${ESC}${ST}\\n]{0,400}(?:${BEL}|${ESC}\\\\|${ST})`,
  'y',
);
const HIDDEN = new RegExp(HIDDEN_CHARACTER_CLASS, 'u');
const PLAIN_ASCII = /^[\n\t\x20-\x7e]*$/;

/** Hidden characters and terminal sequences gone, look-alikes and accents folded to plain letters. */
export function seenText(original: string): SeenText {
  if (PLAIN_ASCII.test(original)) return { text: original, starts: undefined };
  const pieces: string[] = [];
  const starts: number[] = [];
  const put = (piece: string, at: number): void => {
    pieces.push(piece);
    for (let count = 0; count < piece.length; count += 1) starts.push(at);
  };
  let at = 0;
  while (at < original.length) {
    TERMINAL.lastIndex = at;
    const sequence = TERMINAL.exec(original)?.[0];
    if (sequence !== undefined) {
      at += sequence.length;
      continue;
    }
    const character = String.fromCodePoint(original.codePointAt(at) ?? 0);
    put(readAs(character), at);
    at += character.length;
  }
  return { text: pieces.join(''), starts: Int32Array.from([...starts, original.length]) };
}

/** What one character is read as: nothing, a line end, a space, or a plain letter. */
function readAs(character: string): string {
  if (character === '\n' || character === '\t' || (character >= ' ' && character <= '~')) return character;
  if (/[\r\v\f\u0085\u2028\u2029]/.test(character)) return '\n';
  if (HIDDEN.test(character)) return '';
  if (/\p{Zs}/u.test(character)) return ' ';
  const plain = character.normalize('NFKD').replace(/\p{Mn}/gu, '');
  // One character that stands for a sentence is no letter of a word.
  if (plain.length > 2) return character;
  return [...plain].map(lookAlike).join('');
}

function lookAlike(character: string): string {
  const lower = character.toLowerCase();
  const letter = LOOK_ALIKES[lower];
  if (letter === undefined) return character;
  return lower === character ? letter : letter.toUpperCase();
}

const ESCAPE = /\\(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[^\n])/g;
const PERCENT = /%[2-7][0-9A-Fa-f]/g;
const ENTITY = /&(?:quot|apos|amp|lt|gt|#0?3[49]|#x2[27]);/gi;
const ENTITIES: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&#34;': '"',
  '&#034;': '"',
  '&#x22;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&#039;': "'",
  '&#x27;': "'",
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
};

function unescaped(sequence: string): string {
  const kind = sequence[1] ?? '';
  if (kind === 'n' || kind === 'r') return '\n';
  if (kind === 't') return '\t';
  if (kind === 'u' || kind === 'x') return sequence.length > 2 ? fromCode(sequence.slice(2)) : sequence;
  return /["'`\\/$=:]/.test(kind) ? kind : sequence;
}

const fromCode = (hex: string): string => String.fromCharCode(Number.parseInt(hex, 16));

function replaced(view: SeenText, pattern: RegExp, by: (match: string) => string): SeenText {
  const pieces: string[] = [];
  const starts: number[] = [];
  const startOf = (at: number): number => view.starts?.[at] ?? at;
  const copy = (from: number, to: number): void => {
    pieces.push(view.text.slice(from, to));
    for (let at = from; at < to; at += 1) starts.push(startOf(at));
  };
  let done = 0;
  for (const match of view.text.matchAll(pattern)) {
    copy(done, match.index);
    const piece = by(match[0]);
    pieces.push(piece);
    for (let count = 0; count < piece.length; count += 1) starts.push(startOf(match.index));
    done = match.index + match[0].length;
  }
  copy(done, view.text.length);
  return { text: pieces.join(''), starts: Int32Array.from([...starts, startOf(view.text.length)]) };
}
