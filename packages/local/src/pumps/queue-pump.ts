import { randomUUID } from 'node:crypto';
import { DeleteMessageCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { invoke, type LambdaFunction } from './lambda-handler.ts';
import { LONG_POLL_SECONDS, SQS_RECEIVE_MAXIMUM_MESSAGES } from './limits.ts';
import { pause, retryMilliseconds } from './pause.ts';
import type { ReportProblem } from './pump-problem.ts';
import { createSqsEvent, type QueueSource } from './sqs-event.ts';

export type QueuePump = {
  /** Gives up the long poll, waits for the running handlers and for what they succeeded in to be deleted. */
  stop(): Promise<void>;
};

export type QueuePumpOptions = {
  readonly sqs: SQSClient;
  readonly queue: QueueSource;
  // biome-ignore lint/suspicious/noConfusingVoidType: Lambda's own contract, a handler may return nothing
  readonly lambda: LambdaFunction<SQSEvent, SQSBatchResponse | void>;
  /** Messages in one event, 1 to 10; default 1. */
  readonly batchSize?: number;
  /** Events in work at a time; default 1. */
  readonly concurrency?: number;
  readonly report: ReportProblem;
};

/**
 * Feeds a queue to a function as Lambda's event source mapping does: what the handler succeeded in is deleted, what it
 * names in batchItemFailures, and everything when it throws or is late, comes again after the visibility timeout, and
 * after too many tries goes to the dead-letter queue.
 */
export function startQueuePump(options: QueuePumpOptions): QueuePump {
  const { batchSize = 1, concurrency = 1 } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  async function pump(): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted; ) {
      if (running.size >= concurrency) {
        await Promise.race(running);
        continue;
      }
      const room = (concurrency - running.size) * batchSize;
      try {
        const messages = await receive(options, Math.min(SQS_RECEIVE_MAXIMUM_MESSAGES, room), stopping.signal);
        failures = 0;
        for (let from = 0; from < messages.length; from += batchSize) {
          const work: Promise<void> = handle(options, messages.slice(from, from + batchSize)).finally(() =>
            running.delete(work),
          );
          running.add(work);
        }
      } catch (problem) {
        if (stopping.signal.aborted) break;
        failures += 1;
        options.report({ pump: options.lambda.name, kind: 'source_failed', problem });
        await pause(retryMilliseconds(failures), stopping.signal);
      }
    }
    await Promise.all(running);
  }

  const done = pump();
  return {
    stop() {
      stopping.abort();
      return done;
    },
  };
}

async function receive(
  { sqs, queue }: QueuePumpOptions,
  maximum: number,
  abortSignal: AbortSignal,
): Promise<Message[]> {
  const command = new ReceiveMessageCommand({
    QueueUrl: queue.url,
    MaxNumberOfMessages: maximum,
    WaitTimeSeconds: LONG_POLL_SECONDS,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return (await sqs.send(command, { abortSignal })).Messages ?? [];
}

async function handle(options: QueuePumpOptions, messages: readonly Message[]): Promise<void> {
  const { lambda, report } = options;
  const invocation = await invoke(lambda, createSqsEvent(messages, options.queue), randomUUID());
  if (!invocation.ok) {
    const { failure } = invocation;
    report(
      failure.kind === 'threw'
        ? { pump: lambda.name, kind: 'handler_threw', problem: failure.problem }
        : { pump: lambda.name, kind: 'handler_timed_out' },
    );
    return;
  }
  const succeeded = withoutFailures(messages, invocation.result ?? undefined);
  await Promise.all(succeeded.map((message) => remove(options, message)));
}

/** As Lambda: an empty or unknown identifier makes the whole batch a failure. */
function withoutFailures(messages: readonly Message[], result: SQSBatchResponse | undefined): readonly Message[] {
  const failed = new Set((result?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
  for (const id of failed) if (!messages.some(({ MessageId }) => MessageId === id)) return [];
  return messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
}

async function remove({ sqs, queue, lambda, report }: QueuePumpOptions, message: Message): Promise<void> {
  try {
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message.ReceiptHandle }));
  } catch (problem) {
    // It comes again, which every consumer must bear anyway.
    report({ pump: lambda.name, kind: 'delete_failed', problem });
  }
}
