/** Who gets a mail. Group membership is the issuer's, so a configured directory says whom to tell; it gives nobody a right. Pure. */
import { mayDecide, type Notice, type PersonId, type PolicySet, type Review } from '@countersign/approvals';
import { ADDRESS_CHARACTERS_MAX } from '../limits.ts';

/** One person whom the deployment may write to. */
export interface DirectoryEntry {
  readonly email: string;
  /** Null where it is not known: then nothing tells this person from a requester or owner, and the page will. */
  readonly personId: PersonId | null;
  /** Exact group names, as the issuer states them. */
  readonly groups: readonly string[];
}

export interface Recipient {
  readonly email: string;
  readonly personId: PersonId | null;
}

/**
 * Those who may decide; for news of a plan's fate also its requester and owner. Nobody is asked to decide who could not: the owner of the
 * requesting client gets no invitation. Each address once.
 */
export function recipients(
  review: Review,
  policies: PolicySet,
  directory: readonly DirectoryEntry[],
  notice: Notice = 'decision-needed',
): readonly Recipient[] {
  const concerned = directory.filter(
    (entry) => isDecider(entry, review, policies) || (notice !== 'decision-needed' && isInvolved(entry, review)),
  );
  const byAddress = new Map<string, Recipient>();
  for (const { email, personId } of concerned) {
    const key = email.toLowerCase();
    if (isAddress(email) && !byAddress.has(key)) byAddress.set(key, { email, personId });
  }
  return [...byAddress.values()].sort((a, b) => a.email.localeCompare(b.email));
}

const isDecider = ({ personId, groups }: DirectoryEntry, review: Review, policies: PolicySet): boolean =>
  mayDecide(review, { id: personId ?? '', groups }, policies).ok;

const isInvolved = ({ personId }: DirectoryEntry, { requester }: Review): boolean =>
  personId !== null && (personId === requester.id || personId === requester.owner);

/** One plain address: no name, list, comment or control that could add a header or a second recipient (CWE-93; RFC 5321 section 4.1.2). */
const ADDRESS = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/;
const isAddress = (email: string): boolean => email.length <= ADDRESS_CHARACTERS_MAX && ADDRESS.test(email);
