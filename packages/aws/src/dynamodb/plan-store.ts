/** Plans in DynamoDB. Every read but the list is consistent and from the base table; every write is one conditional transaction. */
import {
  type ChainEvent,
  type FreshnessRecord,
  PLAN_ID_PATTERN,
  type Plan,
  type PlanListEntry,
  type PlanStore,
  UnreadableRecord,
} from '@countersign/approvals';
import { FRESHNESS_KEPT_SECONDS, LIST_ENTRIES_MAX } from '../limits.ts';
import { jitteredPause, type Pause } from '../retry.ts';
import { nameOf } from '../upstream-error.ts';
import { type Item, toItem } from './attributes.ts';
import { commitPlanChange } from './commit-plan-change.ts';
import type { Dynamo } from './dynamo.ts';
import { evidenceKey, freshnessKey, grantKey, type Key, PLAN_SORT_KEY, PREFIX, planKey, releaseKey } from './keys.ts';
import { CLOSED_PLANS, OPEN_PLANS } from './lists.ts';
import { batch, listed, partition } from './pages.ts';
import { readRecord, recordItem, tryReadRecord } from './stored-records.ts';

/**
 * `read`, `readPlan`, `chain` and `freshness` throw UnreadableRecord for a stored record that is not of its format; everything throws
 * Unavailable when DynamoDB does not answer. An id that cannot be one of ours is a plan that does not exist.
 */
export function planStore(dynamo: Dynamo, table: string, pause: Pause = jitteredPause(Math.random)): PlanStore {
  const get = async (key: Key): Promise<Item | undefined> =>
    (await dynamo.call('GetItem', { TableName: table, Key: key, ConsistentRead: true })).Item;

  return {
    commit: (change) => commitPlanChange(dynamo, table, change, pause),

    async readPlan(planId) {
      if (!PLAN_ID_PATTERN.test(planId)) return null;
      const item = await get(planKey(planId));
      return item === undefined ? null : planOf(planId, item);
    },

    async read(planId) {
      if (!PLAN_ID_PATTERN.test(planId)) return null;
      // The plan first: whatever is read after it is at least as new, and a change that is decided from it commits only if the plan has
      // not moved since. Read the other way round, a decision could rest on votes older than the version that it is conditional on.
      const found = await partition(dynamo, table, `${PREFIX.plan}${planId}`);
      // Asked for even when there is no plan: an unknown id takes as long as a hidden one.
      const [votes, steps, seals] = await Promise.all([
        partition(dynamo, table, `${PREFIX.votes}${planId}`),
        partition(dynamo, table, `${PREFIX.steps}${planId}`),
        batch(dynamo, table, [grantKey(planId), releaseKey(planId)], pause),
      ]);
      const plan = under(planKey(planId), found);
      if (plan === undefined) return null;
      const evidence = under(evidenceKey(planId), found);
      if (evidence === undefined) throw new UnreadableRecord('evidence', planId);
      const grant = under(grantKey(planId), seals);
      const release = under(releaseKey(planId), seals);
      return {
        plan: planOf(planId, plan),
        evidence: ofPlan(planId, 'evidence', readRecord('evidence', planId, evidence)).evidence,
        votes: votes.map((item) =>
          filedUnder(item, ofPlan(planId, 'vote', readRecord('vote', planId, item)), (v) => v.personId),
        ),
        grant: grant === undefined ? null : ofPlan(planId, 'grant', readRecord('grant', planId, grant)),
        release: release === undefined ? null : ofPlan(planId, 'release', readRecord('release', planId, release)),
        steps: steps.map((item) =>
          filedUnder(item, ofPlan(planId, 'step', readRecord('step', planId, item)), (s) =>
            String(s.step).padStart(6, '0'),
          ),
        ),
      };
    },

    async chain(planId) {
      if (!PLAN_ID_PATTERN.test(planId)) return [];
      const items = await partition(dynamo, table, `${PREFIX.chain}${planId}`);
      return items.map((item): ChainEvent => ofPlan(planId, 'chainEvent', readRecord('chainEvent', planId, item)));
    },

    async list({ open, limit, oldestFirst = false }) {
      const lists = open ? [OPEN_PLANS] : [OPEN_PLANS, CLOSED_PLANS];
      const found = (
        await Promise.all(
          lists.map((listPk) => planEntries(dynamo, table, { listPk, limit, newestFirst: !oldestFirst })),
        )
      ).flat();
      // One that is just closing may be seen in both lists; the later entry is the newer.
      const entries = [...new Map(found.map((entry) => [entry.planId, entry])).values()];
      const age = (a: PlanListEntry, b: PlanListEntry): number => Date.parse(b.createdAt) - Date.parse(a.createdAt);
      return entries.sort((a, b) => (oldestFirst ? age(b, a) : age(a, b))).slice(0, limit);
    },

    async freshness(planId) {
      if (!PLAN_ID_PATTERN.test(planId)) return null;
      const item = await get(freshnessKey(planId));
      return item === undefined ? null : ofPlan(planId, 'freshness', readRecord('freshness', planId, item));
    },

    putFreshness: (record) => putFreshness(dynamo, table, record),
  };
}

