/**
 * A stored record that does not have the shape of its format: a newer version's, or the work of somebody who can write to the
 * table. Nothing of its content is in the message. Callers answer `plan.unreadable` and go no further.
 */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
  /** What was read: `plan`, `vote`, `grant`, ... */
  readonly record: string;
  /** Which one: our own key of it. */
  readonly key: string;

  constructor(record: string, key: string) {
    super(`the stored ${record} ${key} cannot be read`);
    this.record = record;
    this.key = key;
  }
}

/** For callers that must not import this package: errors are matched by name. */
export const isUnreadableRecord = (error: unknown): error is UnreadableRecord =>
  error instanceof Error && error.name === 'UnreadableRecord';
