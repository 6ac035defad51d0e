/** What one complete view of a namespace makes of a stored anomaly. Pure: observe.ts stores it, conditional on the version that was read. */
import type { Anomaly, AnomalyCategory, OutboxRecord, Severity, Target } from '@countersign/approvals';
import type { Finding } from '../detect/finding.ts';
import {
  EVIDENCE_CHARACTERS_MAX,
  EVIDENCE_ENTRIES_MAX,
  type ObserverLimits,
  SUMMARY_CHARACTERS_MAX,
} from '../limits.ts';
import { shownText } from '../untrusted-text.ts';
import { askRecord, decideAsk } from './ask.ts';
import { type FollowUp, followUpOf, NO_FOLLOW_UP, trackPlan, withFollowUp } from './follow-up.ts';

export interface AnomalyEvent {
  readonly type: 'detected' | 'recurred' | 'severity-changed' | 'resolved';
  readonly key: string;
  readonly category: AnomalyCategory;
  readonly target: Target;
  readonly severity: Severity;
}

export interface View {
  readonly cluster: string;
  readonly cycleId: string;
  /** Taken before the facts were read: the view is at least this new. */
  readonly at: Date;
  readonly capturedAt: string;
  readonly limits: ObserverLimits;
}

/** `next` null: nothing worth a write. `event` and `ask` are for whoever wins the conditional write, or at once where there is none. */
export interface Merge {
  readonly next: Anomaly | null;
  readonly event: AnomalyEvent['type'] | null;
  readonly ask: OutboxRecord | null;
}

const NOTHING: Merge = { next: null, event: null, ask: null };

/** The anomaly is there. */
export function mergeFinding(stored: Anomaly | null, finding: Finding, view: View): Merge {
  const now = view.at.toISOString();
  // A slow cycle must not put an older truth over a newer one.
  if (stored !== null && stored.lastSeenAt > now) return NOTHING;
  const returned = stored?.status === 'resolved';
  const firstSeenAt = stored === null || returned ? now : stored.firstSeenAt;
  const before = stored === null ? NO_FOLLOW_UP : followUpOf(stored.facts);
  const followUp: FollowUp = trackPlan(
    returned ? { ...NO_FOLLOW_UP, plans: before.plans } : before,
    stored?.planId ?? null,
    now,
  );
  const explained = finding.explainedBy !== null;
  const decision = decideAsk({
    followUp,
    since: firstSeenAt,
    planId: stored?.planId ?? null,
    explained,
    now: view.at,
    limits: view.limits,
  });
  const asked =
    decision.ask && decision.first
      ? { ...followUp, askedAt: decision.askedAt, answeredAt: null, askAgainAt: null }
      : followUp;
  const next: Anomaly = {
    format: 'countersign.anomaly/v1',
    key: finding.key,
    version: (stored?.version ?? 0) + 1,
    cluster: view.cluster,
    category: finding.category,
    target: finding.target,
    severity: finding.severity,
    severityRule: finding.severityRule,
    status: 'active',
    summary: shownText(finding.summary, SUMMARY_CHARACTERS_MAX),
    facts: withFollowUp({ ...finding.facts, cause: finding.explainedBy }, { ...asked, missedIn: null }),
    evidence: finding.evidence.slice(0, EVIDENCE_ENTRIES_MAX).map(({ source, content }) => ({
      source: shownText(source, EVIDENCE_CHARACTERS_MAX),
      content: shownText(content, EVIDENCE_CHARACTERS_MAX),
      capturedAt: view.capturedAt,
    })),
    firstSeenAt,
    lastSeenAt: now,
    resolvedAt: null,
    missedCycles: 0,
    recurrences: (stored?.recurrences ?? 0) + (returned ? 1 : 0),
    planId: stored?.planId ?? null,
    note: noteOf(stored, finding, decision),
  };
  const ask = decision.ask ? askRecord(finding.key, decision.askedAt, view.at, view.limits) : null;
  if (stored !== null && !worthAWrite(stored, next, before, asked, view)) return { ...NOTHING, ask };
  return { next, event: eventOf(stored, next), ask };
}

/** The anomaly is not there. Counts the miss once a cycle, and resolves after enough of them. */
export function mergeAbsence(stored: Anomaly, view: View): Merge {
  const now = view.at.toISOString();
  const followUp = followUpOf(stored.facts);
  if (stored.status !== 'active' || stored.lastSeenAt >= now || followUp.missedIn === view.cycleId) return NOTHING;
  const missedCycles = stored.missedCycles + 1;
  const facts = withFollowUp(stored.facts, { ...trackPlan(followUp, stored.planId, now), missedIn: view.cycleId });
  const next: Anomaly = { ...stored, version: stored.version + 1, missedCycles, facts };
  if (missedCycles < view.limits.absentCyclesToResolve) return { next, event: null, ask: null };
  return { next: { ...next, status: 'resolved', resolvedAt: now, note: null }, event: 'resolved', ask: null };
}

function noteOf(stored: Anomaly | null, finding: Finding, decision: ReturnType<typeof decideAsk>): string | null {
  if (finding.explainedBy !== null) return `Follows from ${finding.explainedBy}: what heals that heals this.`;
  if (decision.ask) return decision.first ? null : (stored?.note ?? null);
  if (decision.note !== null) return decision.note;
  return stored?.status === 'active' && stored.facts.cause === null ? stored.note : null;
}

/** Counts move with every cycle of a crash loop; they are written when something else is, or once in a while. */
function worthAWrite(stored: Anomaly, next: Anomaly, before: FollowUp, after: FollowUp, view: View): boolean {
  return (
    stored.status !== next.status ||
    stored.severity !== next.severity ||
    stored.severityRule !== next.severityRule ||
    stored.target.uid !== next.target.uid ||
    stored.missedCycles !== 0 ||
    stored.note !== next.note ||
    stored.facts.cause !== next.facts.cause ||
    JSON.stringify(before) !== JSON.stringify(after) ||
    view.at.getTime() - Date.parse(stored.lastSeenAt) >= view.limits.lastSeenGranularitySeconds * 1000
  );
}

function eventOf(stored: Anomaly | null, next: Anomaly): AnomalyEvent['type'] | null {
  if (stored === null) return 'detected';
  if (stored.status === 'resolved') return 'recurred';
  return stored.severity === next.severity ? null : 'severity-changed';
}
