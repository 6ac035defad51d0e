/** Plans and changes as the core makes them, for the store suites. The store never reads the bytes of intent, review or evidence. */
import { createHash } from 'node:crypto';
import {
  type Advance,
  type Anomaly,
  advance,
  type ChainEvent,
  chainHash,
  type Digest,
  type GrantRecord,
  type OutboxRecord,
  outboxRecord,
  type Plan,
  type PlanChange,
  type ReleaseRecord,
  type StepRecord,
  type VoteRecord,
} from '@countersign/approvals';

export const NOW = new Date('2026-03-01T10:00:00.000Z');
export const LATER = '2026-03-01T11:00:00.000Z';
export const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
export const digestFor = (text: string): Digest => `sha256:${hex(text)}`;
export const planIdFor = (name: string): string =>
  `pln_${createHash('sha256').update(name).digest('base64url').slice(0, 22)}`;
const personFor = (name: string): string => `per_${createHash('sha256').update(name).digest('base64url')}`;
export const nonceFor = (name: string): string => `nonce-${hex(name).slice(0, 26)}`;

export interface PlanShape {
  readonly name: string;
  readonly notAfter?: string;
  readonly anomaly?: string;
  readonly evidence?: string;
  readonly createdAt?: Date;
  readonly review?: string;
}

/** The creation of a plan, with its first event and the mail that asks for a decision. */
export function creation(shape: PlanShape): PlanChange {
  const planId = planIdFor(shape.name);
  const createdAt = shape.createdAt ?? NOW;
  const at = createdAt.toISOString();
  const intent = `{"plan":"${planId}"}`;
  const review = shape.review ?? `{"review":"${planId}"}`;
  const event: ChainEvent = {
    format: 'countersign.chain/v1',
    planId,
    seq: 1,
    at,
    type: 'plan.created',
    actor: 'planner',
    status: 'pending',
    previous: null,
    data: { reviewDigest: digestFor(review) },
  };
  const plan: Plan = {
    format: 'countersign.plan/v1',
    planId,
    status: 'pending',
    version: 1,
    createdAt: at,
    updatedAt: at,
    intent,
    intentDigest: digestFor(intent),
    review,
    reviewDigest: digestFor(review),
    notAfter: shape.notAfter ?? LATER,
    requesterId: 'planner',
    ownerId: null,
    anomaly: shape.anomaly ?? null,
    chain: { seq: 1, hash: chainHash(event) },
    grantedVersion: null,
    fence: 0,
    lease: null,
    revocation: null,
    reason: null,
  };
  return {
    before: null,
    after: plan,
    event,
    evidence: shape.evidence ?? `{"evidence":"${planId}"}`,
    outbox: [outboxRecord({ kind: 'notify', notice: 'decision-needed' }, plan, createdAt)],
    settles: [],
    ...(shape.anomaly === undefined ? {} : { anomaly: { key: shape.anomaly, planId } }),
  };
}

/** The next change of a plan, by the core's own transition table. */
export function next(
  plan: Plan,
  by: Omit<Advance, 'now' | 'actor'> & Partial<Pick<Advance, 'now' | 'actor'>>,
  beside: Partial<PlanChange> = {},
): PlanChange {
  const change = advance(plan, { actor: 'system:test', now: after(plan.version), ...by });
  if (!change.ok) throw new Error(`no such transition: ${by.type} from ${plan.status}`);
  return { ...change.value, ...beside };
}

export const voteOf = (plan: Plan, person: string, text = 'seal'): VoteRecord => ({
  format: 'countersign.vote-record/v1',
  planId: plan.planId,
  personId: personFor(person),
  seal: `${text}.${person}`,
  idempotencyKey: `key-${person}`,
  requestHash: digestFor(person),
});
export const grantOf = (plan: Plan, seal = 'grant-seal'): GrantRecord => ({
  format: 'countersign.grant-record/v1',
  planId: plan.planId,
  seal,
});
export const releaseOf = (plan: Plan, seal = 'release-seal'): ReleaseRecord => ({
  format: 'countersign.release-record/v1',
  planId: plan.planId,
  seal,
});
export const stepOf = (plan: Plan, step: number, state: StepRecord['state'] = 'started'): StepRecord => ({
  format: 'countersign.step/v1',
  planId: plan.planId,
  step,
  fence: plan.fence,
  state,
  startedAt: NOW.toISOString(),
  settledAt: null,
  resultDigest: null,
  resultResourceVersion: null,
  asApproved: null,
});

/** One vote, the grant, and its claim: the changes up to `executing`, each from the plan that the one before left. */
export const voted = (plan: Plan, person = 'ann'): PlanChange =>
  next(
    plan,
    { type: 'vote.recorded', outbox: [{ kind: 'grant' }] },
    {
      vote: voteOf(plan, person),
      nonce: { nonce: nonceFor(plan.planId + person), expiresAt: LATER },
      openAt: NOW.toISOString(),
    },
  );
export const granted = (plan: Plan): PlanChange =>
  next(
    plan,
    { type: 'grant.issued', set: { grantedVersion: plan.version + 1 }, outbox: [{ kind: 'execute' }] },
    { grant: grantOf(plan) },
  );
export const claimed = (plan: Plan, locks: readonly string[], holder = 'one'): PlanChange => {
  const fence = plan.fence + 1;
  const type = plan.status === 'approved' ? 'execution.started' : 'execution.resumed';
  return next(
    plan,
    { type, actor: `system:execute-${holder}`, set: { fence, lease: { holder, until: LATER } } },
    { lock: { keys: locks, planId: plan.planId, fence } },
  );
};
export const ended = (plan: Plan, locks: readonly string[], now = after(plan.version)): PlanChange =>
  next(
    plan,
    { type: 'execution.applied', now, set: { lease: null }, outbox: [{ kind: 'verify' }] },
    { unlock: { keys: locks, planId: plan.planId, fence: plan.fence } },
  );

export const outboxFor = (id: string, over: Partial<OutboxRecord> = {}): OutboxRecord => ({
  format: 'countersign.outbox/v1',
  outboxId: id,
  kind: 'propose',
  pointer: { type: 'anomaly', anomalyKey: 'ano_1' },
  notice: null,
  createdAt: NOW.toISOString(),
  dueAt: after(30).toISOString(),
  ...over,
});

export const anomalyFor = (key: string, over: Partial<Anomaly> = {}): Anomaly => ({
  format: 'countersign.anomaly/v1',
  key,
  version: 1,
  cluster: 'sandbox',
  category: 'DeploymentUnavailable',
  target: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', uid: 'u-1' },
  severity: 'high',
  severityRule: 'none available',
  status: 'active',
  summary: 'web has no available replica',
  facts: { desired: 2, available: 0, ratio: 0.1, deep: { list: [1, null, 'é'] } },
  evidence: [{ source: 'deployment', content: 'text', capturedAt: NOW.toISOString() }],
  firstSeenAt: NOW.toISOString(),
  lastSeenAt: NOW.toISOString(),
  resolvedAt: null,
  missedCycles: 0,
  recurrences: 0,
  planId: null,
  note: null,
  ...over,
});
