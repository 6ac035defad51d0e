/**
 * A queue message, read as hostile: whoever can send to the queue can say anything, and all it can achieve is that an outbox record
 * which exists is looked at once more.
 */
import { QUEUE_MESSAGE_CHARACTERS_MAX } from '../limits.ts';
import { isOutboxId } from '../outbox-id.ts';

/** The outbox id, or undefined for whatever is not exactly `{"outboxId": "..."}`. Never throws. */
export function parseQueueMessage(body: unknown): string | undefined {
  if (typeof body !== 'string' || body.length > QUEUE_MESSAGE_CHARACTERS_MAX) return undefined;
  const message = parsed(body);
  if (typeof message !== 'object' || message === null || Object.keys(message).join() !== 'outboxId') return undefined;
  const { outboxId } = message as { readonly outboxId: unknown };
  return typeof outboxId === 'string' && isOutboxId(outboxId) ? outboxId : undefined;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
