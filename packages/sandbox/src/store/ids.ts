import { randomInt, randomUUID } from 'node:crypto';

/** Where new names come from; passed in, so that a test can foresee them. */
export interface Ids {
  uid(): string;
  /** Five characters for generateName. */
  suffix(): string;
}

/** The API server's alphabet: no vowels, so that no word appears by chance. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

export const randomIds: Ids = {
  uid: () => randomUUID(),
  suffix: () => Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join(''),
};
