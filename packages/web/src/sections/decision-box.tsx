/**
 * The decision. Deny and Approve are equally easy; neither is the default and neither has the focus: the form's first submit button is a
 * disabled one, and by the HTML standard an Enter that finds it submits nothing.
 */
import { type ApprovalRule, COMMENT_CHARACTERS_MAX } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Code } from '../parts/untrusted.tsx';
import type { PlanView } from '../plan/look-up-plan.ts';
import { DigestBox } from './digest-box.tsx';
import { Quorum } from './quorum.tsx';

export interface DecisionForm {
  readonly challenge: string;
  readonly idempotencyKey: string;
  readonly antiForgery: string;
  /** What was typed before a refusal: nothing is lost. */
  readonly comment: string;
  readonly confirmTarget: string;
}

/** What a person types to approve a high risk: the object's name, so that the hand cannot be faster than the eye. Of several, the one that goes. */
export function confirmationOf(view: PlanView): string | null {
  const { review, intent } = view.opened;
  const target = (intent.steps.find(({ operation }) => operation.type === 'delete') ?? intent.steps[0])?.target;
  return review.riskTier === 'high' && target !== undefined ? `${target.namespace}/${target.name}` : null;
}

export const DecisionBox: FC<{ view: PlanView; rule: ApprovalRule; form: DecisionForm }> = ({ view, rule, form }) => {
  const { opened } = view;
  const forbidden = whyNotApprove(view, rule);
  const confirmation = confirmationOf(view);
  return (
    <form class="box" id="decision" method="post" action={`/plans/${opened.plan.planId}/decision`}>
      <button type="submit" disabled hidden />
      <DigestBox digest={opened.reviewDigest} />
      <Quorum view={view} />
      <input type="hidden" name="challenge" value={form.challenge} />
      <input type="hidden" name="reviewDigest" value={opened.reviewDigest} />
      <input type="hidden" name="idempotencyKey" value={form.idempotencyKey} />
      <input type="hidden" name="antiForgery" value={form.antiForgery} />
      <div class="field">
        <label for="comment">Comment</label>
        <textarea
          id="comment"
          name="comment"
          maxlength={COMMENT_CHARACTERS_MAX}
          rows={3}
          aria-describedby="comment-hint"
        >
          {form.comment}
        </textarea>
        <p class="hint" id="comment-hint">
          {rule.commentOnApprove ? 'Required. Say why.' : 'Required when you deny.'}
        </p>
      </div>
      {confirmation === null ? null : (
        <div class="field">
          <label for="confirm">
            To approve this high risk, type <Code text={confirmation} />
          </label>
          <input
            id="confirm"
            name="confirmTarget"
            type="text"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={form.confirmTarget}
          />
        </div>
      )}
      <div class="acts">
        <button class="deny" type="submit" name="decision" value="deny">
          Deny
        </button>
        <button
          class="approve"
          type="submit"
          name="decision"
          value="approve"
          {...(forbidden === null ? {} : { disabled: true, 'aria-describedby': 'forbidden' })}
        >
          Approve
        </button>
      </div>
      {forbidden === null ? (
        <p class="hint">
          Your decision is sealed over this digest. The plan runs once at most, and only if nothing has changed.
        </p>
      ) : (
        <p class="stop" id="forbidden">
          {forbidden}
        </p>
      )}
    </form>
  );
};

/** The button is a courtesy: the core refuses the same votes. */
function whyNotApprove(view: PlanView, rule: ApprovalRule): string | null {
  if (view.opened.evidence.findings.some((finding) => finding.severity === 'deny')) {
    return 'A rule of the policy denies this change. Nobody can approve it.';
  }
  if (rule.passkey) return 'Approving this needs a passkey, which this version cannot ask for yet.';
  return null;
}
