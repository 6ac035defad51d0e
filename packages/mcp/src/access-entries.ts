/** What the endpoint writes into the access log: who, which tool, which code. Never arguments, tokens or text from a cluster. */
import type { AccessEntry, AccessEventType, AccessLog, Clock, Json } from '@countersign/approvals';

export interface AccessEntries {
  add(
    type: AccessEventType,
    actor: string | null,
    data: { readonly [fact: string]: Json },
    planId?: string | null,
  ): Promise<void>;
}

/** A log that does not answer stops no call: effects have their own chain, and a full log must not become a way to stop work. */
export function createAccessEntries(log: AccessLog, clock: Clock, failed: (error: unknown) => void): AccessEntries {
  return {
    async add(type, actor, data, planId = null) {
      const entry: AccessEntry = { writer: 'mcp', at: clock().toISOString(), type, actor, planId, data };
      try {
        await log.record(entry);
      } catch (error) {
        failed(error);
      }
    },
  };
}
