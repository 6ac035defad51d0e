/** The plan chain: transitions only, gapless. Its head lies on the plan and moves in the same conditional write. */
import type { Json } from './canonical.ts';
import { type Digest, digestOf } from './digest.ts';
import type { PlanStatus } from './plan-status.ts';

export const CHAIN_EVENT_TYPES = [
  'plan.created',
  'vote.recorded',
  'plan.denied',
  'plan.canceled',
  'plan.revoked',
  'plan.expired',
  'plan.superseded',
  'plan.stale',
  'plan.blocked',
  'grant.issued',
  'release.recorded',
  'revocation.recorded',
  'execution.started',
  'execution.resumed',
  'execution.paused',
  'step.started',
  'step.written',
  'step.settled',
  'execution.applied',
  'execution.failed',
  'execution.partially_applied',
  'execution.unknown',
  'verification.passed',
  'verification.failed',
  'verification.inconclusive',
] as const;
export type ChainEventType = (typeof CHAIN_EVENT_TYPES)[number];

export interface ChainEvent {
  readonly format: 'countersign.chain/v1';
  readonly planId: string;
  /** From 1, without a gap. */
  readonly seq: number;
  readonly at: string;
  readonly type: ChainEventType;
  /** Who caused it: a principal's id, `system:<function>`. */
  readonly actor: string;
  /** Status after the event. */
  readonly status: PlanStatus;
  /** Hash of the event before; null for the first. */
  readonly previous: Digest | null;
  /** Small facts (digests, codes, counts); never object content. */
  readonly data: { readonly [key: string]: Json };
}

export interface ChainHead {
  readonly seq: number;
  readonly hash: Digest | null;
}
export const EMPTY_CHAIN: ChainHead = { seq: 0, hash: null };

export const chainHash = (event: ChainEvent): Digest => digestOf('countersign.dev/chain/v1', event);

/** The first event that does not follow from the one before, or undefined when the chain is whole and ends at the head. */
export function firstBreak(events: readonly ChainEvent[], head: ChainHead): { readonly seq: number } | undefined {
  let previous: Digest | null = null;
  for (const [at, event] of events.entries()) {
    if (event.seq !== at + 1 || event.previous !== previous) return { seq: at + 1 };
    previous = chainHash(event);
  }
  return head.seq === events.length && head.hash === previous ? undefined : { seq: events.length + 1 };
}
