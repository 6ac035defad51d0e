/**
 * Every key of the main table. IAM conditions see only the partition key, so each record that has a writer of its own has a prefix of
 * its own (docs/storage-schema.md says which function may write which). Whatever comes after the prefix is data.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export interface Key extends Record<string, AttributeValue> {
  readonly pk: { readonly S: string } & AttributeValue;
  readonly sk: { readonly S: string } & AttributeValue;
}

export const PREFIX = {
  plan: 'PLAN#',
  votes: 'VOTES#',
  grant: 'GRANT#',
  release: 'RELEASE#',
  steps: 'STEPS#',
  chain: 'CHAIN#',
  outbox: 'OUTBOX#',
  nonce: 'NONCE#',
  lock: 'LOCK#',
  freshness: 'FRESH#',
  locator: 'LOCATOR#',
  access: 'ACCESS#',
  anomaly: 'ANOMALY#',
  budget: 'BUDGET#',
} as const;

export const PLAN_SORT_KEY = 'PLAN';
const EVIDENCE_SORT_KEY = 'EVIDENCE';

const key = (pk: string, sk: string): Key => ({ pk: { S: pk }, sk: { S: sk } });

export const planKey = (planId: string): Key => key(`${PREFIX.plan}${planId}`, PLAN_SORT_KEY);
export const evidenceKey = (planId: string): Key => key(`${PREFIX.plan}${planId}`, EVIDENCE_SORT_KEY);
export const voteKey = (planId: string, personId: string): Key => key(`${PREFIX.votes}${planId}`, personId);
export const grantKey = (planId: string): Key => key(`${PREFIX.grant}${planId}`, 'GRANT');
export const releaseKey = (planId: string): Key => key(`${PREFIX.release}${planId}`, 'RELEASE');
export const stepKey = (planId: string, step: number): Key => key(`${PREFIX.steps}${planId}`, ordered(step, 6));
export const chainKey = (planId: string, seq: number): Key => key(`${PREFIX.chain}${planId}`, ordered(seq, 10));
export const outboxKey = (outboxId: string): Key => key(`${PREFIX.outbox}${outboxId}`, 'OUTBOX');
export const nonceKey = (nonce: string): Key => key(`${PREFIX.nonce}${nonce}`, 'NONCE');
export const lockKey = (lock: string): Key => key(`${PREFIX.lock}${lock}`, 'LOCK');
export const freshnessKey = (planId: string): Key => key(`${PREFIX.freshness}${planId}`, 'FRESH');
export const locatorKey = (hash: string): Key => key(`${PREFIX.locator}${hash}`, 'LOCATOR');
export const anomalyKey = (anomaly: string): Key => key(`${PREFIX.anomaly}${anomaly}`, 'ANOMALY');
/** The window is an instant and holds no `#`: two principals never share a counter. */
export const budgetKey = (principal: string, windowStart: string): Key =>
  key(`${PREFIX.budget}${principal}#${windowStart}`, 'BUDGET');
export const accessPartition = (writer: string, shard: number): string => `${PREFIX.access}${writer}#${shard}`;
export const accessKey = (writer: string, shard: number, seq: number): Key =>
  key(accessPartition(writer, shard), ordered(seq, 12));

/** Sort keys are compared as text. */
function ordered(value: number, digits: number): string {
  const text = String(value).padStart(digits, '0');
  if (!Number.isSafeInteger(value) || value < 0 || text.length !== digits)
    throw new RangeError(`${value} is no sort key of ${digits} digits`);
  return text;
}
