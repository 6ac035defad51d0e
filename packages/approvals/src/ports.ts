/**
 * What the core needs of the world. The consumer owns its port; packages/aws and packages/kubernetes satisfy them; one contract suite
 * a port runs on every implementation (test/contracts). Implementations translate library errors: nothing else is thrown than
 * Unavailable (try again later), UnreadableRecord and programming errors.
 */
import type { AccessEntry } from './access-log.ts';
import type { Anomaly } from './anomaly.ts';
import type { ChainEvent } from './chain.ts';
import type { RawEvidence } from './evidence.ts';
import type { OutboxKind, OutboxRecord } from './outbox.ts';
import type { FreshnessRecord, GrantRecord, Plan, ReleaseRecord, StepRecord } from './plan.ts';
import type { PlanStatus } from './plan-status.ts';
import type { VoteRecord } from './vote.ts';

/** A dependency did not answer or answered with a fault of its own. Retried, never terminal. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/**
 * A stored record does not have the shape of its format: a newer version's, or the work of somebody who can write to the table. Holds
 * nothing of its content. Stages answer `plan.unreadable`; reading it again would give the same.
 */
export class UnreadableRecord extends Error {
  override readonly name = 'UnreadableRecord';
  /** What was read (`plan`, `vote`, `grant`, ...) and our own key of it. */
  readonly record: string;
  readonly key: string;

  constructor(record: string, key: string) {
    super(`the stored ${record} ${key} cannot be read`);
    this.record = record;
    this.key = key;
  }
}

export type Clock = () => Date;
export interface Randomness {
  /** base64url of n random bytes. */
  token(bytes: number): string;
}

/** Everything that is stored about one plan, read consistently from the base table. */
export interface PlanRecords {
  readonly plan: Plan;
  /** Canonical bytes of the shown evidence. */
  readonly evidence: string;
  readonly votes: readonly VoteRecord[];
  readonly grant: GrantRecord | null;
  readonly release: ReleaseRecord | null;
  readonly steps: readonly StepRecord[];
}

/** `LOCK#<cluster uid>/<targetKey>`; held from claim to the end of the execution. */
export interface LockChange {
  readonly keys: readonly string[];
  readonly planId: string;
  readonly fence: number;
}

/**
 * One atomic change, as data. The store turns it into one transaction (DynamoDB TransactWriteItems); either all of it happens or none.
 * It always moves the plan's version and, but for `noEvent`-free puts, the chain head.
 */
export interface PlanChange {
  /** The plan as it was read; null when it is created. The write is conditional on its version, status, fence and chain head. */
  readonly before: Plan | null;
  /** The plan afterwards: version + 1, chain head moved by exactly `event`. */
  readonly after: Plan;
  readonly event: ChainEvent;
  /** Stored once, at creation. */
  readonly evidence?: string;
  readonly vote?: VoteRecord;
  /** Spent by put-if-absent; kept until after the challenge could have lived. */
  readonly nonce?: { readonly nonce: string; readonly expiresAt: string };
  readonly grant?: GrantRecord;
  readonly release?: ReleaseRecord;
  /** Written whatever was there before (the fence in `before` guards it). */
  readonly step?: StepRecord;
  /** Deadline condition: the change is refused by the database itself unless `at` < the stored notAfter. */
  readonly openAt?: string;
  readonly lock?: LockChange;
  readonly unlock?: LockChange;
  /** What must happen next. */
  readonly outbox: readonly OutboxRecord[];
  /** Outbox records that this change settles. Deleting one that is gone already is no failure. */
  readonly settles: readonly string[];
  /** The anomaly whose `planId` is set (creation: conditional on it being null) or cleared. */
  readonly anomaly?: { readonly key: string; readonly planId: string | null };
}

/** Which condition failed. `own` means: the very same change is stored already (an SDK retry of our own success). */
export type CommitResult =
  | { readonly ok: true; readonly repeated: boolean }
  | { readonly ok: false; readonly conflict: 'plan' | 'vote' | 'nonce' | 'grant' | 'release' | 'window' | 'anomaly' }
  | { readonly ok: false; readonly conflict: 'lock'; readonly key: string };

export interface PlanListEntry {
  readonly planId: string;
  readonly status: PlanStatus;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly notAfter: string;
}

export interface PlanStore {
  /** Consistent; null where there is no such plan. */
  read(planId: string): Promise<PlanRecords | null>;
  /** Consistent; the plan alone. */
  readPlan(planId: string): Promise<Plan | null>;
  commit(change: PlanChange): Promise<CommitResult>;
  chain(planId: string): Promise<readonly ChainEvent[]>;
  /** From the sparse index: may lag; never a base for a decision. Newest first unless asked otherwise. `open: false`: all plans. */
  list(filter: {
    readonly open: boolean;
    readonly limit: number;
    readonly oldestFirst?: boolean;
  }): Promise<readonly PlanListEntry[]>;
  freshness(planId: string): Promise<FreshnessRecord | null>;
  putFreshness(record: FreshnessRecord): Promise<void>;
}

export interface Outbox {
  read(outboxId: string): Promise<OutboxRecord | null>;
  /** For effects that change no plan (a mail was sent): delete when done. */
  settle(outboxId: string): Promise<void>;
  /** Put-if-absent outside a plan's transaction (an anomaly for the planner, a page's request to look again). */
  add(record: OutboxRecord): Promise<void>;
  /** Overdue records, oldest first, from the sparse index. */
  due(before: string, limit: number): Promise<readonly OutboxRecord[]>;
  /** Moves the due time on after a re-send. */
  postpone(outboxId: string, dueAt: string): Promise<void>;
}

/** A queue message: a pointer to the outbox record; at least once, in any order, perhaps never. */
export interface Queue {
  send(kind: OutboxKind, message: { readonly outboxId: string }): Promise<void>;
}

export interface RawEvidenceStore {
  /** Answers the object's key. Written once, before the plan is. */
  put(evidence: RawEvidence): Promise<void>;
  get(planId: string): Promise<RawEvidence | null>;
}

export interface AnomalyStore {
  get(key: string): Promise<Anomaly | null>;
  /** Conditional on the version (0: absent). False when somebody else was first. */
  put(anomaly: Anomaly, expectedVersion: number): Promise<boolean>;
  list(filter: {
    readonly cluster: string;
    readonly active: boolean;
    readonly limit: number;
  }): Promise<readonly Anomaly[]>;
}

/** Mail links: per recipient, opaque, written by notify, read by web. */
export interface LocatorStore {
  put(locator: {
    readonly hash: string;
    readonly planId: string;
    readonly recipient: string;
    readonly createdAt: string;
  }): Promise<void>;
  find(hash: string): Promise<{ readonly planId: string; readonly recipient: string } | null>;
}

/** Fixed-window counters per principal; true when the call is within the budget. */
export interface BudgetStore {
  take(key: string, windowStart: string, limit: number, expiresAt: string): Promise<boolean>;
}

/** The access log: reads, refusals, sign-ins, guardrail findings. A sharded hash chain per writer; never in the way of a vote. */
export interface AccessLog {
  record(entry: AccessEntry): Promise<void>;
}
