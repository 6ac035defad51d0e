/** What the endpoint writes into the access log: who, which tool, which code. Never arguments, tokens or text from a cluster. */
import type { AccessEntry, AccessEventType, AccessLog, Clock, Json } from '@countersign/approvals';
import { ANONYMOUS_ENTRIES_PER_MINUTE_MAX } from './limits.ts';

export interface AccessEntries {
  add(
    type: AccessEventType,
    actor: string | null,
    data: { readonly [fact: string]: Json },
    planId?: string | null,
  ): Promise<void>;
}

/**
 * A log that does not answer stops no call: effects have their own chain, and a full log must not become a way to stop work. Entries of
 * unknown callers are counted instead of written once there are many, so that knocking cannot fill it (design.md section 4).
 */
export function createAccessEntries(log: AccessLog, clock: Clock, failed: (error: unknown) => void): AccessEntries {
  let minute = -1;
  let anonymous = 0;
  let suppressed = 0;
  const mayWrite = (now: Date): boolean => {
    const current = Math.floor(now.getTime() / 60_000);
    if (current !== minute) {
      minute = current;
      anonymous = 0;
    }
    anonymous += 1;
    if (anonymous <= ANONYMOUS_ENTRIES_PER_MINUTE_MAX) return true;
    suppressed += 1;
    return false;
  };
  return {
    async add(type, actor, data, planId = null) {
      const now = clock();
      if (actor === null && !mayWrite(now)) return;
      const missing = suppressed;
      if (actor === null) suppressed = 0;
      const facts = actor === null && missing > 0 ? { ...data, suppressed: missing } : data;
      const entry: AccessEntry = { writer: 'mcp', at: now.toISOString(), type, actor, planId, data: facts };
      try {
        await log.record(entry);
      } catch (error) {
        failed(error);
      }
    },
  };
}
