/** What a deny rule is: a question about the object as the plan would leave it. Pure; one rule a file, named after its code. */
import type { DenyRule, Json, Operation, Policy, Target } from '@countersign/approvals';

export interface RuleFacts {
  readonly policy: Policy;
  readonly target: Pick<Target, 'kind' | 'namespace' | 'name'>;
  readonly operation: Operation;
  /** The object as it is; null before it was read. */
  readonly live: Json;
  /** The object as the API server says that it would be; null before the dry run. */
  readonly after: Json;
}

export interface Verdict {
  /** Reasons to deny; empty: the rule passes. */
  readonly denials: readonly string[];
  /** What a reviewer should know and the rule does not forbid. */
  readonly warnings?: readonly string[];
}

export interface Rule {
  readonly code: DenyRule;
  /** What holds where nothing is denied. */
  readonly passes: string;
  /**
   * Rules judge the object as the plan would leave it, whoever brought it there: a rollout starts new pods with everything that is in
   * the template, so a privileged container that was there before is approved anew with each plan. The one exception is image-tag.
   */
  judge(facts: RuleFacts): Verdict;
}
