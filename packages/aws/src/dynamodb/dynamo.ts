/** DynamoDB as the stores use it. There is no Scan here, and no role is granted one: LeadingKeys cannot bound it. */
import type {
  BatchGetItemCommandInput,
  BatchGetItemCommandOutput,
  CreateTableCommandInput,
  CreateTableCommandOutput,
  DeleteItemCommandInput,
  DeleteItemCommandOutput,
  DescribeTableCommandInput,
  DescribeTableCommandOutput,
  GetItemCommandInput,
  GetItemCommandOutput,
  PutItemCommandInput,
  PutItemCommandOutput,
  QueryCommandInput,
  QueryCommandOutput,
  TransactWriteItemsCommandInput,
  TransactWriteItemsCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
  UpdateTimeToLiveCommandInput,
  UpdateTimeToLiveCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type { AwsCalls } from '../calls.ts';

export interface DynamoOperations {
  readonly GetItem: readonly [GetItemCommandInput, GetItemCommandOutput];
  readonly BatchGetItem: readonly [BatchGetItemCommandInput, BatchGetItemCommandOutput];
  readonly Query: readonly [QueryCommandInput, QueryCommandOutput];
  readonly PutItem: readonly [PutItemCommandInput, PutItemCommandOutput];
  readonly UpdateItem: readonly [UpdateItemCommandInput, UpdateItemCommandOutput];
  readonly DeleteItem: readonly [DeleteItemCommandInput, DeleteItemCommandOutput];
  readonly TransactWriteItems: readonly [TransactWriteItemsCommandInput, TransactWriteItemsCommandOutput];
}
export type Dynamo = AwsCalls<DynamoOperations>;

/** Making tables: one machine and tests only. In AWS the stack declares them and no function's role may. */
export interface TableOperations {
  readonly CreateTable: readonly [CreateTableCommandInput, CreateTableCommandOutput];
  readonly DescribeTable: readonly [DescribeTableCommandInput, DescribeTableCommandOutput];
  readonly UpdateTimeToLive: readonly [UpdateTimeToLiveCommandInput, UpdateTimeToLiveCommandOutput];
}
export type DynamoTables = AwsCalls<TableOperations>;

/** Errors that are answers: what the condition or the table's existence said. */
export const DYNAMO_ANSWERS = [
  'ConditionalCheckFailedException',
  'TransactionCanceledException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ResourceInUseException',
] as const;
