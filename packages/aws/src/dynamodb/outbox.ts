/** The outbox in DynamoDB. Records are made and settled in the plans' transactions; here is what happens outside of them. */
import { type Outbox, type OutboxRecord, UnreadableRecord } from '@countersign/approvals';
import { LIST_ENTRIES_MAX } from '../limits.ts';
import { isOutboxId } from '../outbox-id.ts';
import { jitteredPause, type Pause } from '../retry.ts';
import { toItem } from './attributes.ts';
import { conditionalWrite } from './conditional-write.ts';
import type { Dynamo } from './dynamo.ts';
import { outboxKey } from './keys.ts';
import { DUE_OUTBOX, outboxPlace, sortableInstant } from './lists.ts';
import { listed } from './pages.ts';
import { readRecord, recordItem, tryReadRecord } from './stored-records.ts';

/** `read` throws UnreadableRecord; everything throws Unavailable. An id that cannot be one of ours has no record. */
export function outbox(dynamo: Dynamo, table: string, pause: Pause = jitteredPause(Math.random)): Outbox {
  return {
    async read(outboxId) {
      if (!isOutboxId(outboxId)) return null;
      const { Item } = await dynamo.call('GetItem', {
        TableName: table,
        Key: outboxKey(outboxId),
        ConsistentRead: true,
      });
      if (Item === undefined) return null;
      const record = readRecord('outbox', outboxId, Item);
      // A record filed under another id would be settled there and never here: it would be sent for ever.
      if (record.outboxId !== outboxId) throw new UnreadableRecord('outbox', outboxId);
      return record;
    },

    async settle(outboxId) {
      if (!isOutboxId(outboxId)) return;
      await conditionalWrite(() => dynamo.call('DeleteItem', { TableName: table, Key: outboxKey(outboxId) }), pause);
    },

    async add(record) {
      if (!isOutboxId(record.outboxId)) throw new TypeError('the outbox id is not of our making');
      await conditionalWrite(
        () =>
          dynamo.call('PutItem', {
            TableName: table,
            Item: {
              ...outboxKey(record.outboxId),
              ...recordItem('outbox', record),
              ...toItem({ ...outboxPlace(record) }),
            },
            ConditionExpression: 'attribute_not_exists(#pk)',
            ExpressionAttributeNames: { '#pk': 'pk' },
          }),
        pause,
      );
    },

    async due(before, limit) {
      const records: OutboxRecord[] = [];
      const wanted = Math.min(limit, LIST_ENTRIES_MAX);
      if (wanted <= 0) return records;
      // `~` sorts after every character of an id: what is due at that very instant is due.
      const until = `${sortableInstant(before)}#~`;
      for await (const item of listed(dynamo, table, {
        listPk: DUE_OUTBOX,
        newestFirst: false,
        pageSize: wanted,
        until,
      })) {
        const record = tryReadRecord('outbox', item);
        if (record !== undefined && item.pk?.S === outboxKey(record.outboxId).pk.S) records.push(record);
        if (records.length >= wanted) break;
      }
      return records;
    },

    async postpone(outboxId, dueAt) {
      if (!isOutboxId(outboxId)) return;
      const values = { dueAt, listSk: outboxPlace({ outboxId, dueAt }).listSk };
      await conditionalWrite(
        () =>
          dynamo.call('UpdateItem', {
            TableName: table,
            Key: outboxKey(outboxId),
            UpdateExpression: 'SET #dueAt = :dueAt, #listSk = :listSk',
            // Settled in between: an update must not bring it back to life.
            ConditionExpression: 'attribute_exists(#pk)',
            ExpressionAttributeNames: { '#pk': 'pk', '#dueAt': 'dueAt', '#listSk': 'listSk' },
            ExpressionAttributeValues: toItem({ ':dueAt': values.dueAt, ':listSk': values.listSk }),
          }),
        pause,
      );
    },
  };
}
