import {
  type _Record,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  type Shard,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import * as z from 'zod';
import type { JsonDocument } from '../contract/json-document.ts';
import { STREAM_BATCH_RECORDS } from './limits.ts';

/** How far each shard of one stream was handled. */
export const StreamPosition = z.strictObject({
  streamArn: z.string(),
  /** By shard id: the last sequence number that was handled, or that the shard is closed and handled to its end. */
  shards: z.record(
    z.string(),
    z.union([z.strictObject({ after: z.string() }), z.strictObject({ finished: z.literal(true) })]),
  ),
});
export type StreamPosition = z.infer<typeof StreamPosition>;

export type StreamBatch = {
  readonly records: readonly _Record[];
  /** Remembers that the records up to this one are handled; without an argument, all of them. */
  handled(lastSequenceNumber?: string): void;
};

export type StreamShards = {
  /** The next records of any shard, parents before children; undefined when there is nothing new. */
  next(signal: AbortSignal): Promise<StreamBatch | undefined>;
};

/**
 * Reads a table's stream from where the position says. Without a position, with one of another stream (the table was
 * made anew), or with one that was trimmed since, it starts with the oldest record there is: a record may come twice,
 * none is skipped that still exists.
 */
export function createStreamShards(
  client: DynamoDBStreamsClient,
  streamArn: string,
  document: JsonDocument<StreamPosition>,
): StreamShards {
  const stored = document.read();
  const position: StreamPosition = stored?.streamArn === streamArn ? stored : { streamArn, shards: {} };
  /** Where to read on; a shard leaves when it is closed and read to its end. */
  let open: Map<string, { iterator: string | undefined }> | undefined;

  async function describe(signal: AbortSignal): Promise<void> {
    const shards = await listShards(client, streamArn, signal);
    const known = new Set(shards.map(({ ShardId }) => ShardId));
    const isFinished = (id: string | undefined) => id !== undefined && 'finished' in (position.shards[id] ?? {});
    for (const id of Object.keys(position.shards)) if (!known.has(id)) delete position.shards[id];
    open = new Map();
    for (const { ShardId: id, ParentShardId: parent } of shards) {
      // A child's records come after its parent's: it waits until the parent is handled, or trimmed away.
      if (id && !isFinished(id) && (!parent || !known.has(parent) || isFinished(parent)))
        open.set(id, { iterator: undefined });
    }
  }

  return {
    async next(signal) {
      if (!open) await describe(signal);
      for (const [id, state] of open ?? []) {
        const page = await readShard(client, position, id, state.iterator, signal);
        state.iterator = page.next;
        if (page.records.length > 0) {
          return {
            records: page.records,
            handled(lastSequenceNumber) {
              const after = lastSequenceNumber ?? page.records.at(-1)?.dynamodb?.SequenceNumber;
              if (after === undefined) return;
              position.shards[id] = { after };
              if (lastSequenceNumber !== undefined) state.iterator = undefined; // Read on from there, not after the page.
              document.write(position);
            },
          };
        }
        if (page.next === undefined) {
          position.shards[id] = { finished: true };
          document.write(position);
          open = undefined; // Its children may be read from now on.
          return this.next(signal);
        }
      }
      return undefined;
    },
  };
}

async function listShards(
  client: DynamoDBStreamsClient,
  streamArn: string,
  abortSignal: AbortSignal,
): Promise<Shard[]> {
  const shards: Shard[] = [];
  let after: string | undefined;
  do {
    const { StreamDescription: page } = await client.send(
      new DescribeStreamCommand({ StreamArn: streamArn, ...(after ? { ExclusiveStartShardId: after } : {}) }),
      { abortSignal },
    );
    shards.push(...(page?.Shards ?? []));
    after = page?.LastEvaluatedShardId;
  } while (after);
  return shards;
}

type Page = {
  readonly records: readonly _Record[] /** undefined: the shard is closed and this was its end. */;
  readonly next: string | undefined;
};

async function readShard(
  client: DynamoDBStreamsClient,
  position: StreamPosition,
  id: string,
  iterator: string | undefined,
  abortSignal: AbortSignal,
): Promise<Page> {
  const read = async (from: string): Promise<Page> => {
    const page = await client.send(new GetRecordsCommand({ ShardIterator: from, Limit: STREAM_BATCH_RECORDS }), {
      abortSignal,
    });
    return { records: page.Records ?? [], next: page.NextShardIterator };
  };
  try {
    return await read(iterator ?? (await startIterator(client, position, id, abortSignal)));
  } catch (problem) {
    if (problem instanceof ExpiredIteratorException)
      return read(await startIterator(client, position, id, abortSignal));
    if (!(problem instanceof TrimmedDataAccessException)) throw problem;
    delete position.shards[id];
    return read(await startIterator(client, position, id, abortSignal));
  }
}

async function startIterator(
  client: DynamoDBStreamsClient,
  position: StreamPosition,
  id: string,
  abortSignal: AbortSignal,
): Promise<string> {
  const place = position.shards[id];
  const command = new GetShardIteratorCommand({
    StreamArn: position.streamArn,
    ShardId: id,
    ...(place && 'after' in place
      ? { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: place.after }
      : { ShardIteratorType: 'TRIM_HORIZON' }),
  });
  const { ShardIterator: iterator } = await client.send(command, { abortSignal });
  if (!iterator) throw new ResourceNotFoundException({ message: 'no iterator', $metadata: {} });
  return iterator;
}
