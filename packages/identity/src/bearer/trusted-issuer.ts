/** What a deployment knows of an issuer that it trusts. Nothing of this is ever taken from a token. */
import type { PersonId } from '@countersign/approvals';
import type { PersonClaim } from './person-claim.ts';

/** A client that acts for itself (client_credentials), with the person who answers for it. */
export interface MachineClient {
  readonly kind: 'agent' | 'service';
  /** For people's eyes. */
  readonly display: string;
  /**
   * `claimValue`: the owner's person claim at this same issuer (`<tid>/<oid>` for Entra). Null: unknown, so that what it proposes is
   * refused.
   */
  readonly owner: { readonly claimValue: string } | PersonId | null;
  /** Subjects of its own tokens where the issuer does not put the client id into `sub` (Keycloak's service accounts). */
  readonly subjects?: readonly string[];
}

export interface TrustedIssuer {
  /** Exact value of `iss`. */
  readonly issuer: string;
  /** Issuers of one group speak of the same people; equal claims of two groups are two people. */
  readonly issuerGroup: string;
  readonly jwksUri: string;
  readonly personClaim: PersonClaim;
  readonly algorithms: readonly ('ES256' | 'RS256')[];
  /** Default `at+jwt` (RFC 9068); `JWT` only for issuers that do not follow it. */
  readonly tokenTypes?: readonly ('at+jwt' | 'JWT')[];
  readonly groupsClaim: string;
  /** Default `client_id` (RFC 9068); `azp` for Entra and Keycloak, `cid` for Okta. */
  readonly clientIdClaim?: 'client_id' | 'azp' | 'cid';
  /** Default `scope` (RFC 9068); `scp` for Entra (text) and Okta (array). */
  readonly scopeClaim?: 'scope' | 'scp';
  /** By client id. A client that is missing here may read, but what it proposes has no owner and is refused. */
  readonly clients: Readonly<Record<string, MachineClient>>;
}
