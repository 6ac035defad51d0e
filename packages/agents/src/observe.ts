/**
 * The first verb: one cycle of the observer. Reads every namespace, finds what is broken, and brings the stored anomalies up to it.
 * Two cycles at once are harmless: each write is conditional on the version that was read, and events and asks belong to whoever wins.
 */
import type { Anomaly, AnomalyStore, Clock, Outbox } from '@countersign/approvals';
import type { Finding } from './detect/finding.ts';
import { OBSERVER_LIMITS, type ObserverLimits, WRITE_ATTEMPTS_MAX } from './limits.ts';
import { type AnomalyEvent, type Merge, mergeAbsence, mergeFinding, type View } from './observe/merge.ts';
import { type NamespaceFindings, readViews, type SkippedNamespace } from './observe/read-views.ts';
import type { FactsCluster } from './ports.ts';

export interface ObservePorts {
  readonly cluster: FactsCluster;
  readonly anomalies: AnomalyStore;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly clock: Clock;
  readonly limits?: ObserverLimits;
}

export interface CycleReport {
  readonly cycleId: string;
  readonly at: string;
  readonly observed: readonly string[];
  /** Nothing was emitted, written or resolved there. */
  readonly skipped: readonly SkippedNamespace[];
  /** What this cycle, and no other, brought about. */
  readonly events: readonly AnomalyEvent[];
  /** Anomalies for which the planner was asked. */
  readonly asked: readonly string[];
  /** Anomalies that the cluster shows now, stored or not. */
  readonly found: number;
  readonly writes: number;
  /** Anomalies left to a cycle that ran beside this one. */
  readonly conflicts: number;
  /** New anomalies beyond a namespace's bound, not stored. */
  readonly overflow: number;
}

/**
 * @param cycleId names the cycle; one that is delivered twice counts no miss twice
 * @throws Unavailable when the store does not answer; the next cycle goes on from what is stored
 */
export async function observeCycle(
  ports: ObservePorts,
  namespaces: readonly string[],
  cycleId: string,
): Promise<CycleReport> {
  const cluster = ports.cluster.name();
  const at = ports.clock();
  const limits = ports.limits ?? OBSERVER_LIMITS;
  // The list comes before the facts: a miss that another cycle has counted is then always older than this view of the cluster.
  const known = await ports.anomalies.list({ cluster, active: true, limit: limits.activeAnomaliesMax });
  const { views, skipped } = await readViews(ports.cluster, namespaces);
  const tally = { events: [] as AnomalyEvent[], asked: [] as string[], writes: 0, conflicts: 0, overflow: 0 };
  for (const read of views) {
    const view: View = { cluster, cycleId, at, capturedAt: read.capturedAt, limits };
    await settleNamespace(
      ports,
      view,
      read,
      known.filter((anomaly) => anomaly.target.namespace === read.namespace),
      tally,
    );
  }
  return {
    cycleId,
    at: at.toISOString(),
    observed: views.map(({ namespace }) => namespace),
    skipped,
    found: views.reduce((sum, { findings }) => sum + findings.length, 0),
    ...tally,
  };
}

interface Tally {
  readonly events: AnomalyEvent[];
  readonly asked: string[];
  writes: number;
  conflicts: number;
  overflow: number;
}

async function settleNamespace(
  ports: ObservePorts,
  view: View,
  read: NamespaceFindings,
  known: readonly Anomaly[],
  tally: Tally,
): Promise<void> {
  const unseen = new Map(known.map((anomaly) => [anomaly.key, anomaly]));
  const room = roomFor(known, view.limits);
  for (const finding of read.findings) {
    const listed = unseen.get(finding.key);
    unseen.delete(finding.key);
    if (listed === undefined && room(finding) <= 0) tally.overflow += 1;
    else await settleFinding(ports, view, finding, listed, tally);
  }
  for (const stored of unseen.values()) await settleAbsence(ports, view, stored, tally);
}

/** Room for what is not listed as active yet, warnings counted apart. Each call takes one place. */
function roomFor(known: readonly Anomaly[], limits: ObserverLimits): (finding: Finding) => number {
  const warnings = known.filter(({ category }) => category === 'WarningEvent').length;
  let forWarnings = limits.activeWarningsPerNamespaceMax - warnings;
  let forOthers = limits.activePerNamespaceMax - (known.length - warnings);
  return ({ category }) => (category === 'WarningEvent' ? forWarnings-- : forOthers--);
}

async function settleFinding(
  ports: ObservePorts,
  view: View,
  finding: Finding,
  listed: Anomaly | undefined,
  tally: Tally,
): Promise<void> {
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS_MAX; attempt += 1) {
    // The list may lag behind; whatever it says, the write below is conditional, and after a conflict the table itself is asked.
    const stored = attempt === 1 && listed !== undefined ? listed : await ports.anomalies.get(finding.key);
    if (await store(ports, stored, mergeFinding(stored, finding, view), tally)) return;
  }
  tally.conflicts += 1;
}

/** Not repeated after a conflict: somebody else has just judged this anomaly, perhaps by counting the very same miss. */
async function settleAbsence(ports: ObservePorts, view: View, stored: Anomaly, tally: Tally): Promise<void> {
  if (!(await store(ports, stored, mergeAbsence(stored, view), tally))) tally.conflicts += 1;
}

/** False when somebody else was first. The ask follows the write: lost in between, it is put again by a later cycle (ask.ts). */
async function store(
  ports: ObservePorts,
  before: Anomaly | null,
  { next, event, ask }: Merge,
  tally: Tally,
): Promise<boolean> {
  if (next !== null) {
    if (!(await ports.anomalies.put(next, before?.version ?? 0))) return false;
    tally.writes += 1;
    if (event !== null)
      tally.events.push({
        type: event,
        key: next.key,
        category: next.category,
        target: next.target,
        severity: next.severity,
      });
  }
  if (ask !== null && ask.pointer.type === 'anomaly') {
    await ports.outbox.add(ask);
    tally.asked.push(ask.pointer.anomalyKey);
  }
  return true;
}
