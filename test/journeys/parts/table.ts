/** A table writer: whoever got hold of the DynamoDB endpoint. Reads and overwrites any record. */
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import type { Ready } from './running-system.ts';

export type Item = Record<string, AttributeValue>;

export interface TableWriter {
  partition(pk: string): Promise<readonly Item[]>;
  /** Every item of every table. */
  all(): Promise<readonly Item[]>;
  put(item: Item): Promise<void>;
  remove(item: Item): Promise<void>;
  close(): void;
}

export function tableWriter(ready: Ready): TableWriter {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint: ready.dynamodb.endpoint,
    credentials: ready.dynamodb.credentials,
  });
  const [TableName = ''] = ready.dynamodb.tables;
  return {
    partition: async (pk) => {
      const answer = await client.send(
        new QueryCommand({
          TableName,
          ConsistentRead: true,
          KeyConditionExpression: '#pk = :pk',
          ExpressionAttributeNames: { '#pk': 'pk' },
          ExpressionAttributeValues: { ':pk': { S: pk } },
        }),
      );
      return answer.Items ?? [];
    },
    all: async () => {
      const found: Item[] = [];
      for (const name of ready.dynamodb.tables) {
        let from: Item | undefined;
        do {
          const page = await client.send(
            new ScanCommand({ TableName: name, ConsistentRead: true, ...(from ? { ExclusiveStartKey: from } : {}) }),
          );
          found.push(...(page.Items ?? []));
          from = page.LastEvaluatedKey;
        } while (from !== undefined);
      }
      return found;
    },
    put: async (item) => void (await client.send(new PutItemCommand({ TableName, Item: item }))),
    remove: async ({ pk, sk }) => {
      if (pk === undefined || sk === undefined) throw new Error('no key');
      await client.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
    },
    close: () => client.destroy(),
  };
}
