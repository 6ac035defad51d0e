import { createHash, timingSafeEqual } from 'node:crypto';
import type { DataDirectory } from '../../contract/data-directory.ts';

/** A person who can sign in here. */
export type LocalPerson = {
  /** The stable identifier of tokens; means nothing by itself, so that no one takes an e-mail address for identity. */
  readonly sub: string;
  readonly email: string;
  readonly password: string;
  readonly groups: readonly string[];
};

const OPERATORS = 'kubernetes-operators';
const PEOPLE = [
  { name: 'operator', email: 'operator@example.com', groups: [OPERATORS] },
  { name: 'second', email: 'second@example.com', groups: [OPERATORS] },
  { name: 'outsider', email: 'outsider@example.com', groups: [] },
] as const;

/** The three people of the local contract, with random passwords that the data directory keeps. */
export function createPeople(data: DataDirectory): readonly LocalPerson[] {
  return PEOPLE.map(({ name, email, groups }) => ({
    sub: `person-${data.secret(`sub-${name}`, 16).toString('hex')}`,
    email,
    password: data.secret(`password-${name}`, 16).toString('base64url'),
    groups,
  }));
}

/** Who signs in with these; takes the same time whether the address or the password is wrong, or which letter of it. */
export function findByPassword(
  people: readonly LocalPerson[],
  email: string,
  password: string,
): LocalPerson | undefined {
  const person = people.find((candidate) => candidate.email === email.trim().toLowerCase());
  const matches = timingSafeEqual(sha256(password), sha256(person?.password ?? ''));
  return person && matches ? person : undefined;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest();
