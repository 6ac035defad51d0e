/** The core's error for a stored record that cannot be read; here is where it is thrown. */
import { UnreadableRecord } from '@countersign/approvals';

export { UnreadableRecord };

export const isUnreadableRecord = (error: unknown): error is UnreadableRecord => error instanceof UnreadableRecord;
