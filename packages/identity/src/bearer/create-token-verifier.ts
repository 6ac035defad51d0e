/** Bearer access tokens (RFC 9068, RFC 7519) -> Principal. Only signed by a trusted issuer, only for this resource, only fresh. */
import { type Clock, type Principal, pass, type Result, refuse, Unavailable } from '@countersign/approvals';
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { bearerTokenOf } from './bearer-header.ts';
import { remoteKeySet } from './key-set.ts';
import { principalOfClaims } from './principal-of-claims.ts';
import type { TokenFault, TokenRefusal } from './token-refusal.ts';
import type { TrustedIssuer } from './trusted-issuer.ts';

export interface TokenVerifierConfig {
  /** Canonical URI of the resource, as clients name it (RFC 8707): compared as text, no slash added or taken. */
  readonly audience: string;
  readonly issuers: readonly TrustedIssuer[];
  readonly clockSkewSeconds: number;
  /** Oldest `iat` that is accepted; the skew is added to it. */
  readonly maxTokenAgeSeconds: number;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

export interface VerifiedToken {
  readonly principal: Principal;
  readonly issuer: string;
  readonly clientId: string;
}

export interface TokenVerifier {
  /** Answers who calls, or why nobody does. Throws Unavailable when the issuer's keys cannot be had; no error holds text of the token. */
  verify(authorizationHeader: string | undefined): Promise<Result<VerifiedToken, TokenRefusal>>;
}

/** Throws on a configuration that could not be safe. */
export function createTokenVerifier(config: TokenVerifierConfig): TokenVerifier {
  const trusted = new Map(
    config.issuers.map((issuer) => {
      assertUsable(issuer);
      return [issuer.issuer, { issuer, keys: remoteKeySet(issuer.jwksUri, config.fetch, config.clock) }] as const;
    }),
  );
  if (trusted.size !== config.issuers.length) throw new TypeError('an issuer is configured twice');

  return {
    async verify(authorizationHeader) {
      const token = bearerTokenOf(authorizationHeader);
      if (!token.ok) return token;
      const named = unverifiedParts(token.value);
      if (named === undefined) return invalid('malformed');
      // The name is only used to choose among configured issuers; the signature is then checked with that issuer's keys.
      const found = typeof named.iss === 'string' ? trusted.get(named.iss) : undefined;
      if (found === undefined) return invalid('issuer');
      const fault = headerFault(named, found.issuer);
      if (fault !== undefined) return invalid(fault);
      const claims = await verifiedClaims(token.value, found.issuer, found.keys, config);
      if (!claims.ok) return claims;
      // A sender-constrained token is worth nothing without its proof, which this endpoint does not ask for yet: accepting it as a plain
      // bearer token would undo the constraint (RFC 9449 section 7.2, RFC 8705 section 3).
      if (claims.value.cnf !== undefined) return invalid('sender-constrained');
      const principal = principalOfClaims(claims.value, found.issuer);
      return principal.ok ? pass({ ...principal.value, issuer: found.issuer.issuer }) : principal;
    },
  };
}

const invalid = (fault: TokenFault) => refuse<TokenRefusal>({ code: 'token.invalid', fault });

interface UnverifiedParts {
  readonly iss: unknown;
  readonly typ: unknown;
  readonly alg: unknown;
  readonly kid: unknown;
}

function unverifiedParts(token: string): UnverifiedParts | undefined {
  try {
    const { typ, alg, kid } = decodeProtectedHeader(token);
    return { iss: decodeJwt(token).iss, typ, alg, kid };
  } catch {
    return undefined;
  }
}

const typesOf = (issuer: TrustedIssuer): readonly string[] => issuer.tokenTypes ?? ['at+jwt'];

function headerFault(named: UnverifiedParts, issuer: TrustedIssuer): TokenFault | undefined {
  // Stops an ID token or another kind of JWT from passing for an access token (RFC 9068 section 4, RFC 8725 section 3.11).
  const type = typeof named.typ === 'string' ? named.typ.toLowerCase().replace(/^application\//, '') : '';
  if (!typesOf(issuer).some((allowed) => allowed.toLowerCase() === type)) return 'type';
  // Stops `none` and a public key used as an HMAC secret (RFC 8725 sections 2.1 and 3.1).
  if (!issuer.algorithms.some((allowed) => allowed === named.alg)) return 'algorithm';
  // Without a key id every key of the issuer would be tried, whatever it is for.
  return typeof named.kid === 'string' && named.kid !== '' ? undefined : 'key';
}

async function verifiedClaims(
  token: string,
  issuer: TrustedIssuer,
  keys: JWTVerifyGetKey,
  config: TokenVerifierConfig,
): Promise<Result<JWTPayload, TokenRefusal>> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: [...issuer.algorithms],
      issuer: issuer.issuer,
      // Stops a token that was made for another service from being replayed here (RFC 8707 section 2, RFC 9068 section 4).
      audience: config.audience,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: config.clockSkewSeconds,
      // Bounds how long a stolen token is of use, whatever `exp` the issuer chose.
      maxTokenAge: config.maxTokenAgeSeconds,
      currentDate: config.clock(),
    });
    return pass(payload);
  } catch (error) {
    const fault = faultOf(error);
    if (fault === undefined) throw new Unavailable(`the token could not be checked (${nameOf(error)})`);
    return invalid(fault);
  }
}

const FAULT_OF_CLAIM: Readonly<Record<string, TokenFault>> = {
  aud: 'audience',
  iss: 'issuer',
  nbf: 'not-yet-valid',
  iat: 'age',
};

/** Undefined: not the token's fault. */
function faultOf(error: unknown): TokenFault | undefined {
  if (error instanceof errors.JWTExpired) return error.claim === 'iat' ? 'age' : 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return FAULT_OF_CLAIM[error.claim] ?? 'claims';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'key';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid) return 'malformed';
  return error instanceof errors.JOSENotSupported ? 'malformed' : undefined;
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

function assertUsable(issuer: TrustedIssuer): void {
  const { protocol, hostname } = new URL(issuer.jwksUri);
  // Whoever can answer for the key set can sign as anybody: HTTPS, but for this machine itself.
  const loopback = protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost');
  if (protocol !== 'https:' && !loopback) throw new TypeError('the key set of an issuer must be fetched over HTTPS');
  if (issuer.algorithms.length === 0 || typesOf(issuer).length === 0 || issuer.issuerGroup === '') {
    throw new TypeError('an issuer needs algorithms, token types and a group');
  }
}
