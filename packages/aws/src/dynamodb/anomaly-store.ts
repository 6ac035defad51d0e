/** Anomalies in DynamoDB: one item a broken thing, written conditionally on the version that was read. */
import { isDeepStrictEqual } from 'node:util';
import { type Anomaly, type AnomalyStore, UnreadableRecord } from '@countersign/approvals';
import { ITEM_BYTES_MAX, LIST_ENTRIES_MAX } from '../limits.ts';
import { jitteredPause, type Pause } from '../retry.ts';
import { type Item, itemBytes, toItem } from './attributes.ts';
import { conditionalWrite } from './conditional-write.ts';
import type { Dynamo } from './dynamo.ts';
import { anomalyKey, type Key, PREFIX } from './keys.ts';
import { anomalyList, anomalyPlace } from './lists.ts';
import { batch, listed } from './pages.ts';
import { readRecord, recordItem, tryReadRecord } from './stored-records.ts';

const KEY_PATTERN = /^[A-Za-z0-9_-]{1,100}$/;

/** `get` throws UnreadableRecord; everything throws Unavailable. `list` with active false also gives the resolved ones; newest first. */
export function anomalyStore(dynamo: Dynamo, table: string, pause: Pause = jitteredPause(Math.random)): AnomalyStore {
  return {
    async get(key) {
      if (!KEY_PATTERN.test(key)) return null;
      const { Item } = await dynamo.call('GetItem', { TableName: table, Key: anomalyKey(key), ConsistentRead: true });
      if (Item === undefined) return null;
      const anomaly = readRecord('anomaly', key, Item);
      if (anomaly.key !== key) throw new UnreadableRecord('anomaly', key);
      return anomaly;
    },

    async put(anomaly, expectedVersion) {
      if (!KEY_PATTERN.test(anomaly.key)) throw new TypeError('the anomaly key is not of our making');
      if (anomaly.version !== expectedVersion + 1)
        throw new TypeError('a stored anomaly moves its version by exactly one');
      const item = {
        ...anomalyKey(anomaly.key),
        ...recordItem('anomaly', anomaly),
        ...toItem({ ...anomalyPlace(anomaly) }),
      };
      if (itemBytes(item) > ITEM_BYTES_MAX) throw new TypeError(`an anomaly does not fit ${ITEM_BYTES_MAX} bytes`);
      const outcome = await conditionalWrite(
        () =>
          dynamo.call('PutItem', {
            TableName: table,
            Item: item,
            ...(expectedVersion === 0
              ? { ConditionExpression: 'attribute_not_exists(#pk)', ExpressionAttributeNames: { '#pk': 'pk' } }
              : {
                  ConditionExpression: '#version = :version',
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: toItem({ ':version': expectedVersion }),
                }),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        pause,
      );
      // Equal to what is stored: our own put, sent twice by the SDK because the first answer was lost.
      return outcome.held || isDeepStrictEqual(outcome.stored, item);
    },

    async list({ cluster, active, limit }) {
      const lists = active ? [anomalyList(cluster, true)] : [anomalyList(cluster, true), anomalyList(cluster, false)];
      const names = (await Promise.all(lists.map((listPk) => anomalyNames(dynamo, table, listPk, limit)))).flat();
      // One that is moving from list to list may be seen in both.
      const keys = [...new Set(names)].map((name): Key => anomalyKey(name));
      const items = await batch(dynamo, table, keys, pause);
      return (
        items
          .map((item): Anomaly | undefined => tryReadRecord('anomaly', item))
          .filter((anomaly) => anomaly !== undefined)
          // The index lags behind; what the base table says now counts.
          .filter((anomaly) => anomaly.cluster === cluster && (!active || anomaly.status === 'active'))
          .sort((a, b) => Date.parse(b.firstSeenAt) - Date.parse(a.firstSeenAt))
          .slice(0, limit)
      );
    },
  };
}

async function anomalyNames(dynamo: Dynamo, table: string, listPk: string, limit: number): Promise<readonly string[]> {
  const wanted = Math.min(limit, LIST_ENTRIES_MAX);
  const names: string[] = [];
  if (wanted <= 0) return names;
  for await (const item of listed(dynamo, table, { listPk, newestFirst: true, pageSize: wanted })) {
    const name = anomalyIn(item);
    if (name !== undefined) names.push(name);
    if (names.length >= wanted) break;
  }
  return names;
}

/** Only anomalies: a table writer may have put another record into the list. */
function anomalyIn(item: Item): string | undefined {
  const pk = item.pk?.S;
  return pk?.startsWith(PREFIX.anomaly) === true ? pk.slice(PREFIX.anomaly.length) : undefined;
}
