/** The events of recent plans in time order, newest first, for those who may see the plans. Reads only. */
import { type Person, UnreadableRecord } from '@countersign/approvals';
import { AUDIT_EVENTS_MAX, AUDIT_PLANS_MAX } from '../limits.ts';
import { type ActorNames, actorNames } from './actor-names.ts';
import { type ListedPlan, readAll } from './inbox.ts';
import type { PlanReads } from './look-up-plan.ts';
import { type TimelineEntry, timelineOf } from './timeline.ts';
import { tallyVotes } from './vote-tally.ts';

export interface AuditEntry {
  readonly listed: ListedPlan;
  readonly entry: TimelineEntry;
  readonly actor: string;
}

export interface AuditTrail {
  readonly entries: readonly AuditEntry[];
  readonly plans: number;
  /** Plans whose chain is not whole. */
  readonly broken: readonly string[];
  readonly cut: boolean;
}

export async function readAuditTrail(person: Person, now: Date, ports: PlanReads): Promise<AuditTrail> {
  const entries = await ports.plans.list({ open: false, limit: AUDIT_PLANS_MAX });
  const { plans } = await readAll(entries, person, now, ports);
  const trails = await Promise.all(plans.map((listed) => trailOf(listed, person, ports)));
  const events = trails
    .flatMap((trail) => trail.events)
    .toSorted((a, b) => b.entry.at.localeCompare(a.entry.at) || b.entry.seq - a.entry.seq);
  return {
    entries: events.slice(0, AUDIT_EVENTS_MAX),
    plans: plans.length,
    broken: trails.filter((trail) => trail.broken).map((trail) => trail.planId),
    cut: events.length > AUDIT_EVENTS_MAX || entries.length >= AUDIT_PLANS_MAX,
  };
}

interface Trail {
  readonly planId: string;
  readonly broken: boolean;
  readonly events: readonly AuditEntry[];
}

/** A record that cannot be read breaks its own plan's trail, not the page. */
async function trailOf(listed: ListedPlan, person: Person, ports: PlanReads): Promise<Trail> {
  const { plan, review } = listed;
  try {
    const [events, records] = await Promise.all([ports.plans.chain(plan.planId), ports.plans.read(plan.planId)]);
    // The head as it was listed, before the events were read.
    const timeline = timelineOf(events, plan.chain);
    const of = { planId: plan.planId, reviewDigest: plan.reviewDigest, deployment: ports.deployment, keys: ports.keys };
    const names: ActorNames = actorNames(review, await tallyVotes(records?.votes ?? [], of), person);
    return {
      planId: plan.planId,
      broken: timeline.brokenAt !== null,
      events: timeline.entries.map((entry) => ({ listed, entry, actor: names(entry.actor) })),
    };
  } catch (error) {
    if (error instanceof UnreadableRecord) return { planId: plan.planId, broken: true, events: [] };
    throw error;
  }
}
