import { setTimeout as wait } from 'node:timers/promises';
import { FIRST_RETRY_MILLISECONDS, LONGEST_RETRY_MILLISECONDS } from './limits.ts';

/** Waits, or returns at once when the signal is or becomes aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => {});
}

/** The pause before try number `attempt` (from 1): doubled each time, up to the longest. */
export function retryMilliseconds(attempt: number): number {
  return Math.min(LONGEST_RETRY_MILLISECONDS, FIRST_RETRY_MILLISECONDS * 2 ** (attempt - 1));
}
