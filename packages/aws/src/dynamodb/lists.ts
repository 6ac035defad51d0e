/** Where records appear in lists: the two attributes of the sparse index. Lists lag behind and decide nothing. */
import { type Anomaly, isOpen, type OutboxRecord, type Plan } from '@countersign/approvals';

export interface ListPlace {
  readonly listPk: string;
  readonly listSk: string;
}

export const OPEN_PLANS = 'PLANS#open';
export const CLOSED_PLANS = 'PLANS#closed';
export const DUE_OUTBOX = 'OUTBOX#due';
export const anomalyList = (cluster: string, active: boolean): string =>
  `ANOMALIES#${cluster}#${active ? 'active' : 'resolved'}`;

/** One spelling per instant, so that text order is time order: `...:00.500Z` sorts before `...:00Z` although it is later. */
export const sortableInstant = (instant: string): string => new Date(instant).toISOString();

/** By time of creation. */
export const planPlace = (plan: Plan): ListPlace => ({
  listPk: isOpen(plan.status) ? OPEN_PLANS : CLOSED_PLANS,
  listSk: `${sortableInstant(plan.createdAt)}#${plan.planId}`,
});

/** By due time. */
export const outboxPlace = (record: Pick<OutboxRecord, 'outboxId' | 'dueAt'>): ListPlace => ({
  listPk: DUE_OUTBOX,
  listSk: `${sortableInstant(record.dueAt)}#${record.outboxId}`,
});

/** By when it was first seen: lastSeenAt would move the entry with every cycle of the observer. */
export const anomalyPlace = (anomaly: Anomaly): ListPlace => ({
  listPk: anomalyList(anomaly.cluster, anomaly.status === 'active'),
  listSk: `${sortableInstant(anomaly.firstSeenAt)}#${anomaly.key}`,
});
