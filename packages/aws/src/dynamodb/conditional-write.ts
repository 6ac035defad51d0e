/** One conditional write outside a plan's transaction: whether its condition held, and what was stored when it did not. */
import { Unavailable } from '@countersign/approvals';
import { TRANSACTION_ATTEMPTS_MAX } from '../limits.ts';
import type { Pause } from '../retry.ts';
import { nameOf } from '../upstream-error.ts';
import type { Item } from './attributes.ts';

export type WriteOutcome =
  | { readonly held: true }
  /** `stored`: where the write asked for ALL_OLD and there is an item. */
  | { readonly held: false; readonly stored: Item | undefined };

/** A transaction on the same item lasts milliseconds: the write is begun anew a bounded number of times, then Unavailable. */
export async function conditionalWrite(write: () => Promise<unknown>, pause: Pause): Promise<WriteOutcome> {
  for (let attempt = 1; attempt <= TRANSACTION_ATTEMPTS_MAX; attempt += 1) {
    try {
      await write();
      return { held: true };
    } catch (error) {
      const name = nameOf(error);
      if (name === 'ConditionalCheckFailedException') return { held: false, stored: storedIn(error) };
      if (name !== 'TransactionConflictException') throw error;
    }
    await pause(attempt);
  }
  throw new Unavailable('DynamoDB: transactions hold the item');
}

const storedIn = (error: unknown): Item | undefined =>
  error instanceof Error && 'Item' in error ? (error.Item as Item | undefined) : undefined;
