/** Verified claims -> who calls. A person and a client are never mistaken for each other; what is not certain fails closed. */
import {
  clientPrincipalIdOf,
  type PersonId,
  type Principal,
  pass,
  personIdOf,
  type Result,
  refuse,
} from '@countersign/approvals';
import { CLAIM_CHARACTERS_MAX, DISPLAY_CHARACTERS_MAX, GROUPS_MAX } from './limits.ts';
import { personValueOf } from './person-claim.ts';
import type { TokenRefusal } from './token-refusal.ts';
import type { MachineClient, TrustedIssuer } from './trusted-issuer.ts';

type Claims = { readonly [name: string]: unknown };

export function principalOfClaims(
  claims: Claims,
  issuer: TrustedIssuer,
): Result<{ readonly principal: Principal; readonly clientId: string }, TokenRefusal> {
  const clientId = text(claims[issuer.clientIdClaim ?? 'client_id']);
  if (clientId === undefined) return refuse({ code: 'token.invalid', fault: 'claims' });
  const client = Object.hasOwn(issuer.clients, clientId) ? issuer.clients[clientId] : undefined;
  const groups = groupsOf(claims[issuer.groupsClaim]);
  const scopes = scopesOf(claims[issuer.scopeClaim ?? 'scope']);

  if (speaksForItself(claims, issuer, clientId, client)) {
    return pass({ principal: { ...machine(issuer, clientId, client), groups, scopes }, clientId });
  }
  // A client that is configured as a machine never speaks for a person: an issuer that fills `sub` in its own way would otherwise turn an
  // agent into a person without an owner, and lift the ban on the owner's vote.
  const person = personValueOf(claims, issuer.personClaim);
  if (client !== undefined || person === undefined) return refuse({ code: 'token.invalid', fault: 'subject' });
  const id = personIdOf(issuer.issuerGroup, person);
  return pass({ principal: { kind: 'person', id, display: displayOf(claims), owner: null, groups, scopes }, clientId });
}

/**
 * No resource owner took part. RFC 9068 section 2.2: `sub` then identifies the client. Issuers with a person claim of their own leave it
 * out; Entra says so in `idtyp`, or by an `oid` that equals `sub`.
 */
function speaksForItself(
  claims: Claims,
  issuer: TrustedIssuer,
  clientId: string,
  client: MachineClient | undefined,
): boolean {
  const subject = text(claims.sub);
  if (subject === clientId) return true;
  if (subject !== undefined && client?.subjects?.includes(subject) === true) return true;
  if (issuer.personClaim === 'sub') return false;
  if (personValueOf(claims, issuer.personClaim) === undefined) return true;
  return issuer.personClaim === 'oid' && (claims.idtyp === 'app' || claims.oid === claims.sub);
}

function machine(issuer: TrustedIssuer, clientId: string, client: MachineClient | undefined) {
  return {
    kind: client?.kind ?? 'agent',
    id: clientPrincipalIdOf(issuer.issuerGroup, clientId),
    display: shown(client?.display ?? clientId),
    owner: ownerOf(issuer, client),
  } as const;
}

function ownerOf(issuer: TrustedIssuer, client: MachineClient | undefined): PersonId | null {
  const owner = client?.owner ?? null;
  return owner === null || typeof owner === 'string' ? owner : personIdOf(issuer.issuerGroup, owner.claimValue);
}

/** Exact array members: a group named `x kubernetes-operators` is not `kubernetes-operators`, and a text is no list of groups. */
function groupsOf(claim: unknown): readonly string[] {
  if (!Array.isArray(claim)) return [];
  return claim.filter((member): member is string => text(member) !== undefined).slice(0, GROUPS_MAX);
}

/** RFC 6749 section 3.3: separated by spaces; some issuers send an array. */
function scopesOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((scope) => scope !== '');
  return Array.isArray(claim) ? claim.filter((scope): scope is string => text(scope) !== undefined) : [];
}

/** For people's eyes; decides nothing. */
const displayOf = (claims: Claims): string =>
  shown(text(claims.name) ?? text(claims.preferred_username) ?? text(claims.email) ?? 'person');

/** Control, format and surrogate characters could make one name look like another. */
function shown(name: string): string {
  const visible = name.toWellFormed().replace(/\p{C}/gu, '').trim().slice(0, DISPLAY_CHARACTERS_MAX).toWellFormed();
  return visible === '' ? 'unnamed' : visible;
}

function text(value: unknown): string | undefined {
  const usable =
    typeof value === 'string' && value.length > 0 && value.length <= CLAIM_CHARACTERS_MAX && value.isWellFormed();
  return usable ? value : undefined;
}
