/** Numbers of the bearer check, with their unit in the name and the reason beside them. */

/** Longer than any token of a known issuer; refused before a byte of it is decoded. */
export const TOKEN_CHARACTERS_MAX = 16_384;
/** A key set is a few kilobytes; a hostile or broken issuer must not fill the memory. */
export const KEY_SET_BYTES_MAX = 131_072;
export const KEY_SET_TIMEOUT_MILLISECONDS = 3_000;
/** How long fetched keys are believed; a key that the issuer withdrew stops working after this. */
export const KEY_SET_AGE_SECONDS_MAX = 300;
/** An unknown key id makes one fetch in this time: rotation is noticed, made-up key ids do not hammer the issuer. */
export const KEY_SET_REFRESH_SECONDS_MIN = 30;
/** After a failed fetch nobody asks again for this long. */
export const KEY_SET_FAILURE_PAUSE_SECONDS = 5;
/** Claims that become part of a key or a signed document. */
export const CLAIM_CHARACTERS_MAX = 256;
export const GROUPS_MAX = 200;
export const DISPLAY_CHARACTERS_MAX = 200;