function planOf(planId: string, item: Item): Plan {
  const plan = ofPlan(planId, 'plan', readRecord('plan', planId, item));
  // The deadline's copy serves the condition; one that disagrees would make the condition lie.
  if (item.openUntilMs?.N !== String(Date.parse(plan.notAfter))) throw new UnreadableRecord('plan', planId);
  return plan;
}

/** A record copied from another plan's partition is not this plan's, whatever its seal says. */
function ofPlan<R extends { readonly planId: string }>(planId: string, name: string, record: R): R {
  if (record.planId !== planId) throw new UnreadableRecord(name, planId);
  return record;
}

/** One vote a person, one record a step: a copy under another sort key does not count twice. */
function filedUnder<R extends { readonly planId: string }>(item: Item, record: R, sortKey: (record: R) => string): R {
  if (item.sk?.S !== sortKey(record)) throw new UnreadableRecord('record', record.planId);
  return record;
}

const under = (key: Key, items: readonly Item[]): Item | undefined =>
  items.find((item) => item.pk?.S === key.pk.S && item.sk?.S === key.sk.S);

async function planEntries(
  dynamo: Dynamo,
  table: string,
  { listPk, limit, newestFirst }: { readonly listPk: string; readonly limit: number; readonly newestFirst: boolean },
): Promise<readonly PlanListEntry[]> {
  const wanted = Math.min(limit, LIST_ENTRIES_MAX);
  const entries: PlanListEntry[] = [];
  if (wanted <= 0) return entries;
  for await (const item of listed(dynamo, table, { listPk, newestFirst, pageSize: wanted })) {
    const entry = item.sk?.S === PLAN_SORT_KEY ? tryReadRecord('planListEntry', item) : undefined;
    if (entry !== undefined) entries.push(entry);
    if (entries.length >= wanted) break;
  }
  return entries;
}

/** The newest look wins: an older answer that arrives late changes nothing. */
async function putFreshness(dynamo: Dynamo, table: string, record: FreshnessRecord): Promise<void> {
  const checkedAtMs = Date.parse(record.checkedAt);
  const kept = { checkedAtMs, expiresAtEpoch: Math.ceil(checkedAtMs / 1000) + FRESHNESS_KEPT_SECONDS };
  try {
    await dynamo.call('PutItem', {
      TableName: table,
      Item: { ...freshnessKey(record.planId), ...recordItem('freshness', record), ...toItem(kept) },
      ConditionExpression: 'attribute_not_exists(#checkedAtMs) OR #checkedAtMs <= :checkedAtMs',
      ExpressionAttributeNames: { '#checkedAtMs': 'checkedAtMs' },
      ExpressionAttributeValues: toItem({ ':checkedAtMs': checkedAtMs }),
    });
  } catch (error) {
    if (nameOf(error) !== 'ConditionalCheckFailedException') throw error;
  }
}
