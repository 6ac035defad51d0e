/** The Authorization header, and nothing else: no query parameter, no form field, no cookie (RFC 6750 section 5.3, OAuth 2.1 section 5.1). */
import { pass, type Result, refuse } from '@countersign/approvals';
import { TOKEN_CHARACTERS_MAX } from './limits.ts';
import type { TokenRefusal } from './token-refusal.ts';

const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** The compact JWS in `Bearer <token>`; the scheme's letters may be of any case (RFC 9110 section 11.1). */
export function bearerTokenOf(header: string | undefined): Result<string, TokenRefusal> {
  if (header === undefined || header.slice(0, 7).toLowerCase() !== 'bearer ') return refuse({ code: 'token.missing' });
  const token = header.slice(7).trim();
  // Two Authorization headers arrive joined by a comma; which one counts would be a guess (RFC 9110 section 5.3).
  if (token.length > TOKEN_CHARACTERS_MAX || !COMPACT_JWS.test(token)) {
    return refuse({ code: 'token.invalid', fault: 'malformed' });
  }
  return pass(token);
}
