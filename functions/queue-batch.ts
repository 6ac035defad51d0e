/** SQS event -> one call a message. A message is a pointer: what it says beyond an outbox id is not read. */
import { type Refusal, type Result, Unavailable } from '@countersign/approvals';
import { parseQueueMessage } from '@countersign/aws';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { CONFLICT_ATTEMPTS_MAX } from './limits.ts';
import type { Platform } from './platform.ts';

/** Refusals are answers: the message is done, and the outbox record decides whether it comes again. Faults leave the message in the queue. */
export async function eachMessage(
  event: SQSEvent,
  platform: Platform,
  consume: (message: { readonly outboxId: string }) => Promise<Result<unknown, Refusal> | undefined>,
): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    const outboxId = parseQueueMessage(record.body);
    if (outboxId === undefined) {
      platform.log({ code: 'queue.message_unreadable', messageId: record.messageId });
      continue;
    }
    try {
      await withConflictRetries(() => consume({ outboxId }));
    } catch (error) {
      const code = error instanceof Unavailable ? 'dependency.unavailable' : 'handler.failed';
      platform.log({ code, outboxId, error: error instanceof Error ? error.name : 'unknown' });
      batchItemFailures.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures };
}

/** Two consumers met on one plan: the loser reads again; usually there is nothing left to do. */
async function withConflictRetries(consume: () => Promise<Result<unknown, Refusal> | undefined>): Promise<void> {
  for (let attempt = 0; attempt < CONFLICT_ATTEMPTS_MAX; attempt += 1) {
    const result = await consume();
    if (result === undefined || result.ok || result.refusal.code !== 'request.conflict') return;
  }
}
