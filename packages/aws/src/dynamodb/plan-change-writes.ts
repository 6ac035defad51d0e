/** A PlanChange as the writes of one transaction, each with its condition and with what its failure means. Pure. */
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Plan, PlanChange } from '@countersign/approvals';
import { ITEM_BYTES_MAX, NONCE_KEPT_SECONDS_AFTER_EXPIRY, TRANSACTION_ITEMS_MAX } from '../limits.ts';
import { type Item, itemBytes, toAttribute, toItem } from './attributes.ts';
import {
  anomalyKey,
  chainKey,
  evidenceKey,
  grantKey,
  type Key,
  lockKey,
  nonceKey,
  outboxKey,
  planKey,
  releaseKey,
  stepKey,
  voteKey,
} from './keys.ts';
import { outboxPlace, planPlace } from './lists.ts';
import { MalformedChange } from './plan-change-check.ts';
import { recordItem } from './stored-records.ts';

/** What a failed condition of this write means. `none`: the write has no condition. */
export type WriteMeaning =
  | 'plan'
  | 'evidence'
  | 'chain'
  | 'vote'
  | 'nonce'
  | 'grant'
  | 'release'
  | 'lock'
  | 'anomaly'
  | 'anomaly-clear'
  | 'none';

export interface ChangeWrite {
  readonly meaning: WriteMeaning;
  readonly write: TransactWriteItem;
  /** Of a put-if-absent: what it puts. A stored item equal to it is our own, sent twice by the SDK. */
  readonly item?: Item;
  /** Of a lock: which. */
  readonly lock?: string;
}

/** Members that a later change may set; the rest is written at creation only. */
const MOVING_MEMBERS = [
  'status',
  'version',
  'updatedAt',
  'chain',
  'grantedVersion',
  'fence',
  'lease',
  'revocation',
  'reason',
] as const satisfies readonly (keyof Plan)[];

export function planChangeWrites(table: string, change: PlanChange): readonly ChangeWrite[] {
  const { after, event, vote, nonce, grant, release, step } = change;
  const once = (meaning: WriteMeaning, key: Key, item: Item): ChangeWrite =>
    putIfAbsent(table, meaning, { ...key, ...item });
  const writes: ChangeWrite[] = [
    change.before === null
      ? once('plan', planKey(after.planId), planItem(after))
      : planUpdate(table, change.before, change),
    once('chain', chainKey(event.planId, event.seq), recordItem('chainEvent', event)),
  ];
  if (change.evidence !== undefined) {
    const record = { format: 'countersign.evidence-record/v1', planId: after.planId, evidence: change.evidence };
    writes.push(once('evidence', evidenceKey(after.planId), recordItem('evidence', record)));
  }
  if (vote !== undefined) writes.push(once('vote', voteKey(vote.planId, vote.personId), recordItem('vote', vote)));
  if (nonce !== undefined) writes.push(once('nonce', nonceKey(nonce.nonce), nonceItem(nonce, after.planId)));
  if (grant !== undefined) writes.push(once('grant', grantKey(grant.planId), recordItem('grant', grant)));
  if (release !== undefined) writes.push(once('release', releaseKey(release.planId), recordItem('release', release)));
  if (step !== undefined) writes.push(put(table, { ...stepKey(step.planId, step.step), ...recordItem('step', step) }));
  writes.push(...lockWrites(table, change), ...outboxWrites(table, change), ...anomalyWrites(table, change));
  checkSizes(writes, { ...planKey(after.planId), ...planItem(after) });
  return writes;
}

/** The plan's attributes, its place in the lists, and the deadline as a number: conditions compare numbers, not spellings of time. */
const planItem = (plan: Plan): Item => ({
  ...recordItem('plan', plan),
  ...toItem({ ...planPlace(plan), openUntilMs: Date.parse(plan.notAfter) }),
});

