/**
 * Untrusted text, made honest: whatever a reader could not see or would misread becomes a visible mark. Pure; pages turn the pieces into
 * elements, mails into text. Stops reordered text (bidi overrides, CVE-2021-42574), hidden text (zero-width, tag and variation
 * characters) and look-alikes.
 */
export interface TextPiece {
  readonly kind: 'text' | 'mark';
  readonly text: string;
}

/**
 * `prose`: any language, line feeds kept; invisible characters, exotic spaces and words that mix alphabets are marked.
 * `code`: names, images, paths; everything outside printable ASCII is marked.
 */
export type TextMode = 'prose' | 'code';

/** Controls, format and private characters, line separators, fillers that draw nothing, variation selectors, spaces that are no space. */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\u{34F}\u{115F}\u{1160}\u{17B4}\u{17B5}\u{180B}-\u{180F}\u{2800}\u{3164}\u{FFA0}\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}[\p{Zs}--[\u{20}]]]/v;
const NOT_PRINTABLE_ASCII = /[^\u{20}-\u{7E}]/v;
/** A letter of one of the alphabets that share shapes, inside a word that also has another's. */
const WORD = /[\p{L}\p{M}\p{N}]+/gv;
const LATIN = /\p{Script=Latin}/v;
const LOOKALIKE = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/v;

export function visiblePieces(text: string, mode: TextMode): readonly TextPiece[] {
  const foreign = mode === 'prose' ? mixedLetters(text) : new Set<number>();
  const pieces: TextPiece[] = [];
  let plain = '';
  let at = 0;
  for (const character of text) {
    if (isSeen(character, mode) && !foreign.has(at)) {
      plain += character;
    } else {
      if (plain !== '') pieces.push({ kind: 'text', text: plain });
      plain = '';
      pieces.push({ kind: 'mark', text: nameOf(character) });
    }
    at += character.length;
  }
  if (plain !== '') pieces.push({ kind: 'text', text: plain });
  return pieces;
}

/** The same on one line of plain text: for mails, titles and headers. Marks are in square brackets. */
export function visibleLine(text: string, mode: TextMode, charactersMax: number): string {
  const line = visiblePieces(text.replaceAll(/\s*\n\s*/g, ' '), mode)
    .map((piece) => (piece.kind === 'text' ? piece.text : `[${piece.text}]`))
    .join('');
  const characters = [...line];
  return characters.length <= charactersMax ? line : `${characters.slice(0, charactersMax - 1).join('')}…`;
}

function isSeen(character: string, mode: TextMode): boolean {
  if (mode === 'code') return !NOT_PRINTABLE_ASCII.test(character);
  return character === '\n' || !UNSEEN.test(character);
}

/** Positions of letters that pass for Latin ones in a word that is otherwise Latin: `pаypal` with a Cyrillic а. */
function mixedLetters(text: string): ReadonlySet<number> {
  const positions = new Set<number>();
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!LATIN.test(word) || !LOOKALIKE.test(word)) continue;
    let at = index;
    for (const character of word) {
      if (LOOKALIKE.test(character)) positions.add(at);
      at += character.length;
    }
  }
  return positions;
}

const nameOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
