/** A signed-in person in a sealed cookie: nothing is stored, so showing a page reads and writes no session record. */
import { type Clock, type Person, personId } from '@countersign/approvals';
import { clearCookie, readCookie, SESSION_COOKIE, setCookie } from './cookies.ts';
import { COOKIE_BYTES_MAX, SESSION_LIFETIME_SECONDS } from './limits.ts';
import { sealedValues } from './sealed-value.ts';

export interface Sessions {
  /** A Set-Cookie header value, or undefined when the person (its groups) does not fit into a cookie. */
  issue(person: Person): Promise<string | undefined>;
  /** The person of a live session in a Cookie header. */
  read(cookies: string | undefined): Promise<Person | undefined>;
  /** The Set-Cookie header value that ends the session in this browser. */
  end(): string;
}

export function createSessions(config: {
  readonly sessionKeys: readonly Uint8Array[];
  readonly clock: Clock;
}): Sessions {
  const values = sealedValues(config.sessionKeys, 'session', config.clock);
  return {
    issue: async (person) => {
      const cookie = setCookie(
        SESSION_COOKIE,
        await values.seal({ v: 1, person }, SESSION_LIFETIME_SECONDS),
        SESSION_LIFETIME_SECONDS,
      );
      return Buffer.byteLength(cookie) > COOKIE_BYTES_MAX ? undefined : cookie;
    },
    read: async (cookies) => {
      const sealed = readCookie(SESSION_COOKIE, cookies);
      if (sealed === undefined || sealed === '') return undefined;
      const claims = await values.open(sealed);
      return claims?.v === 1 && isPerson(claims.person) ? claims.person : undefined;
    },
    end: () => clearCookie(SESSION_COOKIE),
  };
}

/** Sealed by ourselves, but perhaps by an older version of ourselves. */
function isPerson(value: unknown): value is Person {
  if (typeof value !== 'object' || value === null) return false;
  const { id, display, email, groups, signedInAt, sessionId } = value as Record<string, unknown>;
  return (
    personId.safeParse(id).success &&
    typeof display === 'string' &&
    (email === null || typeof email === 'string') &&
    Array.isArray(groups) &&
    groups.every((group) => typeof group === 'string') &&
    typeof signedInAt === 'string' &&
    typeof sessionId === 'string'
  );
}
