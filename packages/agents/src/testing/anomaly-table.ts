/** The anomaly store and the outbox in memory, with the conditions of the real ones, for tests of what goes through them. */
import type { Anomaly, AnomalyStore, Outbox, OutboxRecord } from '@countersign/approvals';

export interface AnomalyTable extends AnomalyStore {
  readonly all: () => readonly Anomaly[];
  /** Puts that were tried, won or not. */
  readonly puts: () => number;
  /** What the core's commit does to `planId`: version + 1, opening only where none is open. */
  readonly setPlan: (key: string, planId: string | null) => boolean;
}

export function anomalyTable(initial: readonly Anomaly[] = []): AnomalyTable {
  const rows = new Map(initial.map((anomaly) => [anomaly.key, anomaly]));
  let puts = 0;
  return {
    all: () => [...rows.values()],
    puts: () => puts,
    get: async (key) => rows.get(key) ?? null,
    put: async (anomaly, expectedVersion) => {
      puts += 1;
      if ((rows.get(anomaly.key)?.version ?? 0) !== expectedVersion || anomaly.version !== expectedVersion + 1)
        return false;
      rows.set(anomaly.key, structuredClone(anomaly));
      return true;
    },
    list: async ({ cluster, active, limit }) =>
      [...rows.values()]
        .filter((row) => row.cluster === cluster && (!active || row.status === 'active'))
        .slice(0, limit),
    setPlan: (key, planId) => {
      const row = rows.get(key);
      if (row === undefined || (planId !== null && row.planId !== null)) return false;
      rows.set(key, { ...row, planId, version: row.version + 1 });
      return true;
    },
  };
}

export interface OutboxTable extends Pick<Outbox, 'add' | 'settle'> {
  readonly all: () => readonly OutboxRecord[];
}

export function outboxTable(): OutboxTable {
  const rows = new Map<string, OutboxRecord>();
  return {
    all: () => [...rows.values()],
    add: async (record) => {
      if (!rows.has(record.outboxId)) rows.set(record.outboxId, record);
    },
    settle: async (outboxId) => {
      rows.delete(outboxId);
    },
  };
}
