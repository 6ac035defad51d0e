/** Every number of the browser's sign-in, with its unit in the name and the reason beside it. */

/** A working day; after it the issuer is asked again. The session is stateless, so this is also how long a stolen cookie lives. */
export const SESSION_LIFETIME_SECONDS = 8 * 60 * 60;
/** The issuer must have authenticated the person within this time (`max_age`): its own session may be days old. */
export const AUTHENTICATION_AGE_SECONDS_MAX = 8 * 60 * 60;
/** From leaving for the issuer to coming back. */
export const SIGN_IN_LIFETIME_SECONDS = 5 * 60;
/** How long the issuer's metadata is believed before it is read again. */
export const ISSUER_METADATA_LIFETIME_SECONDS = 60 * 60;
/** A single request to the issuer. */
export const ISSUER_TIMEOUT_MILLISECONDS = 5_000;
/** Browsers drop a cookie whose name, value and attributes exceed 4096 bytes (RFC 6265 section 6.1). */
export const COOKIE_BYTES_MAX = 4_096;
/** 256 bits: AES-256 keys, and what the cookies' keys are derived from. */
export const KEY_BYTES = 32;
/** 256 bits for state, nonce and the PKCE verifier (RFC 7636 section 7.1 asks for it). */
export const SIGN_IN_SECRET_BYTES = 32;
/** 128 random bits name a session. */
export const SESSION_ID_BYTES = 16;
/** What a vote may carry of its voter (the core's vote format). */
export const DISPLAY_CHARACTERS_MAX = 200;
export const GROUPS_MAX = 200;
export const GROUP_CHARACTERS_MAX = 256;
/** The pages' own paths are far shorter. */
export const RETURN_PATH_CHARACTERS_MAX = 200;
