/** The only file that loads the DynamoDB client; clients.ts imports it on first use. */
import {
  BatchGetItemCommand,
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { awsCalls } from '../calls.ts';
import {
  DYNAMO_ANSWERS,
  type Dynamo,
  type DynamoOperations,
  type DynamoTables,
  type TableOperations,
} from './dynamo.ts';

export function dynamoCalls(config: DynamoDBClientConfig): {
  readonly items: Dynamo;
  readonly tables: DynamoTables;
  close(): void;
} {
  const client = new DynamoDBClient(config);
  return {
    items: awsCalls<DynamoOperations>(
      'DynamoDB',
      {
        GetItem: (input) => client.send(new GetItemCommand(input)),
        BatchGetItem: (input) => client.send(new BatchGetItemCommand(input)),
        Query: (input) => client.send(new QueryCommand(input)),
        PutItem: (input) => client.send(new PutItemCommand(input)),
        UpdateItem: (input) => client.send(new UpdateItemCommand(input)),
        DeleteItem: (input) => client.send(new DeleteItemCommand(input)),
        // The SDK gives every call its own ClientRequestToken and keeps it through its retries.
        TransactWriteItems: (input) => client.send(new TransactWriteItemsCommand(input)),
      },
      DYNAMO_ANSWERS,
    ),
    tables: awsCalls<TableOperations>(
      'DynamoDB',
      {
        CreateTable: (input) => client.send(new CreateTableCommand(input)),
        DescribeTable: (input) => client.send(new DescribeTableCommand(input)),
        UpdateTimeToLive: (input) => client.send(new UpdateTimeToLiveCommand(input)),
      },
      DYNAMO_ANSWERS,
    ),
    close: () => client.destroy(),
  };
}
