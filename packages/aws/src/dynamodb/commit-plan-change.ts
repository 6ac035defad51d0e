/**
 * One PlanChange, one transaction. What a failed condition means is read from the items that DynamoDB returns with the refusal
 * (ALL_OLD), never by a second read: between the two the answer could change.
 */
import { isDeepStrictEqual } from 'node:util';
import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { type CommitResult, type PlanChange, Unavailable } from '@countersign/approvals';
import { TRANSACTION_ATTEMPTS_MAX } from '../limits.ts';
import type { Pause } from '../retry.ts';
import { nameOf } from '../upstream-error.ts';
import { type Item, toItem } from './attributes.ts';
import type { Dynamo } from './dynamo.ts';
import { checkPlanChange } from './plan-change-check.ts';
import { type ChangeWrite, planChangeWrites, type WriteMeaning } from './plan-change-writes.ts';

export async function commitPlanChange(
  dynamo: Dynamo,
  table: string,
  change: PlanChange,
  pause: Pause,
): Promise<CommitResult> {
  checkPlanChange(change);
  const { before, after, openAt } = change;
  if (before === null && openAt !== undefined && Date.parse(openAt) >= Date.parse(after.notAfter)) {
    return { ok: false, conflict: 'window' };
  }
  let writes = planChangeWrites(table, change);
  for (let attempt = 1; attempt <= TRANSACTION_ATTEMPTS_MAX; attempt += 1) {
    const reasons = await send(dynamo, writes);
    if (reasons === undefined) return { ok: true, repeated: false };
    // A write that met another transaction was not judged at all, so nothing can be said yet.
    if (reasons !== 'met-another' && !reasons.some((reason) => reason.Code === 'TransactionConflict')) {
      const failed = failedConditions(writes, reasons);
      if (isOwn(change, writes, failed)) return { ok: true, repeated: true };
      if (failed.every(({ write }) => write.meaning === 'anomaly-clear')) {
        // The anomaly moved on without us. That must not keep the plan from ending: the same change, but for that.
        writes = writes.filter((write) => write.meaning !== 'anomaly-clear');
        continue;
      }
      return conflictOf(change, failed);
    }
    await pause(attempt);
  }
  throw new Unavailable('DynamoDB TransactWriteItems: other transactions hold the same items');
}

/** Undefined on success; the reasons of a cancelled transaction, one a write, otherwise. */
async function send(
  dynamo: Dynamo,
  writes: readonly ChangeWrite[],
): Promise<readonly CancellationReason[] | 'met-another' | undefined> {
  try {
    await dynamo.call('TransactWriteItems', { TransactItems: writes.map(({ write }) => write) });
    return undefined;
  } catch (error) {
    const name = nameOf(error);
    if (name === 'TransactionInProgressException' || name === 'TransactionConflictException') return 'met-another';
    if (name !== 'TransactionCanceledException') throw error;
    return reasonsOf(error);
  }
}

function reasonsOf(error: unknown): readonly CancellationReason[] {
  const reasons = error instanceof Error && 'CancellationReasons' in error ? error.CancellationReasons : undefined;
  if (!Array.isArray(reasons)) throw new Unavailable('DynamoDB TransactWriteItems: cancelled without a reason');
  return reasons as readonly CancellationReason[];
}

interface FailedCondition {
  readonly write: ChangeWrite;
  /** The item as it is stored; undefined where there is none. */
  readonly stored: Item | undefined;
}

function failedConditions(
  writes: readonly ChangeWrite[],
  reasons: readonly CancellationReason[],
): readonly FailedCondition[] {
  const failed: FailedCondition[] = [];
  for (const [at, reason] of reasons.entries()) {
    const write = writes[at];
    if (reason.Code === 'ConditionalCheckFailed' && write !== undefined) failed.push({ write, stored: reason.Item });
    // A stored attribute of another type than ours: somebody else wrote it. Retrying cannot help.
    if (reason.Code === 'ValidationError')
      throw new Error('DynamoDB TransactWriteItems: a stored item does not fit the change');
  }
  if (failed.length === 0)
    throw new Unavailable(`DynamoDB TransactWriteItems: ${reasons.map((r) => r.Code ?? '').join(' ')}`);
  return failed;
}

/**
 * The very same change is stored already: the SDK sent it twice because the first answer was lost, or the caller
 * did. The stored event equal to ours says so, whatever happened to the plan since, provided that the plan did move and that nothing
 * which we would have put differs: an event planted by a table writer alone never passes for our success.
 */
function isOwn(change: PlanChange, writes: readonly ChangeWrite[], failed: readonly FailedCondition[]): boolean {
  const storedOf = (meaning: WriteMeaning): Item | undefined =>
    failed.find(({ write }) => write.meaning === meaning)?.stored;
  const plan = storedOf('plan');
  const version = Number(plan?.version?.N ?? '0');
  if (plan === undefined || version < change.after.version) return false;
  const once = writes.filter((write) => write.item !== undefined && write.meaning !== 'plan');
  return once.every(({ meaning, item }) => isDeepStrictEqual(storedOf(meaning), item));
}

/** Most telling first: what can never become true again before what a fresh read may cure. */
const ORDER = [
  'vote',
  'nonce',
  'grant',
  'release',
  'plan',
  'evidence',
  'chain',
  'anomaly',
  'lock',
] as const satisfies readonly WriteMeaning[];

function conflictOf(change: PlanChange, failed: readonly FailedCondition[]): CommitResult {
  const meaning = ORDER.find((name) => failed.some(({ write }) => write.meaning === name));
  switch (meaning) {
    case 'vote':
    case 'nonce':
    case 'grant':
    case 'release':
    case 'anomaly':
      return { ok: false, conflict: meaning };
    case 'lock':
      return {
        ok: false,
        conflict: 'lock',
        key: failed.find(({ write }) => write.meaning === 'lock')?.write.lock ?? '',
      };
    default:
      return { ok: false, conflict: isOnlyLate(change, failed) ? 'window' : 'plan' };
  }
}

/** Everything else that the condition asks of the plan holds, so the deadline is what failed. */
function isOnlyLate(change: PlanChange, failed: readonly FailedCondition[]): boolean {
  const { before, openAt } = change;
  const stored = failed.find(({ write }) => write.meaning === 'plan')?.stored;
  if (before === null || openAt === undefined || stored === undefined) return false;
  const { version, status, fence, chain } = before;
  const held = toItem({ version, status, fence, chain: { ...chain } });
  return Object.entries(held).every(([name, value]) => isDeepStrictEqual(stored[name], value));
}
