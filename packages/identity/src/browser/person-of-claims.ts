/** ID token claims -> Person. The token was validated before; what it says of a person is still only what the issuer lets people write. */
import { type Person, personIdOf } from '@countersign/approvals';
import { personValueOf } from '../bearer/person-claim.ts';
import type { PeopleIssuer } from './config.ts';
import { DISPLAY_CHARACTERS_MAX, GROUP_CHARACTERS_MAX, GROUPS_MAX } from './limits.ts';

type Claims = Readonly<Record<string, unknown>>;

/** Undefined when the claim that identifies people is missing: an e-mail address or client id never takes its place. */
export function personOfClaims(
  claims: Claims,
  issuer: Pick<PeopleIssuer, 'issuerGroup' | 'personClaim' | 'groupsClaim'>,
  relevantGroups: readonly string[] | null,
  sessionId: string,
): Person | undefined {
  const identifier = personValueOf(claims, issuer.personClaim);
  if (identifier === undefined) return undefined;
  if (typeof claims.auth_time !== 'number') return undefined;
  const email = textClaim(claims.email);
  return {
    id: personIdOf(issuer.issuerGroup, identifier),
    display: email ?? textClaim(claims.preferred_username) ?? textClaim(claims.name) ?? 'unnamed person',
    email: email ?? null,
    groups: groupsOf(claims[issuer.groupsClaim], relevantGroups),
    signedInAt: new Date(claims.auth_time * 1000).toISOString(),
    sessionId,
  };
}

/** Exact members of an array of strings. A single string is no array: splitting or matching parts of it would invent memberships. */
function groupsOf(claim: unknown, relevant: readonly string[] | null): readonly string[] {
  if (!Array.isArray(claim)) return [];
  const members = claim.filter(
    (group): group is string => typeof group === 'string' && group.length <= GROUP_CHARACTERS_MAX,
  );
  const kept = relevant === null ? members : members.filter((group) => relevant.includes(group));
  return [...new Set(kept)].slice(0, GROUPS_MAX);
}

const textClaim = (claim: unknown): string | undefined =>
  typeof claim === 'string' && claim.isWellFormed() && claim.trim() !== ''
    ? claim.slice(0, DISPLAY_CHARACTERS_MAX)
    : undefined;