function planUpdate(table: string, before: Plan, change: PlanChange): ChangeWrite {
  const { after, openAt } = change;
  const set = { ...Object.fromEntries(MOVING_MEMBERS.map((name) => [name, after[name]])), ...planPlace(after) };
  const held: Record<string, string | number | null> = {
    wasVersion: before.version,
    wasStatus: before.status,
    wasFence: before.fence,
    wasSeq: before.chain.seq,
    wasHash: before.chain.hash,
    ...(openAt === undefined ? {} : { openAt: Date.parse(openAt) }),
  };
  const conditions = [
    '#version = :wasVersion',
    '#status = :wasStatus',
    '#fence = :wasFence',
    '#chain.#seq = :wasSeq',
    '#chain.#hash = :wasHash',
    // The database itself refuses what comes after the deadline, however late this request arrives.
    ...(openAt === undefined ? [] : ['#openUntilMs > :openAt']),
  ];
  const names = [...Object.keys(set), 'seq', 'hash', ...(openAt === undefined ? [] : ['openUntilMs'])];
  return {
    meaning: 'plan',
    write: {
      Update: {
        TableName: table,
        Key: planKey(after.planId),
        UpdateExpression: `SET ${Object.keys(set)
          .map((name) => `#${name} = :${name}`)
          .join(', ')}`,
        ConditionExpression: conditions.join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: Object.fromEntries(
          Object.entries({ ...set, ...held }).map(([name, value]) => [`:${name}`, toAttribute(value)]),
        ),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
  };
}

const nonceItem = (nonce: NonNullable<PlanChange['nonce']>, planId: string): Item =>
  toItem({
    format: 'countersign.nonce/v1',
    planId,
    expiresAt: nonce.expiresAt,
    expiresAtEpoch: Math.ceil(Date.parse(nonce.expiresAt) / 1000) + NONCE_KEPT_SECONDS_AFTER_EXPIRY,
  });

/** Sorted: two plans with crossing targets meet at the same lock first, so one of them always wins. */
function lockWrites(table: string, change: PlanChange): readonly ChangeWrite[] {
  const { lock, unlock } = change;
  const taken = [...(lock?.keys ?? [])].sort().map((key): ChangeWrite => {
    const values = toItem({ planId: lock?.planId ?? '', fence: lock?.fence ?? 0 });
    return {
      meaning: 'lock',
      lock: key,
      write: {
        Put: {
          TableName: table,
          Item: { ...lockKey(key), ...toItem({ format: 'countersign.lock/v1' }), ...values },
          // Free, or ours from before a takeover: an older fence of the same plan gives way, a newer one never does.
          ConditionExpression: 'attribute_not_exists(#pk) OR (#planId = :planId AND #fence < :fence)',
          ExpressionAttributeNames: { '#pk': 'pk', '#planId': 'planId', '#fence': 'fence' },
          ExpressionAttributeValues: prefixed(values),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    };
  });
  const freed = [...(unlock?.keys ?? [])].sort().map(
    (key): ChangeWrite => ({
      meaning: 'lock',
      lock: key,
      write: {
        Delete: {
          TableName: table,
          Key: lockKey(key),
          // A lock that is gone cannot be freed and need not be; one that somebody else holds is not ours to free.
          ConditionExpression: 'attribute_not_exists(#pk) OR (#planId = :planId AND #fence = :fence)',
          ExpressionAttributeNames: { '#pk': 'pk', '#planId': 'planId', '#fence': 'fence' },
          ExpressionAttributeValues: prefixed(toItem({ planId: unlock?.planId ?? '', fence: unlock?.fence ?? 0 })),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    }),
  );
  return [...taken, ...freed];
}

/** A record that is settled and made anew in one change is made anew: a transaction may touch an item once. */
function outboxWrites(table: string, change: PlanChange): readonly ChangeWrite[] {
  const made = new Set(change.outbox.map((record) => record.outboxId));
  const settled = [...new Set(change.settles)].filter((id) => !made.has(id));
  return [
    ...change.outbox.map((record) =>
      put(table, {
        ...outboxKey(record.outboxId),
        ...recordItem('outbox', record),
        ...toItem({ ...outboxPlace(record) }),
      }),
    ),
    ...settled.map(
      (id): ChangeWrite => ({
        meaning: 'none',
        write: { Delete: { TableName: table, Key: outboxKey(id) } },
      }),
    ),
  ];
}

/** Moves the anomaly's version too: an observer that read it before must read it again, or it would write the old planId back. */
function anomalyWrites(table: string, change: PlanChange): readonly ChangeWrite[] {
  if (change.anomaly === undefined) return [];
  const { key, planId } = change.anomaly;
  const held = planId === null ? change.after.planId : null;
  return [
    {
      meaning: planId === null ? 'anomaly-clear' : 'anomaly',
      write: {
        Update: {
          TableName: table,
          Key: anomalyKey(key),
          UpdateExpression: 'SET #planId = :planId, #version = #version + :one',
          ConditionExpression: 'attribute_exists(#pk) AND #planId = :held',
          ExpressionAttributeNames: { '#pk': 'pk', '#planId': 'planId', '#version': 'version' },
          ExpressionAttributeValues: prefixed(toItem({ planId, held, one: 1 })),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      },
    },
  ];
}

const put = (table: string, item: Item): ChangeWrite => ({
  meaning: 'none',
  write: { Put: { TableName: table, Item: item } },
});

const putIfAbsent = (table: string, meaning: WriteMeaning, item: Item): ChangeWrite => ({
  meaning,
  item,
  write: {
    Put: {
      TableName: table,
      Item: item,
      ConditionExpression: 'attribute_not_exists(#pk)',
      ExpressionAttributeNames: { '#pk': 'pk' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  },
});

const prefixed = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [`:${name}`, value]));

/** Said before anything is sent: DynamoDB's own answer would come late and carry the item. */
function checkSizes(writes: readonly ChangeWrite[], plan: Item): void {
  if (writes.length > TRANSACTION_ITEMS_MAX) {
    throw new MalformedChange(`the change has ${writes.length} writes; one transaction takes ${TRANSACTION_ITEMS_MAX}`);
  }
  const puts = writes.flatMap(({ write }) => (write.Put?.Item === undefined ? [] : [write.Put.Item]));
  for (const item of [plan, ...puts]) {
    const bytes = itemBytes(item);
    if (bytes > ITEM_BYTES_MAX) throw new MalformedChange(`an item has ${bytes} bytes; ${ITEM_BYTES_MAX} fit`);
  }
}
