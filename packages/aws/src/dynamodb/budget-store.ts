/** Fixed-window counters in DynamoDB: the limit is in the condition, so that no number of parallel calls goes past it. */
import type { BudgetStore } from '@countersign/approvals';
import { jitteredPause, type Pause } from '../retry.ts';
import { toItem } from './attributes.ts';
import { conditionalWrite } from './conditional-write.ts';
import type { Dynamo } from './dynamo.ts';
import { budgetKey } from './keys.ts';
import { sortableInstant } from './lists.ts';

/**
 * Throws Unavailable: a caller whose budget cannot be counted is not let through. A call that the SDK sends twice counts twice, which
 * errs on the safe side.
 */
export function budgetStore(dynamo: Dynamo, table: string, pause: Pause = jitteredPause(Math.random)): BudgetStore {
  return {
    async take(key, windowStart, limit, expiresAt) {
      if (limit < 1) return false;
      const outcome = await conditionalWrite(
        () =>
          dynamo.call('UpdateItem', {
            TableName: table,
            Key: budgetKey(key, sortableInstant(windowStart)),
            UpdateExpression: 'SET #format = :format, #expiresAtEpoch = :expiresAtEpoch ADD #used :one',
            ConditionExpression: 'attribute_not_exists(#used) OR #used < :limit',
            ExpressionAttributeNames: { '#format': 'format', '#expiresAtEpoch': 'expiresAtEpoch', '#used': 'used' },
            ExpressionAttributeValues: toItem({
              ':format': 'countersign.budget/v1',
              ':expiresAtEpoch': Math.ceil(Date.parse(expiresAt) / 1000),
              ':one': 1,
              ':limit': limit,
            }),
          }),
        pause,
      );
      return outcome.held;
    },
  };
}
