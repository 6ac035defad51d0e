/**
 * What a PlanChange must be before it is sent. A change that is not like this is a mistake of ours, not a conflict: it throws, and
 * nothing is written. "No chain event, no effect" and "the identity of a plan never changes" are held here whoever calls.
 */
import { chainHash, type Plan, type PlanChange } from '@countersign/approvals';

/** Members that are written at creation and never again. */
const FIXED_MEMBERS = [
  'format',
  'planId',
  'createdAt',
  'intent',
  'intentDigest',
  'review',
  'reviewDigest',
  'notAfter',
  'requesterId',
  'ownerId',
  'anomaly',
] as const satisfies readonly (keyof Plan)[];

export class MalformedChange extends TypeError {
  override readonly name = 'MalformedChange';
}

/** Throws MalformedChange. */
export function checkPlanChange(change: PlanChange): void {
  const { before, after, event } = change;
  const must = (holds: boolean, what: string): void => {
    if (!holds) throw new MalformedChange(`the change of ${after.planId} is malformed: ${what}`);
  };
  must(after.version === (before?.version ?? 0) + 1, 'the version moves by exactly one');
  must(event.seq === (before?.chain.seq ?? 0) + 1, 'the event follows the chain head');
  must(event.previous === (before?.chain.hash ?? null), 'the event names the hash of the one before');
  must(after.chain.seq === event.seq && after.chain.hash === chainHash(event), 'the chain head is the event');
  must(event.status === after.status, 'the event says the status');
  must(
    before === null || FIXED_MEMBERS.every((name) => before[name] === after[name]),
    'what was proposed stays as it is',
  );
  must((before === null) === (change.evidence !== undefined), 'evidence is stored at creation, once');
  for (const [name, id] of planIdsOf(change)) must(id === after.planId, `the ${name} belongs to the plan`);
  const locks = [...(change.lock?.keys ?? []), ...(change.unlock?.keys ?? [])];
  must(new Set(locks).size === locks.length, 'each lock is taken or freed once');
}

function planIdsOf(change: PlanChange): readonly (readonly [name: string, planId: string])[] {
  const { event, vote, grant, release, step, lock, unlock } = change;
  const records = { event, vote, grant, release, step, lock, unlock };
  return Object.entries(records).flatMap(([name, record]) =>
    record === undefined ? [] : [[name, record.planId] as const],
  );
}
