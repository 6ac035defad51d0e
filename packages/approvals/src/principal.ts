/** Who acts. Groups and scopes are facts of one moment; ids are for ever. */
import { createHash } from 'node:crypto';
import * as z from 'zod';

/** `per_` and 43 base64url characters: SHA-256 over issuer group and the claim that the issuer names. E-mail and client id never identify a person. */
export const personId = z.string().regex(/^per_[A-Za-z0-9_-]{43}$/);
export type PersonId = string;

/** The issuer group keeps equal subjects of two issuers apart; the separator keeps `a`+`bc` and `ab`+`c` apart. */
export function personIdOf(issuerGroup: string, claimValue: string): PersonId {
  return `per_${createHash('sha256').update(`countersign.dev/person/v1\n${issuerGroup}\n${claimValue}`, 'utf8').digest('base64url')}`;
}

/** `cli_` and 43 base64url characters, made alike from issuer group and client id: a client is never mistaken for a person. */
export const clientPrincipalId = z.string().regex(/^cli_[A-Za-z0-9_-]{43}$/);
export function clientPrincipalIdOf(issuerGroup: string, clientId: string): string {
  return `cli_${createHash('sha256').update(`countersign.dev/client/v1\n${issuerGroup}\n${clientId}`, 'utf8').digest('base64url')}`;
}

export const PRINCIPAL_KINDS = ['person', 'agent', 'service', 'planner'] as const;

const display = z.string().min(1).max(200);

/** What is stored and signed of a requester. `display` is for people's eyes and decides nothing. Kind and id cannot disagree. */
export const requester = z.discriminatedUnion('kind', [
  /** A person is its own owner. */
  z.strictObject({ kind: z.literal('person'), id: personId, display, owner: z.null() }),
  /** The owner is the person who answers for the client and counts as the requester in every ban; null: unknown, and so refused. */
  z.strictObject({ kind: z.literal('agent'), id: clientPrincipalId, display, owner: personId.nullable() }),
  z.strictObject({ kind: z.literal('service'), id: clientPrincipalId, display, owner: personId.nullable() }),
  /** The deployment's own principal: no owner, by declaration. */
  z.strictObject({ kind: z.literal('planner'), id: z.literal('planner'), display, owner: z.null() }),
]);
export type Requester = z.infer<typeof requester>;

/** A principal holds more than what is stored of a requester. */
export const requesterOf = ({ kind, id, display, owner }: Requester): Requester =>
  requester.parse({ kind, id, display, owner });

/** A caller of the endpoint, as functions/mcp verified it. */
export type Principal = Requester & {
  readonly groups: readonly string[];
  readonly scopes: readonly string[];
};

/** The planner is the deployment's own principal. */
export const PLANNER: Requester = { kind: 'planner', id: 'planner', display: 'planner', owner: null };

/** A signed-in person at the pages. */
export interface Person {
  readonly id: PersonId;
  readonly display: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  /** When the issuer authenticated the person (auth_time), RFC 3339. */
  readonly signedInAt: string;
  /** Random, per sign-in; binds challenges and anti-forgery tokens. */
  readonly sessionId: string;
}

/** Every person that a ban on "the requester" means: the person itself, or the owner of its client. */
export function bannedPersons(of: Requester): readonly PersonId[] {
  if (of.kind === 'person') return [of.id];
  return of.owner === null ? [] : [of.owner];
}
