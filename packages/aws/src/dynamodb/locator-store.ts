/** Mail links in DynamoDB: an opaque hash points to a plan and the person it was sent to. A pointer, never an authority. */
import type { LocatorStore } from '@countersign/approvals';
import { LOCATOR_KEPT_SECONDS } from '../limits.ts';
import { jitteredPause, type Pause } from '../retry.ts';
import { toItem } from './attributes.ts';
import { conditionalWrite } from './conditional-write.ts';
import type { Dynamo } from './dynamo.ts';
import { locatorKey } from './keys.ts';
import { recordItem, tryReadRecord } from './stored-records.ts';

/** What a link carries comes from anywhere: nothing but base64url or hex of a hash is looked up. */
const HASH_PATTERN = /^(sha256:)?[A-Za-z0-9_-]{16,128}$/;

/** Throws Unavailable. A record that cannot be read is a link that leads nowhere. */
export function locatorStore(dynamo: Dynamo, table: string, pause: Pause = jitteredPause(Math.random)): LocatorStore {
  return {
    async put(locator) {
      if (!HASH_PATTERN.test(locator.hash)) throw new TypeError('the locator hash is not of our making');
      const { hash, planId, recipient, createdAt } = locator;
      const record = { format: 'countersign.locator/v1', hash, planId, recipient, createdAt };
      const expiresAtEpoch = Math.ceil(Date.parse(createdAt) / 1000) + LOCATOR_KEPT_SECONDS;
      // The first one stays: a link that was mailed never changes where it leads.
      await conditionalWrite(
        () =>
          dynamo.call('PutItem', {
            TableName: table,
            Item: { ...locatorKey(hash), ...recordItem('locator', record), ...toItem({ expiresAtEpoch }) },
            ConditionExpression: 'attribute_not_exists(#pk)',
            ExpressionAttributeNames: { '#pk': 'pk' },
          }),
        pause,
      );
    },

    async find(hash) {
      if (!HASH_PATTERN.test(hash)) return null;
      const { Item } = await dynamo.call('GetItem', { TableName: table, Key: locatorKey(hash), ConsistentRead: true });
      const record = Item === undefined ? undefined : tryReadRecord('locator', Item);
      return record === undefined || record.hash !== hash
        ? null
        : { planId: record.planId, recipient: record.recipient };
    },
  };
}
