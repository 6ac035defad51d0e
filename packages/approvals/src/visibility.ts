/** Who may see, decide and cancel. To anybody else a plan is not found: same answer as for one that does not exist. */
import { type ApprovalRule, approvalRuleFor, type Policy, type PolicySet } from './policy.ts';
import { bannedPersons, type Person } from './principal.ts';
import type { Refusal } from './refusal.ts';
import { pass, type Result, refuse } from './result.ts';
import type { Review } from './review.ts';

export interface Viewer {
  readonly id: string;
  readonly groups: readonly string[];
}

export function maySee(review: Review, viewer: Viewer, policies: PolicySet): boolean {
  if (isRequesterOrOwner(review, viewer)) return true;
  const insiders = [...policies.deployed.operators, ...policies.deployed.auditors];
  if (insiders.some((group) => viewer.groups.includes(group))) return true;
  const rule = ruleOf(review, policies.deployed);
  return rule?.approvers.kind === 'group' && viewer.groups.includes(rule.approvers.group);
}

/** Cancelling belongs to requester, owner and operators. */
export function mayCancel(review: Review, viewer: Viewer, policies: PolicySet): boolean {
  return (
    isRequesterOrOwner(review, viewer) || policies.deployed.operators.some((group) => viewer.groups.includes(group))
  );
}

/**
 * May this person decide? By the rule of the plan's own policy and of the deployed one: whoever only one of them admits is refused,
 * so neither an old plan nor a new policy widens the circle.
 */
export function mayDecide(
  review: Review,
  person: Pick<Person, 'id' | 'groups'>,
  policies: PolicySet,
): Result<ApprovalRule, Refusal> {
  const own = policies.byHash.get(review.policyHash);
  if (own === undefined) return refuse({ code: 'policy.unknown' });
  const rules = [ruleOf(review, own), ruleOf(review, policies.deployed)];
  for (const rule of rules) {
    if (rule === undefined) return refuse({ code: 'policy.nobody_may_approve' });
    const why = notEligible(review, person, rule);
    if (why !== undefined) return refuse({ code: 'vote.not_eligible', why });
  }
  const [first, second] = rules as [ApprovalRule, ApprovalRule];
  return pass(stricter(first, second));
}

/** What both rules together ask for. */
export function stricter(a: ApprovalRule, b: ApprovalRule): ApprovalRule {
  return {
    ...a,
    quorum: Math.max(a.quorum, b.quorum),
    passkey: a.passkey || b.passkey,
    commentOnApprove: a.commentOnApprove || b.commentOnApprove,
  };
}

export const ruleOf = (review: Review, policy: Policy): ApprovalRule | undefined =>
  approvalRuleFor(policy, review.requester, review.riskTier);

function notEligible(
  review: Review,
  person: Pick<Person, 'id' | 'groups'>,
  rule: ApprovalRule,
): 'requester' | 'owner' | 'group' | 'not-the-requester' | undefined {
  if (rule.approvers.kind === 'requester') return person.id === review.requester.id ? undefined : 'not-the-requester';
  // Stops self-approval, directly or through a client that the person owns.
  if (bannedPersons(review.requester).includes(person.id))
    return review.requester.kind === 'person' ? 'requester' : 'owner';
  return person.groups.includes(rule.approvers.group) ? undefined : 'group';
}

function isRequesterOrOwner(review: Review, viewer: Viewer): boolean {
  return viewer.id === review.requester.id || (review.requester.owner !== null && viewer.id === review.requester.owner);
}

/** Releasing an approved client's plan belongs to its requester, its owner, and the executors that the deployed policy names. */
export function mayRelease(review: Review, by: { readonly id: string }, policies: PolicySet): boolean {
  return isRequesterOrOwner(review, { id: by.id, groups: [] }) || policies.deployed.executors.includes(by.id);
}
