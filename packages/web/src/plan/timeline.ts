/** The plan chain as a story: one entry an event, oldest first. Small facts come along as text. Pure. */
import { type ChainEvent, type ChainHead, DIGEST_PATTERN, firstBreak, type Json } from '@countersign/approvals';

export interface TimelineEntry {
  readonly seq: number;
  readonly at: string;
  readonly type: ChainEvent['type'];
  readonly what: string;
  readonly actor: string;
  readonly status: ChainEvent['status'];
  readonly facts: readonly { readonly name: string; readonly value: string }[];
}

export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  /** The event from which the chain no longer follows; null when it is whole and ends at the plan's head. */
  readonly brokenAt: number | null;
}

/** `head` was read before `events`: what was added in between is left for the next look, and is no break. */
export function timelineOf(events: readonly ChainEvent[], head: ChainHead): Timeline {
  const upToHead = events.slice(0, head.seq);
  return {
    entries: upToHead.map((event) => ({
      seq: event.seq,
      at: event.at,
      type: event.type,
      what: whatHappened(event),
      actor: event.actor,
      status: event.status,
      facts: factsOf(event),
    })),
    brokenAt: firstBreak(upToHead, head)?.seq ?? null,
  };
}

function whatHappened(event: ChainEvent): string {
  const step = typeof event.data.step === 'number' ? ` ${event.data.step}` : '';
  switch (event.type) {
    case 'plan.created':
      return 'Proposed';
    case 'vote.recorded':
      return 'Approving vote sealed';
    case 'plan.denied':
      return 'Denied';
    case 'plan.canceled':
      return 'Canceled';
    case 'plan.revoked':
      return 'Approval revoked';
    case 'plan.expired':
      return 'Window ended';
    case 'plan.superseded':
      return 'Superseded by a newer plan';
    case 'plan.stale':
      return 'Found stale: the object changed';
    case 'plan.blocked':
      return 'Blocked';
    case 'grant.issued':
      return 'Approved: grant signed';
    case 'release.recorded':
      return 'Released to run';
    case 'revocation.recorded':
      return 'Revoked while executing';
    case 'execution.started':
      return 'Execution started';
    case 'execution.resumed':
      return 'Execution taken over';
    case 'execution.paused':
      return 'Execution paused';
    case 'step.started':
      return `Step${step} begun`;
    case 'step.written':
      return `Step${step} written`;
    case 'step.settled':
      return `Step${step} settled by reading the cluster`;
    case 'execution.applied':
      return 'Applied';
    case 'execution.failed':
      return 'Failed before anything was written';
    case 'execution.partially_applied':
      return 'Partially applied';
    case 'execution.unknown':
      return 'Outcome unknown';
    case 'verification.passed':
      return 'Verified: the success criteria are met';
    case 'verification.failed':
      return 'Verification failed';
    case 'verification.inconclusive':
      return 'Verification inconclusive';
  }
}

/** What the sentence says already. */
const TOLD: readonly string[] = ['step', 'person', 'order', 'decision'];
/** Digests are shown in full elsewhere on the page and are no reading matter here. */
const isDigest = (value: Json): boolean =>
  Array.isArray(value)
    ? value.length > 0 && value.every(isDigest)
    : typeof value === 'string' && DIGEST_PATTERN.test(value);

const factsOf = (event: ChainEvent): TimelineEntry['facts'] =>
  Object.entries(event.data)
    .filter(([name, value]) => !TOLD.includes(name) && !isDigest(value))
    .map(([name, value]) => ({ name: nameInWords(name), value: valueText(value) }));

const nameInWords = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

function valueText(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(valueText).join(', ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
