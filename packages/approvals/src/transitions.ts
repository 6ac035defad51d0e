/**
 * The one transition table. Every change of a plan goes through `advance`: it refuses what the table does not hold, moves the version
 * and the chain head by exactly one event, and makes the outbox records of what must happen next. No I/O, no clock.
 */
import type { Json } from './canonical.ts';
import { type ChainEvent, type ChainEventType, chainHash, firstBreak } from './chain.ts';
import { OUTBOX_RESEND_SECONDS } from './limits.ts';
import type { Notice, OutboxDraft, OutboxRecord } from './outbox.ts';
import type { Plan } from './plan.ts';
import type { PlanStatus } from './plan-status.ts';
import type { PlanChange } from './ports.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';

type Row = { readonly from: readonly PlanStatus[]; readonly to: PlanStatus | 'same'; readonly onlyUnwritten?: true };

/** Event -> from which states, to which. `onlyUnwritten`: from `executing` only while no step has been written. */
export const TRANSITIONS: Readonly<Record<Exclude<ChainEventType, 'plan.created'>, Row>> = {
  'vote.recorded': { from: ['pending'], to: 'same' },
  'plan.denied': { from: ['pending'], to: 'denied' },
  'plan.canceled': { from: ['pending', 'approved'], to: 'canceled' },
  'plan.superseded': { from: ['pending'], to: 'superseded' },
  'plan.expired': { from: ['pending', 'approved', 'executing'], to: 'expired', onlyUnwritten: true },
  'plan.stale': { from: ['pending', 'approved', 'executing'], to: 'stale', onlyUnwritten: true },
  'plan.blocked': { from: ['approved', 'executing'], to: 'blocked', onlyUnwritten: true },
  'plan.revoked': { from: ['approved', 'executing'], to: 'revoked', onlyUnwritten: true },
  'grant.issued': { from: ['pending'], to: 'approved' },
  'release.recorded': { from: ['approved'], to: 'same' },
  'revocation.recorded': { from: ['executing', 'unknown'], to: 'same' },
  'execution.started': { from: ['approved'], to: 'executing' },
  'execution.resumed': { from: ['executing', 'unknown'], to: 'executing' },
  'execution.paused': { from: ['executing'], to: 'same' },
  'step.started': { from: ['executing'], to: 'same' },
  'step.written': { from: ['executing'], to: 'same' },
  'step.settled': { from: ['executing', 'unknown'], to: 'same' },
  'execution.applied': { from: ['executing', 'unknown'], to: 'applied' },
  'execution.failed': { from: ['executing', 'unknown'], to: 'failed', onlyUnwritten: true },
  'execution.partially_applied': { from: ['executing', 'unknown'], to: 'partially_applied' },
  'execution.unknown': { from: ['executing'], to: 'unknown' },
  'verification.passed': { from: ['applied'], to: 'verified' },
  'verification.failed': { from: ['applied'], to: 'unverified' },
  'verification.inconclusive': { from: ['applied'], to: 'unverified' },
};

/** States in which something may still happen to the cluster or a person may still decide. */
const OPEN_STATUSES: readonly PlanStatus[] = ['pending', 'approved', 'executing', 'unknown', 'applied'];
export const isOpen = (status: PlanStatus): boolean => OPEN_STATUSES.includes(status);

/** After which nothing may run: whatever the record's status says, a chain that holds one of these is over. `revocation.recorded` ends what has not run yet. */
const ENDINGS: readonly ChainEventType[] = [
  'plan.denied',
  'plan.canceled',
  'plan.superseded',
  'plan.expired',
  'plan.stale',
  'plan.blocked',
  'plan.revoked',
  'execution.applied',
  'execution.failed',
  'execution.partially_applied',
];

/**
 * The status is one attribute of one item; the events must tell the same story and none of them an ending. Stops a table writer from reviving
 * a plan by its status alone. Whoever rewrites plan and chain consistently is stopped only by signed checkpoints (functions/seal).
 */
export function chainRefusal(plan: Plan, chain: readonly ChainEvent[]): Refusal | undefined {
  if (firstBreak(chain, plan.chain) !== undefined || chain.at(-1)?.status !== plan.status)
    return { code: 'digest.chain_changed' };
  if (chain.some(({ type }) => type === 'revocation.recorded' || type === 'plan.revoked'))
    return { code: 'plan.revoked' };
  return chain.some((event) => ENDINGS.includes(event.type))
    ? { code: 'plan.finished', status: plan.status }
    : undefined;
}

/** What a stage may set beside status, version and chain. */
export type PlanSettings = Partial<Pick<Plan, 'grantedVersion' | 'fence' | 'lease' | 'revocation' | 'reason'>>;

export interface Advance {
  readonly type: Exclude<ChainEventType, 'plan.created'>;
  readonly actor: string;
  readonly now: Date;
  readonly data?: { readonly [key: string]: Json };
  readonly set?: PlanSettings;
  readonly outbox?: readonly OutboxDraft[];
  readonly settles?: readonly string[];
  /** How many steps are known or suspected to have been written; a stage that cannot know says so by passing the started ones. */
  readonly stepsWritten?: number;
}

export function advance(before: Plan, by: Advance): Result<PlanChange, Refusal> {
  const row = TRANSITIONS[by.type];
  const to = row.to === 'same' ? before.status : row.to;
  const written =
    row.onlyUnwritten === true &&
    before.status !== 'pending' &&
    before.status !== 'approved' &&
    (by.stepsWritten ?? 0) > 0;
  if (!row.from.includes(before.status) || written) {
    return refuse({ code: 'plan.transition_not_allowed', from: before.status, to });
  }
  const at = by.now.toISOString();
  const event: ChainEvent = {
    format: 'countersign.chain/v1',
    planId: before.planId,
    seq: before.chain.seq + 1,
    at,
    type: by.type,
    actor: by.actor,
    status: to,
    previous: before.chain.hash,
    data: by.data ?? {},
  };
  const after: Plan = {
    ...before,
    ...by.set,
    status: to,
    version: before.version + 1,
    updatedAt: at,
    chain: { seq: event.seq, hash: chainHash(event) },
  };
  const outbox = (by.outbox ?? []).map((draft) => outboxRecord(draft, after, by.now));
  const closes = before.anomaly !== null && isOpen(before.status) && !isOpen(to);
  return pass({
    before,
    after,
    event,
    outbox,
    settles: by.settles ?? [],
    ...(closes && before.anomaly !== null ? { anomaly: { key: before.anomaly, planId: null } } : {}),
  });
}

/** The id is made from its cause, so that a repeated transaction cannot make two. */
export function outboxRecord(draft: OutboxDraft, plan: Pick<Plan, 'planId' | 'version'>, now: Date): OutboxRecord {
  const notice: Notice | null = draft.notice ?? null;
  return {
    format: 'countersign.outbox/v1',
    outboxId: [draft.kind, notice, plan.planId, String(plan.version)].filter((part) => part !== null).join('.'),
    kind: draft.kind,
    pointer: { type: 'plan', planId: plan.planId },
    notice,
    createdAt: now.toISOString(),
    dueAt: new Date(now.getTime() + OUTBOX_RESEND_SECONDS * 1000).toISOString(),
  };
}
