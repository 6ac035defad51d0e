/** The box beside a plan on which this person decides nothing now: what exactly it was, how far the votes are, and why. */
import { publicRefusal } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import type { PlanView } from '../plan/look-up-plan.ts';
import { DigestBox } from './digest-box.tsx';
import { Quorum } from './quorum.tsx';

export const StandingBox: FC<{ view: PlanView; now: Date }> = ({ view, now }) => (
  <div class="box">
    <DigestBox digest={view.opened.reviewDigest} />
    <Quorum view={view} />
    <p class="hint">{standingText(view, now)}</p>
  </div>
);

function standingText(view: PlanView, now: Date): string {
  const { standing, records, opened } = view;
  const own =
    standing.ownVote === null
      ? null
      : standing.ownVote.decision === 'approve'
        ? 'You approved this plan.'
        : 'You denied this plan.';
  if (records.plan.status !== 'pending') return own ?? 'A decision is no longer possible.';
  if (own !== null) return `${own} One person has one vote.`;
  if (now.toISOString() >= opened.review.window.notAfter)
    return 'Its window is over; a decision is no longer possible.';
  return standing.decide.ok ? '' : publicRefusal(standing.decide.refusal).message;
}
