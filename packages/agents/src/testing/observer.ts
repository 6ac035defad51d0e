/** An observer over facts that a test changes, with a clock that the test moves. */
import { Unavailable } from '@countersign/approvals';
import { OBSERVER_LIMITS, type ObserverLimits } from '../limits.ts';
import { type CycleReport, observeCycle } from '../observe.ts';
import type { FactsCluster, NamespaceFacts } from '../ports.ts';
import { anomalyTable, outboxTable } from './anomaly-table.ts';
import { CLUSTER, NAMESPACE, NOW } from './facts.ts';

/** @param first facts by namespace; a namespace without facts is unavailable */
export function observer(
  first: Readonly<Record<string, NamespaceFacts>> = {},
  limits: ObserverLimits = OBSERVER_LIMITS,
) {
  const anomalies = anomalyTable();
  const outbox = outboxTable();
  let facts = first;
  let nowMs = Date.parse(NOW);
  let cycles = 0;
  const cluster: FactsCluster = {
    name: () => CLUSTER,
    facts: async (namespace) => {
      const found = facts[namespace];
      if (found === undefined) throw new Unavailable('no answer');
      return found;
    },
  };
  const ports = { cluster, anomalies, outbox, clock: () => new Date(nowMs), limits };
  return {
    anomalies,
    outbox,
    ports,
    show: (next: NamespaceFacts | Readonly<Record<string, NamespaceFacts>>) => {
      facts = 'capturedAt' in next ? { [NAMESPACE]: next as NamespaceFacts } : next;
    },
    pass: (seconds: number) => {
      nowMs += seconds * 1000;
    },
    now: () => new Date(nowMs).toISOString(),
    cycle: (namespaces: readonly string[] = [NAMESPACE], cycleId?: string): Promise<CycleReport> => {
      cycles += 1;
      return observeCycle(ports, namespaces, cycleId ?? `cycle-${cycles}`);
    },
  };
}
