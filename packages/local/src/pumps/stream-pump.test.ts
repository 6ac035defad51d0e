import {
  CreateTableCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DataDirectory } from '../contract/data-directory.ts';
import { createTemporaryData, type TemporaryData } from '../contract/temporary-data.ts';
import { type DynamoDb, startDynamoDb } from '../embedded/dynamodb.ts';
import { createRunCredentials } from '../embedded/run-credentials.ts';
import type { PumpProblem } from './pump-problem.ts';
import { type StreamPump, type StreamPumpOptions, startStreamPump } from './stream-pump.ts';
import { StreamPosition } from './stream-shards.ts';

let temporary: TemporaryData;
let data: DataDirectory;
let database: DynamoDb;
let table: DynamoDBClient;
let client: DynamoDBStreamsClient;
let streamArn = '';
let pump: StreamPump | undefined;
let problems: PumpProblem[] = [];
let delivered: string[] = [];

beforeEach(async () => {
  temporary = createTemporaryData();
  problems = [];
  delivered = [];
  await open();
  await table.send(
    new CreateTableCommand({
      TableName: 'plans',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  streamArn = (await table.send(new DescribeTableCommand({ TableName: 'plans' }))).Table?.LatestStreamArn ?? '';
});
afterEach(async () => {
  await close();
  temporary.remove();
});

async function open(): Promise<void> {
  data = temporary.open();
  database = await startDynamoDb({ port: 0, data, credentials: createRunCredentials(), environment: {} });
  const { endpoint, credentials } = database;
  table = new DynamoDBClient({ endpoint, credentials, region: 'us-east-1' });
  client = new DynamoDBStreamsClient({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1 });
}
async function close(): Promise<void> {
  await pump?.stop();
  pump = undefined;
  await database.stop();
}

type Handler = StreamPumpOptions['lambda']['handler'];
const keysOf = ({ Records }: DynamoDBStreamEvent) => Records.map(({ dynamodb }) => dynamodb?.NewImage?.pk?.S ?? '');
const collect: Handler = async (event) => {
  delivered.push(...keysOf(event));
};
function start(handler: Handler = collect, more: Partial<StreamPumpOptions> = {}): void {
  pump = startStreamPump({
    client,
    streamArn,
    position: data.document('stream-position', StreamPosition, { durable: false }),
    lambda: { name: 'countersign-relay', limitMilliseconds: 5_000, handler },
    onWrite: database.onWrite,
    report: (problem) => problems.push(problem),
    ...more,
  });
}
const put = (pk: string) => table.send(new PutItemCommand({ TableName: 'plans', Item: { pk: { S: pk } } }));
const arrives = (...keys: string[]) =>
  vi.waitFor(() => expect(delivered).toEqual(keys), { timeout: 5_000, interval: 5 });

describe('the stream pump', () => {
  test('hands a handler the event of Lambda, with binaries in base64 and the time in seconds', async () => {
    const events: DynamoDBStreamEvent[] = [];
    start(async (event) => {
      events.push(event);
    });
    const bytes = Buffer.from([0, 255]);
    await table.send(
      new PutItemCommand({
        TableName: 'plans',
        Item: {
          pk: { S: 'a' },
          b: { B: bytes },
          bs: { BS: [bytes] },
          deep: { M: { l: { L: [{ N: '1' }, { BOOL: false }, { NULL: true }, { SS: ['x'] }, { NS: ['2'] }] } } },
        },
      }),
    );
    await table.send(new DeleteItemCommand({ TableName: 'plans', Key: { pk: { S: 'a' } } }));
    await vi.waitFor(() => expect(events.flatMap(({ Records }) => Records)).toHaveLength(2));
    const [inserted, removed] = events.flatMap(({ Records }) => Records);
    expect(inserted).toMatchObject({
      eventID: expect.any(String),
      eventName: 'INSERT',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      eventSourceARN: streamArn,
      dynamodb: {
        Keys: { pk: { S: 'a' } },
        NewImage: {
          pk: { S: 'a' },
          b: { B: 'AP8=' },
          bs: { BS: ['AP8='] },
          deep: { M: { l: { L: [{ N: '1' }, { BOOL: false }, { NULL: true }, { SS: ['x'] }, { NS: ['2'] }] } } },
        },
        SequenceNumber: expect.any(String),
        StreamViewType: 'NEW_AND_OLD_IMAGES',
      },
    });
    expect(Number.isInteger(inserted?.dynamodb?.ApproximateCreationDateTime)).toBe(true);
    expect(removed).toMatchObject({ eventName: 'REMOVE', dynamodb: { OldImage: { b: { B: 'AP8=' } } } });
    expect(removed?.dynamodb).not.toHaveProperty('NewImage');
  });

  test('starts with the oldest record, and after a restart of everything with the first that was not handled', async () => {
    await put('before the pump');
    start();
    await arrives('before the pump');
    await close();
    await open();
    await put('while it was down');
    start();
    await put('after');
    await arrives('before the pump', 'while it was down', 'after');
  });

  test('brings a batch again that was in work when it stopped', async () => {
    let running = () => {};
    const started = new Promise<void>((begun) => {
      running = begun;
    });
    start(async () => {
      running();
      throw new Error('fails while stopping');
    });
    await put('a');
    await started;
    await pump?.stop();
    start();
    await arrives('a');
  });

  test('delivers within milliseconds of a write, without polling in between', async () => {
    let reads = 0;
    client.middlewareStack.add(
      (next) => async (call) => {
        if ('ShardIterator' in call.input) reads += 1;
        return next(call);
      },
      { step: 'initialize' },
    );
    const times: number[] = [];
    start(async (event) => {
      times.push(performance.now());
      await collect(event, undefined as never);
    });
    await put('first');
    await arrives('first');
    const before = reads;
    const began = performance.now();
    await put('second');
    await arrives('first', 'second');
    expect((times[1] ?? Number.POSITIVE_INFINITY) - began).toBeLessThan(100);
    expect(reads - before).toBeLessThan(6);
  });

  test('polls a database that does not announce its writes', async () => {
    pump = startStreamPump({
      client,
      streamArn,
      position: data.document('stream-position', StreamPosition),
      lambda: { name: 'countersign-relay', limitMilliseconds: 5_000, handler: collect },
      report: (problem) => problems.push(problem),
    });
    await put('a');
    await arrives('a');
    await put('b');
    await arrives('a', 'b');
  });

  test('keeps the order when a handler fails, and goes on from the record that it names', async () => {
    for (const key of ['a', 'b', 'c']) await put(key);
    let refusals = 2;
    start(async (event): Promise<DynamoDBBatchResponse> => {
      const failing =
        refusals > 0 ? event.Records.find(({ dynamodb }) => dynamodb?.NewImage?.pk?.S === 'b') : undefined;
      refusals -= 1;
      const before = failing ? event.Records.slice(0, event.Records.indexOf(failing)) : event.Records;
      delivered.push(...keysOf({ Records: before }));
      return { batchItemFailures: failing ? [{ itemIdentifier: failing.dynamodb?.SequenceNumber ?? '' }] : [] };
    });
    await arrives('a', 'b', 'c');
  });

  test('leaves a batch out that keeps failing, says so, and goes on', async () => {
    start(
      async (event) => {
        if (keysOf(event).includes('poison')) throw new Error('cannot');
        delivered.push(...keysOf(event));
      },
      { retryAttempts: 1 },
    );
    await put('poison');
    await vi.waitFor(() =>
      expect(problems.map(({ kind }) => kind)).toEqual(['handler_threw', 'handler_threw', 'batch_left_out']),
    );
    await put('next');
    await arrives('next');
  });

  test('starts over with the oldest record when its position was trimmed', async () => {
    start();
    await put('a');
    await arrives('a');
    await pump?.stop();
    client.middlewareStack.add(
      (next) => async (call) => {
        if ('SequenceNumber' in call.input && call.input.SequenceNumber)
          throw new TrimmedDataAccessException({ message: 'trimmed', $metadata: {} });
        return next(call);
      },
      { step: 'initialize' },
    );
    start();
    await arrives('a', 'a');
  });

  test('starts over when the position is one of another stream', async () => {
    data
      .document('stream-position', StreamPosition)
      .write({ streamArn: 'arn:of-an-older-table', shards: { 'shard-1': { after: '9' } } });
    start();
    await put('a');
    await arrives('a');
  });

  test('goes on by itself after its stream did not answer', async () => {
    let failures = 2;
    client.middlewareStack.add(
      (next) => async (call) => {
        failures -= 1;
        if (failures >= 0) throw new Error('no connection');
        return next(call);
      },
      { step: 'initialize' },
    );
    start();
    await put('a');
    await arrives('a');
    expect(problems.map(({ kind }) => kind)).toEqual(['source_failed', 'source_failed']);
  });
});

describe('a stream whose shards were split', () => {
  test('is read parents first, each shard to its end', async () => {
    // dynoxide never closes a shard; so the answers of a stream with three shards are put in its place.
    const shards = [
      { ShardId: 'child-1', ParentShardId: 'parent' },
      { ShardId: 'parent', ParentShardId: 'trimmed-away' },
      { ShardId: 'child-2', ParentShardId: 'parent' },
    ];
    const record = (shard: string) => ({
      eventName: 'INSERT' as const,
      dynamodb: { NewImage: { pk: { S: shard } }, SequenceNumber: `1-${shard}` },
    });
    client.middlewareStack.add(
      (_next, context) => async (call) => {
        const input = call.input as { ShardId?: string; ShardIterator?: string };
        const answer = (output: object) => ({ response: {}, output: { $metadata: {}, ...output } as never });
        if (context.commandName === GetShardIteratorCommand.name)
          return answer({ ShardIterator: `${input.ShardId}/0` });
        if (context.commandName !== GetRecordsCommand.name) return answer({ StreamDescription: { Shards: shards } });
        const [shard = '', page] = (input.ShardIterator ?? '').split('/');
        if (page === '0') return answer({ Records: [record(shard)], NextShardIterator: `${shard}/1` });
        return answer({ Records: [], ...(shard === 'parent' ? {} : { NextShardIterator: `${shard}/1` }) });
      },
      { step: 'initialize', priority: 'low' },
    );
    start();
    await vi.waitFor(() => expect(delivered).toHaveLength(3));
    expect(delivered[0]).toBe('parent');
    expect(delivered.toSorted()).toEqual(['child-1', 'child-2', 'parent']);
    expect(data.document('stream-position', StreamPosition).read()?.shards.parent).toEqual({ finished: true });
  });
});
