/** The table as an auditor with the console would see it: raw items, without the stores. */
import type { Dynamo } from '@countersign/aws';

export type RawItem = NonNullable<Awaited<ReturnType<typeof partitionItems>>>[number];

export async function partitionItems(dynamo: Dynamo, table: string, pk: string) {
  const { Items } = await dynamo.call('Query', {
    TableName: table,
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':pk': { S: pk } },
    ConsistentRead: true,
  });
  return Items ?? [];
}

/** Everything under these partition keys, by partition: equal before and after means that nothing was written. */
export async function snapshot(
  dynamo: Dynamo,
  table: string,
  pks: readonly string[],
): Promise<Readonly<Record<string, readonly RawItem[]>>> {
  const entries = await Promise.all(pks.map(async (pk) => [pk, await partitionItems(dynamo, table, pk)] as const));
  return Object.fromEntries(entries);
}

/** What somebody who can write to the table does: puts an item, whatever it is. */
export async function plant(dynamo: Dynamo, table: string, item: RawItem): Promise<void> {
  await dynamo.call('PutItem', { TableName: table, Item: item });
}

export async function remove(dynamo: Dynamo, table: string, item: RawItem): Promise<void> {
  const { pk, sk } = item;
  if (pk === undefined || sk === undefined) throw new Error('an item has keys');
  await dynamo.call('DeleteItem', { TableName: table, Key: { pk, sk } });
}
