/** What the access log holds: everything that is no transition of a plan. */
import type { Json } from './canonical.ts';

export const ACCESS_WRITERS = [
  'mcp',
  'web',
  'propose',
  'grant',
  'execute',
  'verify',
  'observe',
  'notify',
  'sweep',
] as const;
export type AccessWriter = (typeof ACCESS_WRITERS)[number];

export const ACCESS_EVENT_TYPES = [
  'tool.called',
  'tool.refused',
  'token.refused',
  'scope.refused',
  'signin.succeeded',
  'signin.refused',
  'signed.out',
  'page.refused',
  'vote.refused',
  'gate.refused',
  'guardrail.flagged',
  'mail.sent',
  'mail.refused',
] as const;
export type AccessEventType = (typeof ACCESS_EVENT_TYPES)[number];

export interface AccessEntry {
  readonly writer: AccessWriter;
  readonly at: string;
  readonly type: AccessEventType;
  /** A principal's or person's id, or null before anybody is known. */
  readonly actor: string | null;
  readonly planId: string | null;
  /** Codes and small facts; never arguments, tokens or text from a cluster. */
  readonly data: { readonly [key: string]: Json };
}
