/**
 * Which claim is the person. Endpoint and pages both read it here: if they disagreed, one human being would have two PersonIds and could
 * approve what its own token requested.
 */
import { CLAIM_CHARACTERS_MAX } from './limits.ts';

/** `oid` is Entra's object id, unique within a tenant only: the value is then `<tid>/<oid>`. */
export type PersonClaim = 'sub' | 'oid' | 'uid';

/** The value that goes into personIdOf, or undefined when the claims name no person. Never e-mail, user name or client id. */
export function personValueOf(
  claims: { readonly [name: string]: unknown },
  personClaim: PersonClaim,
): string | undefined {
  const own = identifier(claims[personClaim]);
  if (personClaim !== 'oid' || own === undefined) return own;
  const tenant = identifier(claims.tid);
  return tenant === undefined ? undefined : `${tenant}/${own}`;
}

function identifier(value: unknown): string | undefined {
  const usable =
    typeof value === 'string' && value.length > 0 && value.length <= CLAIM_CHARACTERS_MAX && value.isWellFormed();
  return usable ? value : undefined;
}
