/** Every number of the redaction, with its unit in the name and the reason beside it. */

/** Text that is looked at in one call; what lies beyond is withheld, never passed through. */
export const CHECKED_CHARACTERS_MAX = 2_000_000;
/** Longest value that is taken for a secret as a whole, quoted or in brackets: a key of 16384 bits in PEM is below it. */
export const SECRET_CHARACTERS_MAX = 16_384;
/** A list or mapping under a secret's name. */
export const MAPPING_CHARACTERS_MAX = 2_048;
/** Lines of a private key: RSA with 16384 bits has fewer. A lone BEGIN must not blind a reader to the rest of a log. */
export const PRIVATE_KEY_LINES_MAX = 250;
/** A name is judged by its end. */
export const NAME_CHARACTERS_MAX = 128;
/** Between the two halves of `{name: DB_PASSWORD, value: ...}`. */
export const PAIR_DISTANCE_CHARACTERS_MAX = 400;
/** JSON in JSON in JSON: deeper escapes are not undone. */
export const ESCAPE_DEPTH_MAX = 3;
/** base64 of base64. */
export const ENCODING_DEPTH_MAX = 2;
/** Shorter runs of base64 hold neither a sentence nor a secret with its name. */
export const ENCODED_CHARACTERS_MIN = 20;
/** Of the characters of a decoded run, so that it counts as text. */
export const ENCODED_PRINTABLE_PERCENT_MIN = 70;
/** From here on a gzip in base64 (a Helm release, a kubectl bundle) is more than a word that begins alike. */
export const COMPRESSED_CHARACTERS_MIN = 100;
