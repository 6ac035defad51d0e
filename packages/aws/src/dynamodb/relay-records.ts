/**
 * The table's stream as functions/relay reads it: new outbox records only. The stream may repeat, reorder or lose; whatever is found
 * here is a pointer that the consumer reads again, and a record that is none is left to the sweeper.
 */
import { OUTBOX_KINDS, type OutboxKind } from '@countersign/approvals';
import type { DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { isOutboxId } from '../outbox-id.ts';
import { PREFIX } from './keys.ts';

export interface RelayRecord {
  readonly outboxId: string;
  readonly kind: OutboxKind;
  /** For `batchItemFailures`: the record at which the stream is to begin again. */
  readonly sequenceNumber: string;
}

/** In stream order. Throws nothing, whatever the event holds. */
export function relayRecords(event: Partial<DynamoDBStreamEvent>): readonly RelayRecord[] {
  return (event.Records ?? []).flatMap((record) => relayRecord(record) ?? []);
}

function relayRecord(record: DynamoDBRecord): RelayRecord | undefined {
  const image = record.dynamodb?.NewImage;
  const pk = image?.pk?.S;
  const kind = OUTBOX_KINDS.find((name) => name === image?.kind?.S);
  // A re-send (MODIFY of the due time) was sent by the sweeper itself.
  if (record.eventName !== 'INSERT' || kind === undefined || pk?.startsWith(PREFIX.outbox) !== true) return undefined;
  const outboxId = pk.slice(PREFIX.outbox.length);
  if (!isOutboxId(outboxId)) return undefined;
  return { outboxId, kind, sequenceNumber: record.dynamodb?.SequenceNumber ?? '' };
}
