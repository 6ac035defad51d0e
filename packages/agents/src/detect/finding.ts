/** What a detector says: something unhealthy, on whose account, with the facts that prove it. Pure data; observe.ts makes anomalies of it. */
import type { AnomalyCategory, Json, Severity, Target } from '@countersign/approvals';

/** What is wrong, as far as facts tell. The order is the precedence where one container shows several. */
export const SYMPTOMS = ['image-pull', 'config-error', 'oom-killed', 'crash-loop', 'failed', 'not-ready'] as const;
export type Symptom = (typeof SYMPTOMS)[number];

/** A container of the target that shows the symptom; the image is what the pods run, one entry a name and image. */
export interface AffectedContainer {
  readonly name: string;
  readonly image: string;
}

export interface FindingEvidence {
  readonly source: string;
  readonly content: string;
}

/** Before severity: what the detectors compute. */
export interface Observation {
  readonly category: AnomalyCategory;
  /** Enters the key: a symptom, `unavailable`, `no-endpoints`, or `event:<reason>`. */
  readonly cause: string;
  readonly target: Target;
  readonly summary: string;
  /** Numbers for the severity rules; null where they do not apply. */
  readonly replicas: { readonly desired: number; readonly available: number } | null;
  readonly pods: { readonly total: number; readonly down: number };
  readonly containers: readonly AffectedContainer[];
  /** Further facts, shown to people. */
  readonly facts: { readonly [name: string]: Json };
  readonly evidence: readonly FindingEvidence[];
}

export interface Finding extends Observation {
  readonly key: string;
  readonly severity: Severity;
  readonly severityRule: string;
  /** Key of the finding that explains this one: healing that heals this. Null for a root cause. */
  readonly explainedBy: string | null;
}
