/** The queues: one a kind of work. A message is a pointer to an outbox record and nothing else. */
import type { OutboxKind, Queue } from '@countersign/approvals';
import { isOutboxId } from '../outbox-id.ts';
import type { Sqs } from './sqs.ts';

/** `urls`: queue URL of every kind. Throws Unavailable; the sweeper sends again what was not sent. */
export function sqsQueue(sqs: Sqs, urls: Readonly<Record<OutboxKind, string>>): Queue {
  return {
    async send(kind, { outboxId }) {
      if (!isOutboxId(outboxId)) throw new TypeError('the outbox id is not of our making');
      await sqs.call('SendMessage', { QueueUrl: urls[kind], MessageBody: JSON.stringify({ outboxId }) });
    },
  };
}
