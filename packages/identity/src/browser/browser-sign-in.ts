/**
 * People sign in at their OIDC issuer: authorization code with PKCE, state and nonce (RFC 9700 section 2.1.1). The state between leaving
 * and coming back lies sealed in a cookie of its own, so that nothing is stored and a callback works only in the browser that began it.
 */
import { type Person, pass, type Result, refuse } from '@countersign/approvals';
import type { BrowserSignInConfig, SignInRefusal } from './config.ts';
import { clearCookie, readCookie, SIGN_IN_COOKIE, setCookie } from './cookies.ts';
import { createIssuerClient } from './issuer-client.ts';
import { SESSION_ID_BYTES, SIGN_IN_LIFETIME_SECONDS, SIGN_IN_SECRET_BYTES } from './limits.ts';
import { personOfClaims } from './person-of-claims.ts';
import { localReturnPath } from './return-path.ts';
import { sealedValues } from './sealed-value.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** Path of the redirect URI that the web client is registered with, below the pages' origin. */
export const SIGN_IN_CALLBACK_PATH = '/signin/callback';

export interface BrowserSignIn extends Pick<Sessions, 'read'> {
  /** Where to send the browser, and the cookie of this sign-in. Anything but a plain local path returns to `/`. */
  begin(
    returnPath: string | undefined,
  ): Promise<Result<{ readonly location: string; readonly cookies: readonly string[] }, SignInRefusal>>;
  /**
   * Redeems the issuer's answer (`url`: the whole callback URL). The session id is new with every sign-in: stops session fixation.
   * The caller answers a page of its own site that goes on to `returnPath`: a Strict cookie set on the way back from the issuer rides
   * only on the next navigation that starts on our own site.
   */
  complete(callback: {
    readonly url: string;
    readonly cookies: string | undefined;
  }): Promise<
    Result<{ readonly person: Person; readonly returnPath: string; readonly cookies: readonly string[] }, SignInRefusal>
  >;
  /** Set-Cookie values that sign this browser out. */
  end(): readonly string[];
}

export function createBrowserSignIn(config: BrowserSignInConfig): BrowserSignIn {
  const sessions = createSessions(config);
  const states = sealedValues(config.sessionKeys, 'sign-in', config.clock);
  const client = createIssuerClient(config.issuer, `${config.origin}${SIGN_IN_CALLBACK_PATH}`, config.clock);
  const secret = (): string => config.random.token(SIGN_IN_SECRET_BYTES);

  return {
    begin: async (wish) => {
      const state = { state: secret(), nonce: secret(), verifier: secret(), returnPath: localReturnPath(wish) };
      const location = await client.authorizationUrl(state);
      if (!location.ok) return location;
      const sealed = await states.seal(state, SIGN_IN_LIFETIME_SECONDS);
      return pass({ location: location.value, cookies: [setCookie(SIGN_IN_COOKIE, sealed, SIGN_IN_LIFETIME_SECONDS)] });
    },

    complete: async ({ url, cookies }) => {
      const sealed = readCookie(SIGN_IN_COOKIE, cookies);
      const claims = sealed === undefined ? undefined : await states.open(sealed);
      const { state, nonce, verifier, returnPath } = claims ?? {};
      if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string') {
        return refuse({ why: 'state-missing' });
      }
      const redeemed = await client.redeem(new URL(url).searchParams, { state, nonce, verifier });
      if (!redeemed.ok) return redeemed;
      const person = personOfClaims(
        redeemed.value,
        config.issuer,
        config.relevantGroups,
        config.random.token(SESSION_ID_BYTES),
      );
      if (person === undefined) return refuse({ why: 'person-unidentified' });
      const session = await sessions.issue(person);
      if (session === undefined) return refuse({ why: 'session-too-large' });
      return pass({
        person,
        // Checked again on the way out: a sealed wish of an older version may have been judged by older rules.
        returnPath: localReturnPath(typeof returnPath === 'string' ? returnPath : undefined),
        cookies: [session, clearCookie(SIGN_IN_COOKIE)],
      });
    },

    read: sessions.read,
    end: () => [sessions.end(), clearCookie(SIGN_IN_COOKIE)],
  };
}
