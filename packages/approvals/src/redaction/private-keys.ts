/** Private keys in PEM (RFC 7468): head, body and end, also where a cap has cut one of them away. */
import { PRIVATE_KEY_LINES_MAX, SECRET_CHARACTERS_MAX } from './limits.ts';
import type { TextRange } from './seen-text.ts';

const BEGIN = /-{2,5}\s?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?(?:-{1,5})?/g;
const END = /-{2,5}\s?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?(?:-{1,5})?/g;
/** Their lines look like a key's, and everybody may read them. */
const PUBLIC =
  /-----BEGIN (?:[A-Z0-9 ]{0,30}(?:CERTIFICATE(?: REQUEST)?|PUBLIC KEY)|X509 CRL|DH PARAMETERS|PKCS7)-----/g;
const PUBLIC_END = /-----END [A-Z0-9 ]{1,40}-----/g;
/** Nothing but 60 to 76 base64 characters is a line of a body, also where the caps cut both its head and its end away. */
const BODY_LINE = /^[ \t]{0,40}([A-Za-z0-9+/]{60,76}={0,2})[ \t]{0,4}$/gm;

export const beginsPrivateKey = (text: string): boolean => text.search(BEGIN) >= 0;

export interface PrivateKeys {
  readonly ranges: readonly TextRange[];
  /** The text ends within a key: so many of its lines may still follow. */
  readonly linesOpen: number;
}

/** `linesOpen`: what an earlier text left open. */
export function privateKeys(text: string, linesOpen: number): PrivateKeys {
  const ranges: TextRange[] = [];
  let at = 0;
  let open = linesOpen;
  const nextBegin = searcher(BEGIN, text);
  const nextEnd = searcher(END, text);
  for (;;) {
    if (open > 0) {
      const end = nextEnd(at);
      const limit = endOfLines(text, at, open);
      if (end !== undefined && end.from <= limit) {
        ranges.push({ from: at, to: end.to });
        at = end.to;
        open = 0;
        continue;
      }
      ranges.push({ from: at, to: limit });
      const lines = text.slice(at, limit).split('\n').length;
      open = limit < text.length ? 0 : Math.max(0, open - lines);
      if (limit >= text.length) break;
      at = limit;
      continue;
    }
    const [begin, end] = [nextBegin(at), nextEnd(at)];
    if (end !== undefined && (begin === undefined || end.from < begin.from)) {
      // A tail: its head is not in the text. The lines above it belong to the key.
      ranges.push({ from: Math.max(at, startOfTail(text, at, end.from)), to: end.to });
      at = end.to;
      continue;
    }
    if (begin === undefined) break;
    ranges.push(begin);
    at = begin.to;
    open = PRIVATE_KEY_LINES_MAX;
  }
  return { ranges: [...ranges, ...bodyLines(text)], linesOpen: open };
}

function next(pattern: RegExp, text: string, at: number): TextRange | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? undefined : { from: match.index, to: match.index + match[0].length };
}

/** The same, for places that only move on: what lies ahead is looked for once, however often it is asked for. */
function searcher(pattern: RegExp, text: string): (at: number) => TextRange | undefined {
  let known: TextRange | undefined = next(pattern, text, 0);
  return (at) => {
    if (known !== undefined && known.from < at) known = next(pattern, text, at);
    return known;
  };
}

/** The end of the lines-th line from here on; a single endless line counts as many. */
function endOfLines(text: string, from: number, lines: number): number {
  let at = from;
  for (let line = 0; line < lines; line += 1) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

/** Without a head in sight everything on the line goes, and the lines above as far as they could be a key's. */
function startOfTail(text: string, floor: number, end: number): number {
  let start = text.lastIndexOf('\n', end - 1) + 1;
  if (start <= floor) return floor;
  for (let line = 0; line < PRIVATE_KEY_LINES_MAX && start > floor && end - start < SECRET_CHARACTERS_MAX; line += 1) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    const last = text.slice(Math.max(above, start - 201), start - 1);
    // The last line of a body may be short.
    if (!(line === 0 ? /[A-Za-z0-9+/]={0,2}\s*$/ : /[A-Za-z0-9+/]{16}={0,2}\s*$|^\s*\S{16,}\s*$/).test(last)) break;
    start = above;
  }
  return Math.max(floor, start);
}

function bodyLines(text: string): readonly TextRange[] {
  const lines = [...text.matchAll(BODY_LINE)].filter(
    // Digests are in hexadecimal; a body mixes its letters.
    ([, body = '']) => /[A-Z]/.test(body) && /[a-z]/.test(body) && !/^[0-9a-fA-F]+$/.test(body),
  );
  if (lines.length === 0) return [];
  const blocks = [...publicBlocks(text)];
  return lines.flatMap((match) => {
    const line = { from: match.index, to: match.index + match[0].length };
    while ((blocks[0]?.to ?? text.length) < line.to) blocks.shift();
    return (blocks[0]?.from ?? text.length) <= line.from ? [] : [line];
  });
}

function publicBlocks(text: string): readonly TextRange[] {
  const blocks: TextRange[] = [];
  for (let begin = next(PUBLIC, text, 0); begin !== undefined; begin = next(PUBLIC, text, blocks.at(-1)?.to ?? 0)) {
    const end = next(PUBLIC_END, text, begin.to);
    blocks.push({ from: begin.from, to: end?.to ?? text.length });
  }
  return blocks;
}
