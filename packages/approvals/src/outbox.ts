/**
 * The outbox: whoever must act next is written in the transaction that changed the plan, and taken off in the transaction that
 * records the consumer's own effect. Messages are pointers; consumers re-read and treat the message as hostile.
 */
export const OUTBOX_KINDS = ['propose', 'grant', 'execute', 'verify', 'notify', 'freshness'] as const;
export type OutboxKind = (typeof OUTBOX_KINDS)[number];

/** What a message says: where to look. */
export type Pointer =
  | { readonly type: 'plan'; readonly planId: string }
  | { readonly type: 'anomaly'; readonly anomalyKey: string };

export const NOTICES = ['decision-needed', 'decided', 'outcome', 'expired'] as const;
export type Notice = (typeof NOTICES)[number];

export interface OutboxRecord {
  readonly format: 'countersign.outbox/v1';
  /** Made from what caused it (kind, plan, plan version), so that a repeated transaction cannot make two. */
  readonly outboxId: string;
  readonly kind: OutboxKind;
  readonly pointer: Pointer;
  readonly notice: Notice | null;
  readonly createdAt: string;
  /** The sweeper sends it again when it is still there at this time. */
  readonly dueAt: string;
}

export interface OutboxDraft {
  readonly kind: OutboxKind;
  readonly notice?: Notice;
}
