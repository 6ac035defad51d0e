/**
 * Text that anybody in the cluster can choose (messages, reasons, images), made fit to be shown: one line, no control, bidi or
 * invisible characters, capped. It stays untrusted: it is stored as evidence, and no rule of ours reads it.
 */

/** Control, format (zero width, bidi), surrogate, private-use and unassigned characters, and the line separators. Stops a log line from redrawing a terminal or reordering a page (ANSI escapes, U+202E). */
const UNSHOWABLE = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** @param max characters (UTF-16 units) of the result, the ellipsis included */
export function shownText(text: string, max: number): string {
  // A regular expression over a megabyte is work for the attacker's price of a write: cut first, with room for what is removed.
  const line = text
    .slice(0, max * 4)
    .toWellFormed()
    .replaceAll(UNSHOWABLE, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim();
  return line.length <= max ? line : `${line.slice(0, max - 1).toWellFormed()}…`;
}

/** Letters, digits and the punctuation of image references: nothing that could close a quotation or begin a sentence. */
const IMAGE_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:@/+-]{0,511}$/;
export const isImageReference = (text: string): boolean => IMAGE_PATTERN.test(text);

/** An image for a sentence of ours; one that is no image reference is not repeated. */
export const shownImage = (image: string, max = 120): string =>
  isImageReference(image) ? shownText(image, max) : 'an image whose name is not valid';
