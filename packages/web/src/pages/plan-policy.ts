import type { Policy, PolicySet, Review } from '@countersign/approvals';

/** The policy that the plan was made under, while it is among the deployed documents. */
export type PlanPolicy = Policy | null;

export const policyOf = (review: Review, policies: PolicySet): PlanPolicy =>
  policies.byHash.get(review.policyHash) ?? null;
