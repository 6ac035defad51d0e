import * as z from 'zod';
import type { DataDirectory } from './data-directory.ts';
import { LONGEST_CLOCK_ADVANCE_SECONDS } from './limits.ts';

const StoredClock = z.strictObject({ offsetSeconds: z.number().int().nonnegative() });

/**
 * The time of plans, challenges, votes, grants, leases, outbox and observer. Tokens, browser sessions, certificates
 * and request signatures stay on the machine's clock: moving theirs would sign everybody out.
 */
export type Clock = {
  now(): Date;
  /** Seconds ahead of the machine's clock. */
  offsetSeconds(): number;
  /**
   * Moves the clock forward, for good: a restart keeps it. Never backwards, since chains and leases are ordered by it.
   * @throws RangeError unless seconds is a whole number from 1 to LONGEST_CLOCK_ADVANCE_SECONDS
   */
  advance(seconds: number): Date;
};

/** @param machine the machine's clock */
export function createClock(data: DataDirectory, machine: () => Date = () => new Date()): Clock {
  const document = data.document('clock', StoredClock);
  let offsetSeconds = document.read()?.offsetSeconds ?? 0;
  const now = () => new Date(machine().getTime() + offsetSeconds * 1000);
  return {
    now,
    offsetSeconds: () => offsetSeconds,
    advance(seconds) {
      if (!Number.isSafeInteger(seconds) || seconds < 1 || seconds > LONGEST_CLOCK_ADVANCE_SECONDS) {
        throw new RangeError(`advance takes a whole number of seconds from 1 to ${LONGEST_CLOCK_ADVANCE_SECONDS}`);
      }
      const advanced = offsetSeconds + seconds;
      document.write({ offsetSeconds: advanced });
      offsetSeconds = advanced;
      return now();
    },
  };
}
