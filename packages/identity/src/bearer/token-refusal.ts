/** Why a token was not believed. For the access log and the 401; holds nothing of the token. */
export const TOKEN_FAULTS = [
  'malformed',
  'issuer',
  'type',
  'algorithm',
  'key',
  'signature',
  'audience',
  'expired',
  'not-yet-valid',
  'age',
  'claims',
  'sender-constrained',
  'subject',
] as const;
export type TokenFault = (typeof TOKEN_FAULTS)[number];

export type TokenRefusal =
  /** No bearer token was sent: the challenge carries no error (RFC 6750 section 3.1). */
  { readonly code: 'token.missing' } | { readonly code: 'token.invalid'; readonly fault: TokenFault };
