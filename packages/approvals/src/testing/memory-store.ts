/**
 * The ports of storage in memory: one process, no durability, the same conditions as the table. It is held to the contract suite
 * (test/contracts/store) like every other implementation; the core's property tests run thousands of histories on it.
 */
import type { AccessEntry } from '../access-log.ts';
import type { ChainEvent } from '../chain.ts';
import type { RawEvidence } from '../evidence.ts';
import type { OutboxRecord } from '../outbox.ts';
import type { FreshnessRecord, GrantRecord, Plan, ReleaseRecord, StepRecord } from '../plan.ts';
import type { AccessLog, CommitResult, Outbox, PlanChange, PlanStore, RawEvidenceStore } from '../ports.ts';
import { isOpen } from '../transitions.ts';
import type { VoteRecord } from '../vote.ts';

/** Everything that a table writer could reach, open to the tests that attack it. */
export interface MemoryTables {
  readonly plans: Map<string, Plan>;
  readonly evidence: Map<string, string>;
  readonly votes: Map<string, VoteRecord>;
  readonly grants: Map<string, GrantRecord>;
  readonly releases: Map<string, ReleaseRecord>;
  readonly steps: Map<string, StepRecord>;
  readonly chain: Map<string, ChainEvent>;
  readonly nonces: Map<string, string>;
  readonly locks: Map<string, { readonly planId: string; readonly fence: number }>;
  readonly outbox: Map<string, OutboxRecord>;
  readonly freshness: Map<string, FreshnessRecord>;
  readonly raw: Map<string, RawEvidence>;
  readonly anomalyPlans: Map<string, string>;
  readonly access: AccessEntry[];
}

export interface MemoryStore {
  readonly tables: MemoryTables;
  readonly plans: PlanStore;
  readonly outbox: Outbox;
  readonly rawEvidence: RawEvidenceStore;
  readonly access: AccessLog;
}

export function memoryStore(): MemoryStore {
  const t: MemoryTables = {
    plans: new Map(),
    evidence: new Map(),
    votes: new Map(),
    grants: new Map(),
    releases: new Map(),
    steps: new Map(),
    chain: new Map(),
    nonces: new Map(),
    locks: new Map(),
    outbox: new Map(),
    freshness: new Map(),
    raw: new Map(),
    anomalyPlans: new Map(),
    access: [],
  };
  const ofPlan = <T>(map: Map<string, T>, planId: string): T[] =>
    [...map.entries()].filter(([key]) => key.startsWith(`${planId}/`)).map(([, value]) => value);

  const plans: PlanStore = {
    read: async (planId) => {
      const plan = t.plans.get(planId);
      if (plan === undefined) return null;
      return {
        plan,
        evidence: t.evidence.get(planId) ?? '',
        votes: ofPlan(t.votes, planId),
        grant: t.grants.get(planId) ?? null,
        release: t.releases.get(planId) ?? null,
        steps: ofPlan(t.steps, planId),
      };
    },
    readPlan: async (planId) => t.plans.get(planId) ?? null,
    commit: async (change) => commit(t, change),
    chain: async (planId) => ofPlan(t.chain, planId).sort((a, b) => a.seq - b.seq),
    list: async ({ open, limit, oldestFirst = false }) =>
      [...t.plans.values()]
        .filter((plan) => !open || isOpen(plan.status))
        .sort((a, b) => (oldestFirst ? 1 : -1) * (Date.parse(a.createdAt) - Date.parse(b.createdAt)))
        .slice(0, limit),
    freshness: async (planId) => t.freshness.get(planId) ?? null,
    putFreshness: async (record) => void t.freshness.set(record.planId, record),
  };
  const outbox: Outbox = {
    read: async (id) => t.outbox.get(id) ?? null,
    settle: async (id) => void t.outbox.delete(id),
    add: async (record) => void (t.outbox.has(record.outboxId) || t.outbox.set(record.outboxId, record)),
    due: async (before, limit) => [...t.outbox.values()].filter((record) => record.dueAt <= before).slice(0, limit),
    postpone: async (id, dueAt) => {
      const record = t.outbox.get(id);
      if (record !== undefined) t.outbox.set(id, { ...record, dueAt });
    },
  };
  return {
    tables: t,
    plans,
    outbox,
    rawEvidence: {
      put: async (raw) => void t.raw.set(raw.planId, raw),
      get: async (planId) => t.raw.get(planId) ?? null,
    },
    access: { record: async (entry) => void t.access.push(entry) },
  };
}

/** All conditions first, then all writes: what one TransactWriteItems does. */
function commit(t: MemoryTables, change: PlanChange): CommitResult {
  const { before, after, event } = change;
  const stored = t.plans.get(after.planId);
  if (
    JSON.stringify(t.chain.get(`${after.planId}/${event.seq}`)) === JSON.stringify(event) &&
    stored?.version === after.version
  ) {
    return { ok: true, repeated: true };
  }
  const same =
    before === null
      ? stored === undefined
      : stored !== undefined &&
        stored.version === before.version &&
        stored.status === before.status &&
        stored.fence === before.fence &&
        stored.chain.hash === before.chain.hash;
  if (!same || t.chain.has(`${after.planId}/${event.seq}`)) return { ok: false, conflict: 'plan' };
  if (change.openAt !== undefined && !(change.openAt < (stored?.notAfter ?? after.notAfter)))
    return { ok: false, conflict: 'window' };
  const voteKey = change.vote && `${after.planId}/${change.vote.personId}`;
  if (voteKey !== undefined && t.votes.has(voteKey)) return { ok: false, conflict: 'vote' };
  if (change.nonce && t.nonces.has(change.nonce.nonce)) return { ok: false, conflict: 'nonce' };
  if (change.grant && t.grants.has(after.planId)) return { ok: false, conflict: 'grant' };
  if (change.release && t.releases.has(after.planId)) return { ok: false, conflict: 'release' };
  for (const key of change.lock?.keys ?? []) {
    const held = t.locks.get(key);
    if (held && (held.planId !== change.lock?.planId || held.fence >= change.lock.fence))
      return { ok: false, conflict: 'lock', key };
  }
  if (change.anomaly?.planId && t.anomalyPlans.has(change.anomaly.key)) return { ok: false, conflict: 'anomaly' };

  t.plans.set(after.planId, after);
  t.chain.set(`${after.planId}/${event.seq}`, event);
  if (change.evidence !== undefined) t.evidence.set(after.planId, change.evidence);
  if (change.vote && voteKey !== undefined) t.votes.set(voteKey, change.vote);
  if (change.nonce) t.nonces.set(change.nonce.nonce, change.nonce.expiresAt);
  if (change.grant) t.grants.set(after.planId, change.grant);
  if (change.release) t.releases.set(after.planId, change.release);
  if (change.step) t.steps.set(`${after.planId}/${change.step.step}`, change.step);
  for (const key of change.lock?.keys ?? []) t.locks.set(key, { planId: after.planId, fence: change.lock?.fence ?? 0 });
  for (const key of change.unlock?.keys ?? []) {
    const held = t.locks.get(key);
    if (held?.planId === change.unlock?.planId && held?.fence === change.unlock?.fence) t.locks.delete(key);
  }
  for (const record of change.outbox) t.outbox.set(record.outboxId, record);
  for (const id of change.settles) t.outbox.delete(id);
  if (change.anomaly) {
    if (change.anomaly.planId === null) t.anomalyPlans.delete(change.anomaly.key);
    else t.anomalyPlans.set(change.anomaly.key, change.anomaly.planId);
  }
  return { ok: true, repeated: false };
}
