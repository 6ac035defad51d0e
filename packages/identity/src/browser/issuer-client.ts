/** The web client at its issuer: builds the authorization request and redeems the answer. Library errors become refusals here. */
import { type Clock, pass, type Result, refuse } from '@countersign/approvals';
import * as oauth from 'oauth4webapi';
import type { PeopleIssuer, SignInRefusal } from './config.ts';
import { createIssuerMetadata, type IssuerMetadata, issuerRequest, UnusableIssuer } from './issuer-metadata.ts';
import { AUTHENTICATION_AGE_SECONDS_MAX } from './limits.ts';

export interface SignInSecrets {
  readonly state: string;
  readonly nonce: string;
  /** PKCE code verifier (RFC 7636). */
  readonly verifier: string;
}

export interface IssuerClient {
  authorizationUrl(secrets: SignInSecrets): Promise<Result<string, SignInRefusal>>;
  /** Claims of the validated ID token. The access token is dropped: the pages call nobody in the person's name. */
  redeem(
    answer: URLSearchParams,
    secrets: SignInSecrets,
  ): Promise<Result<Readonly<Record<string, unknown>>, SignInRefusal>>;
}

export function createIssuerClient(config: PeopleIssuer, redirectUri: string, clock: Clock): IssuerClient {
  const metadata = createIssuerMetadata(config.issuer, clock);
  const client: oauth.Client = { client_id: config.clientId };
  const authentication = config.clientSecret === null ? oauth.None() : oauth.ClientSecretBasic(config.clientSecret);
  const keys: oauth.JWKSCacheInput = {};

  const exchange = async (issuer: IssuerMetadata, answer: URLSearchParams, secrets: SignInSecrets) => {
    // Stops a forged or swapped callback (state; RFC 6749 section 10.12) and an answer of another issuer (`iss`; RFC 9207).
    const checked = oauth.validateAuthResponse(issuer, client, answer, secrets.state);
    const response = await oauth.authorizationCodeGrantRequest(
      issuer,
      client,
      authentication,
      checked,
      redirectUri,
      // Stops a stolen code from being redeemed elsewhere, or another person's from being redeemed here (RFC 7636, RFC 9700 section 4.5).
      secrets.verifier,
      issuerRequest(config.issuer),
    );
    const tokens = await oauth.processAuthorizationCodeResponse(issuer, client, response, {
      // iss, aud, azp, exp and iat are checked always; the nonce stops a replayed ID token (OpenID Connect Core section 3.1.3.7).
      expectedNonce: secrets.nonce,
      maxAge: AUTHENTICATION_AGE_SECONDS_MAX,
      requireIdToken: true,
    });
    // The channel was TLS, or loopback; the signature is checked all the same, so that a proxy in between cannot make people.
    await oauth.validateApplicationLevelSignature(issuer, response, {
      ...issuerRequest(config.issuer),
      [oauth.jwksCache]: keys,
    });
    return oauth.getValidatedIdTokenClaims(tokens);
  };

  return {
    authorizationUrl: async ({ state, nonce, verifier }) => {
      try {
        const url = new URL((await metadata()).authorization_endpoint);
        const parameters = {
          response_type: 'code',
          client_id: config.clientId,
          redirect_uri: redirectUri,
          scope: ['openid', ...config.scopes].join(' '),
          state,
          nonce,
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          // Makes auth_time a required claim, and an issuer's old session too old (OpenID Connect Core section 3.1.2.1).
          max_age: String(AUTHENTICATION_AGE_SECONDS_MAX),
        };
        for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
        return pass(url.href);
      } catch (error) {
        return refuse(refusalOf(error));
      }
    },

    redeem: async (answer, secrets) => {
      if (answer.getAll('state').length !== 1 || answer.get('state') !== secrets.state)
        return refuse({ why: 'state-mismatch' });
      try {
        const claims = await exchange(await metadata(), answer, secrets);
        return claims === undefined ? refuse({ why: 'response-invalid' }) : pass(claims);
      } catch (error) {
        return refuse(refusalOf(error));
      }
    },
  };
}

/** Everything that can go wrong here is the issuer's or the network's, whose words are never shown. */
function refusalOf(error: unknown): SignInRefusal {
  if (error instanceof oauth.AuthorizationResponseError) {
    return { why: 'issuer-refused', denied: error.error === 'access_denied' };
  }
  if (error instanceof oauth.OperationProcessingError) {
    return error.code === oauth.RESPONSE_IS_NOT_CONFORM ? { why: 'issuer-unavailable' } : { why: 'response-invalid' };
  }
  if (
    error instanceof oauth.ResponseBodyError ||
    error instanceof oauth.UnsupportedOperationError ||
    error instanceof oauth.WWWAuthenticateChallengeError
  ) {
    return { why: 'response-invalid' };
  }
  if (error instanceof UnusableIssuer || isNetworkFailure(error)) return { why: 'issuer-unavailable' };
  throw error;
}

/** fetch rejects with a TypeError whose cause is the network's, and with a DOMException when its time is over. */
const isNetworkFailure = (error: unknown): boolean =>
  (error instanceof TypeError && error.message === 'fetch failed') ||
  (error instanceof DOMException && error.name === 'TimeoutError');
