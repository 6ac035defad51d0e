/** An anomaly: something unhealthy with the computed facts that prove it, keyed by what is broken. Found by packages/agents, stored by packages/aws. */
import type { Json } from './canonical.ts';
import type { Target } from './intent.ts';

export const ANOMALY_CATEGORIES = [
  'PodUnhealthy',
  'DeploymentUnavailable',
  'ServiceNoEndpoints',
  'WarningEvent',
] as const;
export type AnomalyCategory = (typeof ANOMALY_CATEGORIES)[number];
export const SEVERITIES = ['high', 'medium', 'low'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface Anomaly {
  readonly format: 'countersign.anomaly/v1';
  /** `ano_` and 32 hex digits: SHA-256 over cluster, category, cause and target; the same broken thing has the same key however often it is seen. */
  readonly key: string;
  /** +1 with every stored change; writes are conditional on it. */
  readonly version: number;
  readonly cluster: string;
  readonly category: AnomalyCategory;
  readonly target: Target;
  readonly severity: Severity;
  readonly severityRule: string;
  readonly status: 'active' | 'resolved';
  /** One line computed by rules. */
  readonly summary: string;
  /** Computed facts; text from the cluster inside is untrusted. */
  readonly facts: { readonly [name: string]: Json };
  readonly evidence: readonly { readonly source: string; readonly content: string; readonly capturedAt: string }[];
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly resolvedAt: string | null;
  /** Consecutive cycles in which it was not seen. */
  readonly missedCycles: number;
  /** How often it came back after it was resolved. */
  readonly recurrences: number;
  /** The open plan for it, if any: one at a time. */
  readonly planId: string | null;
  /** Why the planner proposed nothing, for people. */
  readonly note: string | null;
}
