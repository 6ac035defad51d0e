/** The plans that one person may see, as lists. From the sparse index first, which may lag; then each plan from the base table. Reads only. */
import {
  type Intent,
  mayDecide,
  maySee,
  type Person,
  type Plan,
  type PlanListEntry,
  type Review,
  readIntent,
  readReview,
  UnreadableRecord,
} from '@countersign/approvals';
import { INBOX_OPEN_PLANS_MAX, INBOX_RECENT_PLANS_MAX } from '../limits.ts';
import { isInsider, type PlanReads } from './look-up-plan.ts';

export interface ListedPlan {
  readonly plan: Plan;
  readonly review: Review;
  readonly intent: Intent;
  /** It waits for this person's decision. */
  readonly mine: boolean;
}

export interface Inbox {
  /** Nearest deadline first. */
  readonly waiting: readonly ListedPlan[];
  readonly open: readonly ListedPlan[];
  /** Last changed first. */
  readonly recent: readonly ListedPlan[];
  /** Ids whose stored bytes cannot be trusted; told to operators and auditors alone. */
  readonly damaged: readonly string[];
  /** There are more open plans than were looked at. */
  readonly cut: boolean;
}

export async function readInbox(person: Person, now: Date, ports: PlanReads): Promise<Inbox> {
  const [open, all] = await Promise.all([
    ports.plans.list({ open: true, limit: INBOX_OPEN_PLANS_MAX }),
    ports.plans.list({ open: false, limit: INBOX_OPEN_PLANS_MAX + INBOX_RECENT_PLANS_MAX }),
  ]);
  const openIds = new Set(open.map((entry) => entry.planId));
  const closed = all.filter((entry) => !openIds.has(entry.planId)).slice(0, INBOX_RECENT_PLANS_MAX);
  const [openRead, closedRead] = await Promise.all([
    readAll(open, person, now, ports),
    readAll(closed, person, now, ports),
  ]);
  const seen = openRead.plans;
  return {
    waiting: seen.filter((listed) => listed.mine).toSorted((a, b) => a.plan.notAfter.localeCompare(b.plan.notAfter)),
    open: seen.filter((listed) => !listed.mine),
    recent: closedRead.plans.toSorted((a, b) => b.plan.updatedAt.localeCompare(a.plan.updatedAt)),
    damaged: isInsider(person, ports.policies) ? [...openRead.damaged, ...closedRead.damaged] : [],
    cut: open.length >= INBOX_OPEN_PLANS_MAX,
  };
}

/** How many plans wait for this person: the number beside "Inbox" on every page. */
export async function countWaiting(person: Person, now: Date, ports: PlanReads): Promise<number> {
  const open = await ports.plans.list({ open: true, limit: INBOX_OPEN_PLANS_MAX });
  const pending = open.filter((entry) => entry.status === 'pending');
  return (await readAll(pending, person, now, ports)).plans.filter((listed) => listed.mine).length;
}

/** Plans that this person may see, newest first, each from the base table. One bad record does not hide the others. */
export async function readAll(
  entries: readonly PlanListEntry[],
  person: Person,
  now: Date,
  ports: PlanReads,
): Promise<{ readonly plans: readonly ListedPlan[]; readonly damaged: readonly string[] }> {
  const read = await Promise.all(
    entries.map(async ({ planId }) => ({ planId, listed: await readListed(planId, person, now, ports) })),
  );
  return {
    plans: read
      .map(({ listed }) => listed)
      .filter((listed): listed is ListedPlan => typeof listed === 'object' && listed !== null),
    damaged: read.filter(({ listed }) => listed === 'damaged').map(({ planId }) => planId),
  };
}

async function readListed(
  planId: string,
  person: Person,
  now: Date,
  ports: PlanReads,
): Promise<ListedPlan | 'damaged' | null> {
  try {
    const plan = await ports.plans.readPlan(planId);
    if (plan === null) return null;
    const [review, intent] = [readReview(plan.review), readIntent(plan.intent)];
    if (review === undefined || review.digest !== plan.reviewDigest || review.review.planId !== planId || !intent.ok)
      return 'damaged';
    if (!maySee(review.review, person, ports.policies)) return null;
    const mine = await isMine(plan, review.review, person, now, ports);
    return { plan, review: review.review, intent: intent.value.intent, mine };
  } catch (error) {
    if (error instanceof UnreadableRecord) return 'damaged';
    throw error;
  }
}

/** Votes are read only where this person could add one. */
async function isMine(plan: Plan, review: Review, person: Person, now: Date, ports: PlanReads): Promise<boolean> {
  if (plan.status !== 'pending' || now.toISOString() >= review.window.notAfter) return false;
  if (!mayDecide(review, person, ports.policies).ok) return false;
  // Every vote moves the version: at the first one there is none to read.
  if (plan.version === 1) return true;
  const records = await ports.plans.read(plan.planId);
  return records?.votes.every((vote) => vote.personId !== person.id) ?? false;
}
