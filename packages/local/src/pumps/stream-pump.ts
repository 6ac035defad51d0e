import { randomUUID } from 'node:crypto';
import type { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import type { JsonDocument } from '../contract/json-document.ts';
import { invoke, type LambdaFunction } from './lambda-handler.ts';
import { STREAM_FALLBACK_MILLISECONDS, STREAM_POLL_MILLISECONDS, STREAM_RETRY_ATTEMPTS } from './limits.ts';
import { pause, retryMilliseconds } from './pause.ts';
import type { ReportProblem } from './pump-problem.ts';
import { createStreamEvent } from './stream-event.ts';
import { createStreamShards, type StreamBatch, type StreamPosition } from './stream-shards.ts';

export type StreamPump = {
  /** Gives up the waiting call, waits for the running handler, and keeps what it handled. */
  stop(): Promise<void>;
};

export type StreamPumpOptions = {
  readonly client: DynamoDBStreamsClient;
  /** LatestStreamArn of the table's description. */
  readonly streamArn: string;
  /** In the data directory: data.document('stream-position', StreamPosition, { durable: false }). */
  readonly position: JsonDocument<StreamPosition>;
  // biome-ignore lint/suspicious/noConfusingVoidType: Lambda's own contract, a handler may return nothing
  readonly lambda: LambdaFunction<DynamoDBStreamEvent, DynamoDBBatchResponse | void>;
  /**
   * Announces writes: DynamoDb.onWrite. With it a record arrives in milliseconds and an idle stream costs one look a
   * second; without it (a DynamoDB of somebody else) the stream is polled.
   */
  readonly onWrite?: (listener: () => void) => () => void;
  /** How long a failing batch holds up those after it; default STREAM_RETRY_ATTEMPTS. */
  readonly retryAttempts?: number;
  readonly report: ReportProblem;
};

/**
 * Feeds a table's stream to a function as Lambda's event source mapping does: in order, at least once, one batch at a
 * time. A batch that fails is tried again and holds up the rest, until it is left out with a report.
 */
export function startStreamPump(options: StreamPumpOptions): StreamPump {
  const { report, lambda } = options;
  const stopping = new AbortController();
  const bell = createBell();
  const removeListener = options.onWrite?.(bell.ring);
  const idleMilliseconds = options.onWrite ? STREAM_FALLBACK_MILLISECONDS : STREAM_POLL_MILLISECONDS;

  async function pump(): Promise<void> {
    const shards = createStreamShards(options.client, options.streamArn, options.position);
    for (let failures = 0; !stopping.signal.aborted; ) {
      const heard = bell.listen();
      try {
        const batch = await shards.next(stopping.signal);
        failures = 0;
        if (batch) await deliver(options, batch, stopping.signal);
        else await heard(idleMilliseconds);
      } catch (problem) {
        if (stopping.signal.aborted) break;
        failures += 1;
        report({ pump: lambda.name, kind: 'source_failed', problem });
        await pause(retryMilliseconds(failures), stopping.signal);
      }
    }
  }

  const done = pump().finally(() => removeListener?.());
  return {
    stop() {
      stopping.abort();
      bell.ring();
      return done;
    },
  };
}

async function deliver(
  { lambda, report, streamArn, retryAttempts = STREAM_RETRY_ATTEMPTS }: StreamPumpOptions,
  batch: StreamBatch,
  signal: AbortSignal,
): Promise<void> {
  let { records } = batch;
  for (let attempt = 1; ; attempt += 1) {
    const invocation = await invoke(lambda, createStreamEvent(records, streamArn), randomUUID());
    if (invocation.ok) {
      const failedAt = firstFailure(records, invocation.result ?? undefined);
      const last = records[failedAt - 1]?.dynamodb?.SequenceNumber;
      if (failedAt === records.length) return batch.handled();
      if (last !== undefined) batch.handled(last);
      records = records.slice(failedAt);
    } else {
      const { failure } = invocation;
      report(
        failure.kind === 'threw'
          ? { pump: lambda.name, kind: 'handler_threw', problem: failure.problem }
          : { pump: lambda.name, kind: 'handler_timed_out' },
      );
    }
    if (attempt > retryAttempts) {
      report({ pump: lambda.name, kind: 'batch_left_out' });
      return batch.handled();
    }
    await pause(retryMilliseconds(attempt), signal);
    if (signal.aborted) return; // Not handled: it comes again after the restart.
  }
}

/** Where the handler says that it failed first; as Lambda, an empty or unknown identifier means at the first record. */
function firstFailure(records: StreamBatch['records'], result: DynamoDBBatchResponse | undefined): number {
  const places = (result?.batchItemFailures ?? []).map(({ itemIdentifier }) =>
    Math.max(
      0,
      records.findIndex(({ dynamodb }) => dynamodb?.SequenceNumber === itemIdentifier),
    ),
  );
  return Math.min(records.length, ...places);
}

type Bell = { ring(): void; listen(): (milliseconds: number) => Promise<void> };

/** A ring after listen() ends the wait, or lets it not begin: no write between the look and the wait is slept over. */
function createBell(): Bell {
  let rings = 0;
  let wake = new AbortController();
  return {
    ring() {
      rings += 1;
      wake.abort();
    },
    listen() {
      const before = rings;
      return async (milliseconds) => {
        if (rings !== before) return;
        wake = new AbortController();
        await pause(milliseconds, wake.signal);
      };
    },
  };
}
