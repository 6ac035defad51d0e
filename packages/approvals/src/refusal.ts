/**
 * Every refusal of Countersign: a tagged union with its evidence. messages.ts makes the public sentence in one exhaustive switch;
 * docs/errors.md lists the codes and a test fails when the two disagree. Nothing here holds a secret, a token or an upstream body.
 */
import type { Finding } from './evidence.ts';
import type { PlanStatus } from './plan-status.ts';

export type Refusal =
  // what was asked
  | { readonly code: 'request.invalid'; readonly issues: readonly string[] }
  | { readonly code: 'request.too_large'; readonly limitBytes: number }
  | { readonly code: 'request.rate_limited'; readonly retryAfterSeconds: number }
  | { readonly code: 'request.conflict' }
  /** A command that is not understood whole, by its own words and in ours: nothing of it was done. */
  | {
      readonly code: 'request.not_understood';
      readonly command: number;
      readonly why: string;
      readonly instead: string;
    }
  | { readonly code: 'request.continue_expired' }
  // who asked
  | { readonly code: 'access.scope_missing'; readonly scope: string }
  | {
      readonly code: 'access.not_bound';
      readonly namespace: string;
      readonly operation: string;
      readonly allowed: readonly string[];
    }
  /** `secret`: never, whatever the policy; `verbs`: the cluster offers no way to read it. */
  | {
      readonly code: 'access.kind_denied';
      readonly kind: string;
      readonly why: 'secret' | 'policy' | 'cluster-scoped' | 'verbs';
    }
  | { readonly code: 'access.not_requester' }
  | { readonly code: 'access.owner_unknown' }
  // the object
  | { readonly code: 'target.not_found'; readonly kind: string; readonly namespace: string; readonly name: string }
  | { readonly code: 'target.kind_unknown'; readonly kind: string }
  | { readonly code: 'target.kind_ambiguous'; readonly kind: string; readonly candidates: readonly string[] }
  | { readonly code: 'target.kind_not_supported'; readonly kind: string; readonly allowed: readonly string[] }
  | { readonly code: 'target.container_unknown'; readonly container: string; readonly containers: readonly string[] }
  | { readonly code: 'target.unchanged' }
  | { readonly code: 'target.exists'; readonly kind: string; readonly namespace: string; readonly name: string }
  /** Its controller would undo the change, or does it itself. */
  | { readonly code: 'target.controlled'; readonly by: string }
  | {
      readonly code: 'target.revision_unknown';
      readonly revision: number | null;
      readonly revisions: readonly number[];
    }
  /** Server-side apply without force: `owner` is a field manager's name, neutralised. */
  | {
      readonly code: 'target.field_conflict';
      readonly conflicts: readonly { readonly field: string; readonly owner: string }[];
    }
  | { readonly code: 'target.drifted'; readonly changed: readonly string[] }
  // the plan
  | { readonly code: 'plan.not_found' }
  | { readonly code: 'plan.unreadable' }
  | { readonly code: 'plan.not_pending'; readonly status: PlanStatus }
  | { readonly code: 'plan.not_approved'; readonly status: PlanStatus }
  | { readonly code: 'plan.finished'; readonly status: PlanStatus }
  | { readonly code: 'plan.not_started'; readonly notBefore: string }
  | { readonly code: 'plan.expired'; readonly notAfter: string }
  | { readonly code: 'plan.revoked' }
  | { readonly code: 'plan.open_exists' }
  | { readonly code: 'plan.no_undo'; readonly why: string }
  | { readonly code: 'plan.too_large'; readonly limitBytes: number }
  | { readonly code: 'plan.transition_not_allowed'; readonly from: PlanStatus; readonly to: PlanStatus }
  // policy
  | { readonly code: 'policy.denied'; readonly findings: readonly Finding[] }
  | { readonly code: 'policy.unknown' }
  | { readonly code: 'policy.nobody_may_approve' }
  // the vote
  | { readonly code: 'vote.challenge_invalid' }
  | { readonly code: 'vote.challenge_expired' }
  | { readonly code: 'vote.challenge_used' }
  | { readonly code: 'vote.digest_changed' }
  | { readonly code: 'vote.not_eligible'; readonly why: 'requester' | 'owner' | 'group' | 'not-the-requester' }
  | { readonly code: 'vote.comment_required' }
  | { readonly code: 'vote.already_voted' }
  | { readonly code: 'vote.idempotency_conflict' }
  | { readonly code: 'vote.form_not_trusted' }
  | { readonly code: 'vote.passkey_required' }
  // the record gates
  | { readonly code: 'release.missing' }
  | { readonly code: 'release.invalid' }
  | { readonly code: 'release.not_permitted' }
  | { readonly code: 'grant.missing' }
  | { readonly code: 'grant.invalid'; readonly claim: string }
  | { readonly code: 'grant.expired' }
  | { readonly code: 'votes.invalid' }
  | { readonly code: 'votes.quorum_missing'; readonly have: number; readonly need: number }
  | { readonly code: 'digest.intent_changed' }
  | { readonly code: 'digest.review_changed' }
  | { readonly code: 'digest.evidence_changed' }
  | { readonly code: 'digest.chain_changed' }
  | { readonly code: 'deadline.too_close'; readonly secondsLeft: number }
  // the claim
  | { readonly code: 'claim.lost' }
  | { readonly code: 'claim.target_locked'; readonly target: string }
  | { readonly code: 'claim.lease_running'; readonly until: string }
  // the live gates
  | { readonly code: 'cluster.identity_changed' }
  | { readonly code: 'cluster.unreachable' }
  /** `rule`: what of a role would have allowed it, in RBAC's words. */
  | { readonly code: 'cluster.forbidden'; readonly rule?: string }
  | { readonly code: 'guard.missing'; readonly policies: readonly string[] }
  | { readonly code: 'guard.changed' }
  | { readonly code: 'requester.right_lost' }
  | { readonly code: 'dry_run.refused'; readonly reason: string }
  | { readonly code: 'dry_run.unsupported_webhook' }
  | { readonly code: 'dry_run.changed'; readonly changed: readonly string[] }
  | { readonly code: 'evidence.hidden_change'; readonly paths: readonly string[] }
  | { readonly code: 'fence.lost' }
  | { readonly code: 'write.conflict' }
  | { readonly code: 'write.refused'; readonly reason: string }
  | { readonly code: 'write.outcome_unknown' }
  | { readonly code: 'verification.not_met'; readonly unmet: readonly string[] }
  | { readonly code: 'internal.unavailable' };

export type RefusalCode = Refusal['code'];
export type RefusalOf<C extends RefusalCode> = Extract<Refusal, { code: C }>;
