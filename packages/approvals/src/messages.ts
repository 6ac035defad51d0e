/** Refusal -> the public sentence: what was wrong, what is allowed, what to do next. One exhaustive switch; nothing internal passes. */
import { CHALLENGE_LIFETIME_SECONDS } from './limits.ts';
import type { Refusal } from './refusal.ts';

export interface PublicRefusal {
  readonly code: Refusal['code'];
  readonly message: string;
  readonly next: string;
  readonly retryable: boolean;
}

export function publicRefusal(refusal: Refusal): PublicRefusal {
  const [message, next, retryable] = sentence(refusal);
  return { code: refusal.code, message, next, retryable: retryable ?? false };
}

type Sentence = readonly [message: string, next: string, retryable?: boolean];
const REQUEST_ANEW = 'Read the current state and request a new plan.';
const ASK_OPERATOR = 'Ask an operator of this deployment.';

function sentence(r: Refusal): Sentence {
  switch (r.code) {
    case 'request.invalid':
      return [
        `The request is not valid: ${r.issues.slice(0, 5).join('; ')}.`,
        'Correct the named fields and send it again.',
      ];
    case 'request.too_large':
      return [`The request is larger than ${r.limitBytes} bytes.`, 'Send a smaller request.'];
    case 'request.rate_limited':
      return ['Too many requests.', `Wait ${r.retryAfterSeconds} seconds, then send it again.`, true];
    case 'request.conflict':
      return [
        'Somebody else changed the plan at the same moment.',
        'Read the plan again and repeat the request if it still applies.',
        true,
      ];
    case 'request.not_understood':
      return [`Command ${r.command} was not run and nothing was planned: ${r.why}.`, r.instead];
    case 'request.continue_expired':
      return [
        'The list that this continue token belongs to is no longer kept by the cluster.',
        'Send the request again without continue.',
      ];
    case 'access.scope_missing':
      return [`The token lacks the scope ${r.scope}.`, `Authorize again with the scope ${r.scope}.`];
    case 'access.not_bound':
      return [
        `You have no binding for ${r.operation} in namespace ${r.namespace}.`,
        r.allowed.length > 0 ? `Allowed namespaces: ${r.allowed.join(', ')}.` : ASK_OPERATOR,
      ];
    case 'access.kind_denied':
      return KIND_DENIED[r.why](r.kind);
    case 'access.not_requester':
      return ['Only the requester, its owner or a named executor may do this.', 'Ask the one who requested the plan.'];
    case 'access.owner_unknown':
      return [
        'This client has no configured owner, so nobody could be kept from approving their own request.',
        ASK_OPERATOR,
      ];
    case 'target.not_found':
      return [
        `There is no ${r.kind} ${r.namespace}/${r.name}.`,
        'List the objects of the namespace and use a name from that list.',
      ];
    case 'target.kind_unknown':
      return [`The cluster serves no kind ${r.kind}.`, 'Use a kind that get_api_resources lists.'];
    case 'target.kind_ambiguous':
      return [
        `The name ${r.kind} stands for several kinds.`,
        `Use one of: ${r.candidates.join(', ')}; or name its apiGroup.`,
      ];
    case 'target.kind_not_supported':
      return [`The kind ${r.kind} is not supported here.`, `Supported kinds: ${r.allowed.join(', ')}.`];
    case 'target.container_unknown':
      return [`The object has no container ${r.container}.`, `Its containers: ${r.containers.join(', ')}.`];
    case 'target.unchanged':
      return ['The change would change nothing: the object is like that already.', 'No plan is needed.'];
    case 'target.exists':
      return [`There is a ${r.kind} ${r.namespace}/${r.name} already.`, 'Read it, and request a change of it instead.'];
    case 'target.controlled':
      return [`The object belongs to ${r.by}, which would undo the change.`, `Request the change of ${r.by} instead.`];
    case 'target.revision_unknown':
      return [
        r.revision === null ? 'There is no earlier revision.' : `There is no revision ${r.revision} to go back to.`,
        r.revisions.length > 0 ? `Revisions: ${r.revisions.join(', ')}.` : 'Read its rollout history.',
      ];
    case 'target.field_conflict':
      return [
        `Others own fields that this would change: ${r.conflicts
          .slice(0, 10)
          .map(({ field, owner }) => `${field} is owned by ${owner}`)
          .join('; ')}.`,
        'Leave those fields out of the manifest, or take them over knowingly with request_patch_resource.',
      ];
    case 'target.drifted':
      return ['The object changed since the plan was made.', REQUEST_ANEW];
    case 'plan.not_found':
      return [
        'There is no such plan, or you may not see it.',
        'Use a planId from a request_* answer or from get_pending_approvals.',
      ];
    case 'plan.unreadable':
      return ['The stored plan cannot be read by this version.', REQUEST_ANEW];
    case 'plan.not_pending':
      return [
        `The plan is ${r.status}; a decision is no longer possible.`,
        'Open the plan to see who decided and when.',
      ];
    case 'plan.not_approved':
      return [`The plan is ${r.status}, not approved.`, 'A person must approve it in a browser first.'];
    case 'plan.finished':
      return [`The plan is ${r.status} and is not run again.`, REQUEST_ANEW];
    case 'plan.not_started':
      return [`The plan's window opens at ${r.notBefore}.`, 'Wait until then.', true];
    case 'plan.expired':
      return [`The plan's window ended at ${r.notAfter}.`, REQUEST_ANEW];
    case 'plan.revoked':
      return ['The plan was revoked.', REQUEST_ANEW];
    case 'plan.open_exists':
      return ['A plan for the same anomaly is still open.', 'Wait for its outcome or cancel it.'];
    case 'plan.no_undo':
      return [`There is no undo to request: ${r.why}.`, 'Request the change that you want from the present state.'];
    case 'plan.too_large':
      return [`The plan's evidence is larger than ${r.limitBytes} bytes.`, 'Split the change into several plans.'];
    case 'plan.transition_not_allowed':
      return [`A plan that is ${r.from} cannot become ${r.to}.`, 'Read the plan again.'];
    case 'policy.denied':
      return [
        `Policy forbids this change: ${r.findings
          .map((f) => `${f.code}: ${f.message}`)
          .slice(0, 5)
          .join('; ')}.`,
        'Change the request so that no rule denies it. Nobody can approve a denied change.',
      ];
    case 'policy.unknown':
      return ['The policy that the plan was made under is no longer deployed.', REQUEST_ANEW];
    case 'policy.nobody_may_approve':
      return ['No approval rule covers this requester and risk.', ASK_OPERATOR];
    case 'vote.challenge_invalid':
      return ['This page was not made for you, this sign-in or this plan.', 'Open the plan again and decide there.'];
    case 'vote.challenge_expired':
      return [
        `The page is older than ${CHALLENGE_LIFETIME_SECONDS / 60} minutes.`,
        'Reload it, look at what it says now, and decide there.',
      ];
    case 'vote.challenge_used':
      return ['A decision was already made from this page.', 'Open the plan to see it.'];
    case 'vote.digest_changed':
      return ['The plan shown on your page is not the stored plan.', 'Reload the page and look at what changed.'];
    case 'vote.not_eligible':
      return [NOT_ELIGIBLE[r.why], 'Ask somebody who may decide.'];
    case 'vote.comment_required':
      return ['A comment is required for this decision.', 'Say why, then decide again.'];
    case 'vote.already_voted':
      return ['You have decided on this plan already.', 'Open the plan to see your decision.'];
    case 'vote.idempotency_conflict':
      return ['The same form was sent before with another content.', 'Reload the page and decide there.'];
    case 'vote.form_not_trusted':
      return [
        'The form did not come from our own page in your sign-in.',
        'Open the plan in this browser and decide there.',
      ];
    case 'vote.passkey_required':
      return ['This decision needs a passkey, which this version cannot ask for.', ASK_OPERATOR];
    case 'release.missing':
      return ['The plan is approved but nobody released it.', 'Call execute_approved_plan.'];
    case 'release.invalid':
      return ['The release of the plan is not validly sealed for it.', REQUEST_ANEW];
    case 'release.not_permitted':
      return [
        'The plan was released by somebody who may not.',
        'The requester, its owner or a named executor must release it.',
      ];
    case 'grant.missing':
      return ['The plan has no grant.', 'A person must approve it in a browser first.'];
    case 'grant.invalid':
      return [`The grant does not authorise this plan (${r.claim}).`, REQUEST_ANEW];
    case 'grant.expired':
      return ['The grant has expired.', REQUEST_ANEW];
    case 'votes.invalid':
      return ['A vote behind the grant is not validly sealed for this plan.', REQUEST_ANEW];
    case 'votes.quorum_missing':
      return [`The valid votes are ${r.have} of ${r.need}.`, 'More approvals are needed.'];
    case 'digest.intent_changed':
      return ['The stored change is not the approved change.', REQUEST_ANEW];
    case 'digest.review_changed':
      return ['The stored review is not the approved review.', REQUEST_ANEW];
    case 'digest.evidence_changed':
      return ['The stored evidence is not the approved evidence.', REQUEST_ANEW];
    case 'digest.chain_changed':
      return ['The stored plan does not agree with its own chain of events.', REQUEST_ANEW];
    case 'deadline.too_close':
      return [`Only ${r.secondsLeft} seconds of the window are left, too few to finish.`, REQUEST_ANEW];
    case 'claim.lost':
      return ['Another executor has taken the plan.', 'Wait for its outcome with get_plan_status.', true];
    case 'claim.target_locked':
      return [`Another plan is changing ${r.target} right now.`, 'Wait for its outcome, then try again.', true];
    case 'claim.lease_running':
      return [`An executor may still be at work until ${r.until}.`, 'Wait for its outcome with get_plan_status.', true];
    case 'cluster.identity_changed':
      return ['The cluster behind this name is not the one that the plan was made for.', ASK_OPERATOR];
    case 'cluster.unreachable':
      return ['The cluster did not answer.', 'Try again in a moment.', true];
    case 'cluster.forbidden':
      return [
        "The cluster refused the deployment's identity.",
        r.rule === undefined
          ? 'Ask an operator to check the RBAC of Countersign.'
          : `Ask an operator to allow it: a rule with ${r.rule} in the role of Countersign's identity.`,
      ];
    case 'guard.missing':
      return [
        `The cluster lacks Countersign's guard policies (${r.policies.join(', ')}).`,
        'Ask an operator to install them from infra/cluster.',
      ];
    case 'guard.changed':
      return ["The cluster's guard policies are not the ones that the plan was made under.", ASK_OPERATOR];
    case 'requester.right_lost':
      return ['The requester no longer has the right to this change.', ASK_OPERATOR];
    case 'dry_run.refused':
      return [`The API server refused the dry run: ${r.reason}.`, 'Correct the change and request it again.'];
    case 'dry_run.unsupported_webhook':
      return [
        'An admission webhook of the cluster does not support dry run.',
        'Ask an operator to declare its side effects.',
      ];
    case 'dry_run.changed':
      return ['The second dry run is not what was approved.', REQUEST_ANEW];
    case 'evidence.hidden_change':
      return [
        'The plan would change a value that must stay hidden from reviewers.',
        'Use a reference to a Secret instead of the value.',
      ];
    case 'fence.lost':
      return ['Another executor has taken the plan over.', 'Wait for its outcome with get_plan_status.', true];
    case 'write.conflict':
      return ['The object kept changing while the plan was being applied.', REQUEST_ANEW];
    case 'write.refused':
      return [`The API server refused the write: ${r.reason}.`, REQUEST_ANEW];
    case 'write.outcome_unknown':
      return [
        'The write may have happened and could not be confirmed.',
        'It is being reconciled; a person decides if that cannot tell.',
      ];
    case 'verification.not_met':
      return [
        `After the change the success criteria were not met: ${r.unmet.slice(0, 3).join('; ')}.`,
        'Look at the object and request a further plan.',
      ];
    case 'internal.unavailable':
      return ['A part of Countersign did not answer.', 'Try again in a moment.', true];
  }
}

const KIND_DENIED = {
  secret: (kind) => [
    `The kind ${kind} holds or hands out credentials and is never shown.`,
    'Refer to it by its name; nothing here needs its content.',
  ],
  policy: (kind) => [`The deployed policy lets nobody read the kind ${kind}.`, ASK_OPERATOR],
  'cluster-scoped': (kind) => [
    `The kind ${kind} belongs to the whole cluster and not to a namespace.`,
    'get_cluster_health tells of nodes and namespaces; for others ask an operator of this deployment.',
  ],
  verbs: (kind) => [`The cluster offers no way to read the kind ${kind}.`, 'Use a kind that get_api_resources lists.'],
} as const satisfies Record<string, (kind: string) => Sentence>;

const NOT_ELIGIBLE = {
  requester: 'You requested this plan; somebody else must decide.',
  owner: 'You own the client that requested this plan; somebody else must decide.',
  group: 'You are not in a group that may decide on this plan.',
  'not-the-requester': 'Only the person who requested this plan may decide on it.',
} as const;
