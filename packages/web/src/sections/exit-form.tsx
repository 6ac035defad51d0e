import type { FC } from 'hono/jsx';

/** Withdraws a plan that has not begun, or takes an approval back. In a form of its own, away from the decision. */
export const ExitForm: FC<{ planId: string; action: 'cancel' | 'revoke'; formToken: string }> = ({
  planId,
  action,
  formToken,
}) => (
  <form method="post" action={`/plans/${planId}/${action}`} class="exit">
    <input type="hidden" name="antiForgery" value={formToken} />
    <button class="quiet" type="submit">
      {action === 'cancel' ? 'Cancel this plan' : 'Revoke the approval'}
    </button>
    <p class="hint">
      {action === 'cancel'
        ? 'Withdraws it for everybody. It cannot be taken back.'
        : 'Stops it before the next step. What was written already stays.'}
    </p>
  </form>
);
