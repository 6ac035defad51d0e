/** The longest that an access token lives: after a revocation, or a changed group, the old one works no longer than this. */
export const ACCESS_TOKEN_SECONDS = 300;
export const ID_TOKEN_SECONDS = 300;
export const AUTHORIZATION_CODE_SECONDS = 60;
/** Between the first page of a sign-in and its last. */
export const INTERACTION_SECONDS = 600;
/** A person's session at the issuer, and what clients were granted in it. */
export const SESSION_SECONDS = 43_200;

export const WRONG_PASSWORDS_IN_A_ROW = 5;
export const WRONG_PASSWORDS_PAUSE_SECONDS = 60;
/** How many addresses the throttle remembers: whoever tries endless ones must not fill the memory. */
export const THROTTLED_ADDRESSES = 1_000;

/** Clients that registered themselves; the oldest makes room for the next. */
export const REGISTERED_CLIENTS = 200;
export const REGISTRATION_BODY_BYTES = 16_384;
export const REGISTERED_REDIRECTS = 10;
export const CLIENT_NAME_CHARACTERS = 80;
export const FORM_BODY_BYTES = 4_096;
