/**
 * How much one process may write to the access log in a minute, and who may use how much of it. Stops somebody who knocks from
 * filling the log, from running up its cost, and from crowding out what others did. Pure: time comes with the entry.
 */
import type { AccessEventType } from '@countersign/approvals';

/** Callers whom nobody knows share half of the budget; one known actor has a quarter. */
const NOBODY_SHARE = 2;
const ACTOR_SHARE = 4;

export interface AccessBudget {
  /** True when the entry may be written; otherwise it is to be counted as omitted. `at`: RFC 3339. */
  admits(actor: string | null, at: string): boolean;
}

export function accessBudget(perMinute: number): AccessBudget {
  let minute = Number.NaN;
  let used = 0;
  let usedBy = new Map<string | null, number>();
  return {
    admits(actor, at) {
      const now = Math.floor(Date.parse(at) / 60_000);
      if (now !== minute) {
        minute = now;
        used = 0;
        usedBy = new Map();
      }
      const share = Math.ceil(perMinute / (actor === null ? NOBODY_SHARE : ACTOR_SHARE));
      const own = usedBy.get(actor) ?? 0;
      if (used >= perMinute || own >= share) return false;
      used += 1;
      usedBy.set(actor, own + 1);
      return true;
    },
  };
}

export type Omitted = Partial<Record<AccessEventType, number>>;

/** Counts of what was not written, by type, until an entry carries them into the log. */
export interface OmittedCounts {
  add(type: AccessEventType, count?: number): void;
  /** The counts so far, which are then zero; null when there are none. */
  take(): Omitted | null;
}

export function omittedCounts(): OmittedCounts {
  let counts: Omitted = {};
  return {
    add(type, count = 1) {
      counts[type] = (counts[type] ?? 0) + count;
    },
    take() {
      const taken = counts;
      counts = {};
      return Object.keys(taken).length === 0 ? null : taken;
    },
  };
}
