/** Reading more than one item: every page of a query, every key of a batch. */
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { Unavailable } from '@countersign/approvals';
import { BATCH_ATTEMPTS_MAX, BATCH_KEYS_MAX, LIST_ENTRIES_MAX } from '../limits.ts';
import type { Pause } from '../retry.ts';
import type { Item } from './attributes.ts';
import type { Dynamo } from './dynamo.ts';
import type { Key } from './keys.ts';

/** Every item of one partition of the base table, in sort-key order, read consistently. */
export async function partition(dynamo: Dynamo, table: string, pk: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of pages(dynamo, {
    TableName: table,
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':pk': { S: pk } },
    ConsistentRead: true,
  })) {
    items.push(...page);
  }
  return items;
}

/** Entries of one list, from the sparse index: they may lag, so they decide nothing. `until`: nothing that sorts after it. */
export async function* listed(
  dynamo: Dynamo,
  table: string,
  list: { readonly listPk: string; readonly newestFirst: boolean; readonly pageSize: number; readonly until?: string },
): AsyncGenerator<Item> {
  const { listPk, newestFirst, until } = list;
  const input: QueryCommandInput = {
    TableName: table,
    IndexName: 'byList',
    KeyConditionExpression: until === undefined ? '#listPk = :listPk' : '#listPk = :listPk AND #listSk <= :until',
    ExpressionAttributeNames: { '#listPk': 'listPk', ...(until === undefined ? {} : { '#listSk': 'listSk' }) },
    ExpressionAttributeValues: { ':listPk': { S: listPk }, ...(until === undefined ? {} : { ':until': { S: until } }) },
    ScanIndexForward: !newestFirst,
    Limit: list.pageSize,
  };
  let seen = 0;
  for await (const page of pages(dynamo, input)) {
    yield* page;
    seen += page.length;
    if (seen >= LIST_ENTRIES_MAX) return;
  }
}

async function* pages(dynamo: Dynamo, input: QueryCommandInput): AsyncGenerator<readonly Item[]> {
  let start: Item | undefined;
  do {
    const page = await dynamo.call('Query', { ...input, ...(start === undefined ? {} : { ExclusiveStartKey: start }) });
    yield page.Items ?? [];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}

/** The items under these keys that exist, in no order, read consistently. Asks again for what DynamoDB left out. */
export async function batch(
  dynamo: Dynamo,
  table: string,
  keys: readonly Key[],
  pause: Pause,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let from = 0; from < keys.length; from += BATCH_KEYS_MAX) {
    let left: Item[] = keys.slice(from, from + BATCH_KEYS_MAX).map((key) => ({ ...key }));
    for (let attempt = 1; left.length > 0; attempt += 1) {
      if (attempt > BATCH_ATTEMPTS_MAX) throw new Unavailable('DynamoDB BatchGetItem: keys stay unprocessed');
      if (attempt > 1) await pause(attempt - 1);
      const answer = await dynamo.call('BatchGetItem', {
        RequestItems: { [table]: { Keys: left, ConsistentRead: true } },
      });
      items.push(...(answer.Responses?.[table] ?? []));
      left = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return items;
}
