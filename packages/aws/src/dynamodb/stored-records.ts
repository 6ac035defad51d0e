/**
 * The stored forms, and their reading. Whoever can write to the table can write anything: a record that is not exactly of its
 * format, or lies under another record's key, is UnreadableRecord and nothing of it is used. (Whether what it says is true is the
 * gates' business: seals, digests and hashes.) Formats are versioned; a new form gets a new name, never a new meaning.
 */
import {
  ANOMALY_CATEGORIES,
  type Anomaly,
  CHAIN_EVENT_TYPES,
  type ChainEvent,
  canonicalize,
  digest,
  type FreshnessRecord,
  type GrantRecord,
  instant,
  type Json,
  NOTICES,
  NotCanonicalizable,
  OUTBOX_KINDS,
  type OutboxRecord,
  PLAN_STATUSES,
  type Plan,
  type PlanListEntry,
  parseCanonical,
  planId,
  type RefusalCode,
  type ReleaseRecord,
  SEVERITIES,
  type StepRecord,
  target,
  UnreadableRecord,
  type VoteRecord,
} from '@countersign/approvals';
import * as z from 'zod';
import { fromItem, type Item, NotJson, toItem } from './attributes.ts';

const count = z.number().int().min(0);
const seal = z.string().min(1);
const status = z.enum(PLAN_STATUSES);
/** Free-form members are kept as canonical text: DynamoDB would round numbers, refuse deep nesting and so change what was hashed. */
const jsonText = z.string().transform((text, context): Json => {
  try {
    return parseCanonical(text) as Json;
  } catch (error) {
    if (!(error instanceof NotCanonicalizable)) throw error;
    context.addIssue({ code: 'custom', message: 'not canonical' });
    return z.NEVER;
  }
});
const jsonObject = jsonText.pipe(
  z.record(z.string(), z.json() as z.ZodType<Json, Json>) as z.ZodType<Record<string, Json>, Json>,
);

const plan: z.ZodType<Plan> = z.strictObject({
  format: z.literal('countersign.plan/v1'),
  planId,
  status,
  version: count.min(1),
  createdAt: instant,
  updatedAt: instant,
  intent: z.string(),
  intentDigest: digest,
  review: z.string(),
  reviewDigest: digest,
  notAfter: instant,
  requesterId: z.string(),
  ownerId: z.string().nullable(),
  anomaly: z.string().nullable(),
  chain: z.strictObject({ seq: count, hash: digest.nullable() }),
  grantedVersion: count.nullable(),
  fence: count,
  lease: z.strictObject({ holder: z.string(), until: instant }).nullable(),
  revocation: z.strictObject({ by: z.string(), at: instant }).nullable(),
  reason: z.strictObject({ code: z.string().transform((code) => code as RefusalCode), detail: z.string() }).nullable(),
});
const evidence = z.strictObject({ format: z.literal('countersign.evidence-record/v1'), planId, evidence: z.string() });
const vote: z.ZodType<VoteRecord> = z.strictObject({
  format: z.literal('countersign.vote-record/v1'),
  planId,
  personId: z.string(),
  seal,
  idempotencyKey: z.string(),
  requestHash: z.string(),
});
const grant: z.ZodType<GrantRecord> = z.strictObject({
  format: z.literal('countersign.grant-record/v1'),
  planId,
  seal,
});
const release: z.ZodType<ReleaseRecord> = z.strictObject({
  format: z.literal('countersign.release-record/v1'),
  planId,
  seal,
});
const step: z.ZodType<StepRecord> = z.strictObject({
  format: z.literal('countersign.step/v1'),
  planId,
  step: count.min(1),
  fence: count,
  state: z.enum(['started', 'written', 'not-written', 'unknown']),
  startedAt: instant,
  settledAt: instant.nullable(),
  resultDigest: digest.nullable(),
  resultResourceVersion: z.string().nullable(),
  asApproved: z.boolean().nullable(),
});
const chainEvent: z.ZodType<ChainEvent> = z.strictObject({
  format: z.literal('countersign.chain/v1'),
  planId,
  seq: count.min(1),
  at: instant,
  type: z.enum(CHAIN_EVENT_TYPES),
  actor: z.string(),
  status,
  previous: digest.nullable(),
  data: jsonObject,
});
const outbox: z.ZodType<OutboxRecord> = z.strictObject({
  format: z.literal('countersign.outbox/v1'),
  outboxId: z.string(),
  kind: z.enum(OUTBOX_KINDS),
  pointer: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('plan'), planId }),
    z.strictObject({ type: z.literal('anomaly'), anomalyKey: z.string() }),
  ]),
  notice: z.enum(NOTICES).nullable(),
  createdAt: instant,
  dueAt: instant,
});
const freshness: z.ZodType<FreshnessRecord> = z.strictObject({
  format: z.literal('countersign.freshness/v1'),
  planId,
  checkedAt: instant,
  fresh: z.boolean(),
  changed: z.array(z.string()),
});
const evidenceList: z.ZodType<Anomaly['evidence'], Json> = z.array(
  z.strictObject({ source: z.string(), content: z.string(), capturedAt: z.string() }),
) as z.ZodType<Anomaly['evidence'], Json>;
const anomaly: z.ZodType<Anomaly> = z.strictObject({
  format: z.literal('countersign.anomaly/v1'),
  key: z.string(),
  version: count.min(1),
  cluster: z.string(),
  category: z.enum(ANOMALY_CATEGORIES),
  target,
  severity: z.enum(SEVERITIES),
  severityRule: z.string(),
  status: z.enum(['active', 'resolved']),
  summary: z.string(),
  facts: jsonObject,
  evidence: jsonText.pipe(evidenceList),
  firstSeenAt: instant,
  lastSeenAt: instant,
  resolvedAt: instant.nullable(),
  missedCycles: count,
  recurrences: count,
  planId: z.string().nullable(),
  note: z.string().nullable(),
});
const locator = z.strictObject({
  format: z.literal('countersign.locator/v1'),
  hash: z.string(),
  planId,
  recipient: z.string(),
  createdAt: instant,
});
const planListEntry: z.ZodType<PlanListEntry> = z.object({
  planId,
  status,
  createdAt: instant,
  updatedAt: instant,
  notAfter: instant,
});

