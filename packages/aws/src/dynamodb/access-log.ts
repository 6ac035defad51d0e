/**
 * The access log: reads, refusals, sign-ins, findings. One hash chain a shard, each process on one shard of its writer, a conditional
 * put an entry. It never stands in the way of what it logs: `record` does not throw, and what could not be written (over the budget, no
 * answer, a crowded shard) is counted and carried by the next entry. Counts still open when a process ends are lost.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type AccessEntry,
  type AccessLog,
  type AccessWriter,
  type Digest,
  type Randomness,
  Unavailable,
} from '@countersign/approvals';
import { ACCESS_ATTEMPTS_MAX, ACCESS_PENDING_MAX } from '../limits.ts';
import { jitteredPause, type Pause } from '../retry.ts';
import { accessBudget, omittedCounts } from './access-budget.ts';
import { type AccessRecord, accessHash, accessItem, readAccessRecord, storableEntry } from './access-record.ts';
import type { Item } from './attributes.ts';
import { conditionalWrite } from './conditional-write.ts';
import type { Dynamo } from './dynamo.ts';
import { accessPartition } from './keys.ts';
import { partition } from './pages.ts';

export interface AccessLogOptions {
  /** Chains a writer: two processes on one chain wait for each other. */
  readonly shards: number;
  /** Entries that this process may write in a minute, all callers together. */
  readonly budgetPerMinute: number;
  readonly random: Randomness;
  readonly pause?: Pause;
}

interface Head {
  readonly seq: number;
  readonly hash: Digest | null;
}

export function accessLog(dynamo: Dynamo, table: string, options: AccessLogOptions): AccessLog {
  const { shards, random, pause = jitteredPause(Math.random) } = options;
  const shard = Buffer.from(random.token(4), 'base64url').readUInt32BE(0) % shards;
  const budget = accessBudget(options.budgetPerMinute);
  const omitted = omittedCounts();
  const heads = new Map<AccessWriter, Head>();
  let pending = 0;
  let turn: Promise<void> = Promise.resolve();

  /** In its turn: the entries of one process never contend with each other. */
  async function append(entry: AccessEntry): Promise<void> {
    const carried = omitted.take();
    try {
      let head = heads.get(entry.writer) ?? (await newestHead(dynamo, table, entry.writer, shard));
      const entryId = random.token(9);
      for (let attempt = 1; attempt <= ACCESS_ATTEMPTS_MAX; attempt += 1) {
        const record: AccessRecord = {
          ...entry,
          format: 'countersign.access/v1',
          shard,
          seq: head.seq + 1,
          previous: head.hash,
          entryId,
          omitted: carried,
        };
        const taken = await putRecord(dynamo, table, record, pause);
        if (taken === undefined) {
          heads.set(entry.writer, { seq: record.seq, hash: accessHash(record) });
          return;
        }
        // Another process was first at this place: go on behind it, or behind the newest when it is far ahead.
        head = attempt === 1 ? headOf(taken, record.seq) : await newestHead(dynamo, table, entry.writer, shard);
        await pause(attempt);
      }
      throw new Unavailable('the access log is crowded');
    } catch {
      heads.delete(entry.writer);
      omitted.add(entry.type);
      for (const [type, count] of Object.entries(carried ?? {})) omitted.add(type as AccessEntry['type'], count);
    }
  }

  return {
    async record(entry) {
      if (pending >= ACCESS_PENDING_MAX || !budget.admits(entry.actor, entry.at)) return omitted.add(entry.type);
      pending += 1;
      const storable = storableEntry(entry);
      turn = turn
        .then(() => append(storable))
        .finally(() => {
          pending -= 1;
        });
      await turn;
    },
  };
}

/** Undefined when the record is stored; the item that holds its place otherwise. */
async function putRecord(dynamo: Dynamo, table: string, record: AccessRecord, pause: Pause): Promise<Item | undefined> {
  const item = accessItem(record);
  const outcome = await conditionalWrite(
    () =>
      dynamo.call('PutItem', {
        TableName: table,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': 'pk' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    pause,
  );
  if (outcome.held || isDeepStrictEqual(outcome.stored, item)) return undefined;
  return outcome.stored ?? {};
}

/** A record that cannot be read is a break that the verifier will name; the log goes on behind it. */
function headOf(item: Item, seq: number): Head {
  const record = readAccessRecord(item);
  return record === undefined ? { seq, hash: null } : { seq: record.seq, hash: accessHash(record) };
}

async function newestHead(dynamo: Dynamo, table: string, writer: AccessWriter, shard: number): Promise<Head> {
  const { Items } = await dynamo.call('Query', {
    TableName: table,
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':pk': { S: accessPartition(writer, shard) } },
    ScanIndexForward: false,
    Limit: 1,
    ConsistentRead: true,
  });
  const newest = Items?.[0];
  return newest === undefined ? { seq: 0, hash: null } : headOf(newest, Number(newest.sk?.S));
}

/** One shard's chain as it is kept, for auditors; `broken` is the first seq that does not follow from the one before. */
export async function readAccessShard(
  dynamo: Dynamo,
  table: string,
  writer: AccessWriter,
  shard: number,
): Promise<{ readonly records: readonly AccessRecord[]; readonly broken: number | null }> {
  const items = await partition(dynamo, table, accessPartition(writer, shard));
  const records: AccessRecord[] = [];
  let broken: number | null = null;
  for (const item of items) {
    const record = readAccessRecord(item);
    const before = records.at(-1);
    // The oldest kept record has nothing to follow from: what was before it has been removed in time.
    const follows =
      record !== undefined &&
      (before === undefined || (record.seq === before.seq + 1 && record.previous === accessHash(before)));
    if (!follows) broken ??= record?.seq ?? Number(item.sk?.S);
    if (record !== undefined) records.push(record);
  }
  return { records, broken };
}
