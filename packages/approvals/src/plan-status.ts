/** The statuses of a plan; which follows which is transitions.ts's to say. */
export const PLAN_STATUSES = [
  'pending',
  'approved',
  'denied',
  'canceled',
  'expired',
  'superseded',
  'stale',
  'blocked',
  'revoked',
  'executing',
  'applied',
  'failed',
  'partially_applied',
  'unknown',
  'verified',
  'unverified',
] as const;
export type PlanStatus = (typeof PLAN_STATUSES)[number];