/** Attributes that are the store's own: keys, list places, copies for conditions and housekeeping. */
const STORE_ATTRIBUTES = ['pk', 'sk', 'listPk', 'listSk', 'openUntilMs', 'checkedAtMs', 'expiresAtEpoch'] as const;

const SCHEMAS = {
  plan,
  evidence,
  vote,
  grant,
  release,
  step,
  chainEvent,
  outbox,
  freshness,
  anomaly,
  locator,
  planListEntry,
};
type Schemas = typeof SCHEMAS;
export type RecordName = keyof Schemas;

/** The record, or UnreadableRecord. `key` is what was asked for: it goes into the error, the content does not. */
export function readRecord<N extends RecordName>(name: N, key: string, item: Item): z.output<Schemas[N]> {
  const found = tryReadRecord(name, item);
  if (found === undefined) throw new UnreadableRecord(name, key);
  return found;
}

/** For lists: one bad record must not hide the good ones. */
export function tryReadRecord<N extends RecordName>(name: N, item: Item): z.output<Schemas[N]> | undefined {
  try {
    const members = Object.entries(fromItem(item)).filter(([attribute]) => !isStoreAttribute(attribute));
    const parsed = SCHEMAS[name].safeParse(Object.fromEntries(members));
    return parsed.success ? (parsed.data as z.output<Schemas[N]>) : undefined;
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

const isStoreAttribute = (name: string): boolean => (STORE_ATTRIBUTES as readonly string[]).includes(name);

/** Members of these names are stored as canonical text. */
const TEXT_MEMBERS: Readonly<Partial<Record<RecordName, readonly string[]>>> = {
  chainEvent: ['data'],
  anomaly: ['facts', 'evidence'],
};

/** The record as attributes. Throws TypeError for one that could not be read back: it would make its plan unreadable for ever. */
export function recordItem(name: RecordName, record: object): Item {
  const texts = TEXT_MEMBERS[name] ?? [];
  const members = Object.entries(record as Readonly<Record<string, Json>>).map(
    ([member, value]) => [member, texts.includes(member) ? canonicalize(value) : value] as const,
  );
  const item = toItem(Object.fromEntries(members));
  if (tryReadRecord(name, item) === undefined) throw new TypeError(`the ${name} to be stored is not of its format`);
  return item;
}
