/** Makes the tables on one machine and in tests. In AWS the stack does, from the same definition. */
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { Unavailable } from '@countersign/approvals';
import { TRANSACTION_ATTEMPTS_MAX } from '../limits.ts';
import { jitteredPause, type Pause } from '../retry.ts';
import { nameOf } from '../upstream-error.ts';
import type { DynamoTables } from './dynamo.ts';
import { MAIN_TABLE, PEOPLE_TABLE, type TableDefinition, type TableNames } from './table-definition.ts';

/** Makes those that are not there yet; resolves when all answer. Never changes a table that exists. */
export async function createTables(
  tables: DynamoTables,
  names: TableNames,
  pause: Pause = jitteredPause(Math.random),
): Promise<void> {
  await createTable(tables, names.main, MAIN_TABLE, pause);
  await createTable(tables, names.people, PEOPLE_TABLE, pause);
}

async function createTable(
  tables: DynamoTables,
  name: string,
  definition: TableDefinition,
  pause: Pause,
): Promise<void> {
  try {
    await tables.call('CreateTable', createTableInput(name, definition));
  } catch (error) {
    if (nameOf(error) === 'ResourceInUseException') return;
    throw error;
  }
  await untilActive(tables, name, pause);
  if (definition.timeToLiveAttribute === null) return;
  await tables.call('UpdateTimeToLive', {
    TableName: name,
    TimeToLiveSpecification: { Enabled: true, AttributeName: definition.timeToLiveAttribute },
  });
}

async function untilActive(tables: DynamoTables, name: string, pause: Pause): Promise<void> {
  for (let attempt = 1; attempt <= TRANSACTION_ATTEMPTS_MAX; attempt += 1) {
    const { Table } = await tables.call('DescribeTable', { TableName: name });
    if (Table?.TableStatus === 'ACTIVE') return;
    await pause(attempt);
  }
  throw new Unavailable(`DynamoDB: the table ${name} does not become active`);
}

export function createTableInput(name: string, definition: TableDefinition): CreateTableCommandInput {
  const { partitionKey, sortKey, index, stream } = definition;
  const keys = [partitionKey, sortKey, ...(index === null ? [] : [index.partitionKey, index.sortKey])];
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: keySchema(partitionKey, sortKey),
    AttributeDefinitions: keys.map((key) => ({ AttributeName: key, AttributeType: 'S' })),
    ...(index === null
      ? {}
      : {
          GlobalSecondaryIndexes: [
            {
              IndexName: index.name,
              KeySchema: keySchema(index.partitionKey, index.sortKey),
              Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...index.projectedAttributes] },
            },
          ],
        }),
    ...(stream === null ? {} : { StreamSpecification: { StreamEnabled: true, StreamViewType: stream } }),
  };
}

const keySchema = (partition: string, sort: string): CreateTableCommandInput['KeySchema'] => [
  { AttributeName: partition, KeyType: 'HASH' },
  { AttributeName: sort, KeyType: 'RANGE' },
];
