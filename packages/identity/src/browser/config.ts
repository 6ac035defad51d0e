import type { Clock, Randomness } from '@countersign/approvals';
import type { PersonClaim } from '../bearer/person-claim.ts';

/** The issuer that people sign in at, and which of its claims mean what. */
export interface PeopleIssuer {
  /** Issuer identifier. https, or http on a loopback address. */
  readonly issuer: string;
  /** The pages' own client. A token for any other audience is worth nothing here. */
  readonly clientId: string;
  /** Null for a public client; PKCE is used either way. */
  readonly clientSecret: string | null;
  /** Asked for beside `openid`. */
  readonly scopes: readonly string[];
  /** Keeps equal claims of two issuers apart; part of every PersonId. */
  readonly issuerGroup: string;
  /** The claim that identifies a person across this issuer's applications; the endpoint must be given the same. */
  readonly personClaim: PersonClaim;
  /** An array of strings; members are compared exactly. */
  readonly groupsClaim: string;
}

export interface BrowserSignInConfig {
  /** Origin of the pages, without a trailing slash. */
  readonly origin: string;
  readonly issuer: PeopleIssuer;
  /** 32 bytes each. The first seals; all open, so that a key can be changed without signing everybody out. */
  readonly sessionKeys: readonly Uint8Array[];
  /** Groups that some policy names: the only ones kept, since a cookie is small. Null keeps all. */
  readonly relevantGroups: readonly string[] | null;
  /** The machine's clock: sessions and tokens never follow a clock that a test has moved. */
  readonly clock: Clock;
  readonly random: Randomness;
}

/** Why nobody was signed in. Nothing here comes from the issuer's answer but the one code that a person can act on. */
export type SignInRefusal =
  | { readonly why: 'issuer-unavailable' }
  /** The sign-in's cookie is absent, expired or not ours. */
  | { readonly why: 'state-missing' }
  /** The answer belongs to another sign-in: an older tab, or a forged callback. */
  | { readonly why: 'state-mismatch' }
  | { readonly why: 'issuer-refused'; readonly denied: boolean }
  | { readonly why: 'response-invalid' }
  | { readonly why: 'person-unidentified' }
  | { readonly why: 'session-too-large' };
