/**
 * What proposing, executing and verifying need of a cluster. packages/kubernetes satisfies these, each with its own identity. Errors of
 * the client are translated there: `Unavailable` (retry), or the refusals below; never an upstream body.
 */
import type { Json } from './canonical.ts';
import type { ChangeRequest } from './change-request.ts';
import type { Digest } from './digest.ts';
import type { Finding, OperationLeaves, RawEvidence, Redaction, ShownEvidence, SuccessCriterion } from './evidence.ts';
import type { ClusterIdentity, ComparedAs, Intent, Step, Target } from './intent.ts';
import type { Policy, RiskTier } from './policy.ts';
import type { Randomness } from './ports.ts';
import type { Requester } from './principal.ts';
import type { Refusal } from './refusal.ts';
import type { Result } from './result.ts';
import type { Freshness, Review } from './review.ts';

/** Everything that a plan is made of beside who asked and why. */
export interface PreparedChange {
  readonly intent: Intent;
  readonly evidence: ShownEvidence;
  readonly raw: RawEvidence;
  readonly freshness: readonly Freshness[];
  readonly redactions: readonly Redaction[];
  readonly guardHash: Digest;
  readonly riskTier: RiskTier;
  readonly riskReasons: readonly string[];
  readonly ignoredPaths: Review['ignoredPaths'];
}

/** Proposer identity: reads and dry runs only. Refuses to work where the guard policies are missing or changed. */
export interface ProposalCluster {
  prepare(input: {
    readonly planId: string;
    /** In the order in which they run; at least one. */
    readonly requests: readonly ChangeRequest[];
    readonly policy: Policy;
    /** For rules of the policy that ask who. */
    readonly requester?: Requester | undefined;
    readonly now: Date;
    readonly random: Randomness;
  }): Promise<Result<PreparedChange, Refusal>>;
}

/** An object as one quorum read gave it. */
export interface LiveObject {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number | null;
  /** Values of our annotations, whichever way of writing left them. */
  readonly marks: readonly string[];
  readonly deleting: boolean;
  readonly object: Json;
}

export interface GuardState {
  /** Names of the guard policies or bindings that are absent or do not deny (wrong action, failurePolicy, exclusions). */
  readonly missing: readonly string[];
  /** Names whose spec is not the one that is shipped with this deployment, however it differs. */
  readonly changed: readonly string[];
  /** Hash over the specs of all guard policies and bindings. */
  readonly hash: Digest;
}

/** What one request to change something is made from, and nothing else. */
export interface StepToRun {
  readonly intent: Intent;
  /** From 1. */
  readonly stepNumber: number;
  readonly planId: string;
  /** What is hidden in the operation's manifest or template. */
  readonly leaves: OperationLeaves;
}

/** `object`: null for a delete. */
export type DryRunResult =
  | { readonly ok: true; readonly object: Json }
  | { readonly ok: false; readonly refusal: Refusal };

/** `unknown`: a timeout, a reset or a 5xx after the request left; it may have happened. Of a delete, version and object are null. */
export type WriteResult =
  | { readonly outcome: 'written'; readonly resourceVersion: string | null; readonly object: Json }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | { readonly outcome: 'unknown' };

/** Executor identity: the only part that can write. Each method is one request (guards: a few); Unavailable when there is no answer. */
export interface ExecutionCluster {
  identity(): Promise<ClusterIdentity>;
  guards(): Promise<GuardState>;
  /** Quorum read (resourceVersion unset); null where it is absent. */
  read(target: Target): Promise<LiveObject | null>;
  /** Sends the write's very body with dryRun=All. `live`'s resourceVersion is the precondition; null for what must be absent. Body and mark come from the step alone. */
  dryRun(step: StepToRun, live: LiveObject | null): Promise<DryRunResult>;
  write(step: StepToRun, live: LiveObject | null): Promise<WriteResult>;
}

/** What is known of objects without asking a cluster. Pure. */
export interface ObjectRules {
  /** The object minus the closed list of ignored paths: what freshness (as `change`, the default) and dry-run equality compare. */
  comparable(object: Json, as?: ComparedAs): Json;
  /** JSON pointers at which two comparable objects differ, at most 50. */
  changedPaths(a: Json, b: Json): readonly string[];
  /** Rules of a policy on an intent and its dry-run objects (shown form will do: no rule reads a hidden leaf). `dryRun` of a delete: null. */
  findings(
    policy: Policy,
    steps: readonly { readonly step: Step; readonly live: Json; readonly dryRun: Json }[],
    requester?: Requester,
  ): readonly Finding[];
}

export interface CriterionState {
  readonly criterion: SuccessCriterion;
  /** `failed`: it cannot be met any more (progress deadline exceeded); `waiting`: not yet. */
  readonly state: 'met' | 'waiting' | 'failed';
  readonly message: string;
}

/** Reader identity. */
export interface VerificationCluster {
  observe(criteria: readonly SuccessCriterion[], intent: Intent): Promise<readonly CriterionState[]>;
  /** Compares targets with the evidence's live objects in shown form; pages show the answer with its time. */
  freshness(plan: {
    readonly intent: Intent;
    readonly freshness: readonly Freshness[];
    readonly live: ShownEvidence['live'];
    readonly redactions: readonly Redaction[];
  }): Promise<{ readonly fresh: boolean; readonly changed: readonly string[] }>;
}
