/** What a deny rule is: a question about the object as the plan would leave it. Pure; one rule a file, named after its code. */
import type { DenyRule, Json, Operation, Policy, Requester, RiskTier, Target } from '@countersign/approvals';

export interface RuleFacts {
  readonly policy: Policy;
  readonly target: Pick<Target, 'apiVersion' | 'kind' | 'namespace' | 'name'>;
  readonly operation: Operation;
  /** The object as it is; null before it was read, and where the plan creates it. */
  readonly live: Json;
  /** The object as the API server says that it would be; null before the dry run, and where the plan deletes it. */
  readonly after: Json;
  /** Absent where nobody says who asks. */
  readonly requester?: Requester | undefined;
}

export interface Verdict {
  /** Reasons to deny; empty: the rule passes. */
  readonly denials: readonly string[];
  /** What a reviewer should know and the rule does not forbid. */
  readonly warnings?: readonly string[];
}

/** Codes of rules that a policy switches on by a key of their own. */
export type KeyedRule = 'kind-not-allowed' | 'image-registry' | 'image-digest' | 'pod-security';

export interface Rule {
  readonly code: DenyRule | KeyedRule;
  /** What holds where nothing is denied. */
  readonly passes: string;
  /** `always`: no policy can switch it off. `listed`: it denies where `deny` names it. `by-key`: it judges and denies where its key is set. */
  readonly enforced: 'always' | 'listed' | 'by-key';
  /** The tier to which a finding of a rule raises the plan that the policy does not let it deny. */
  readonly otherwise: RiskTier;
  /** Of a `by-key` rule: whether the policy has the key. */
  readonly isSet?: (policy: Policy) => boolean;
  /**
   * The first eight rules judge the object as the plan would leave it, whoever brought it there: a rollout starts new pods with everything
   * that is in the template, so a privileged container that was there before is approved anew with each plan. The image rules are the
   * exception among them. The others judge what the plan brings: what was there before is not made worse by it.
   */
  judge(facts: RuleFacts): Verdict;
}

/** What of `after` was not there before. Both say in words what they found; equal words are the same thing. */
export function brought(before: readonly string[], after: readonly string[]): readonly string[] {
  const had = new Set(before);
  return [...new Set(after)].filter((words) => !had.has(words));
}
