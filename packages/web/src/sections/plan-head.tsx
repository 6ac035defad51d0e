import type { FC } from 'hono/jsx';
import { NAME_CHARACTERS_MAX } from '../limits.ts';
import { Instant } from '../parts/instant.tsx';
import { Risk, StatusPill } from '../parts/pill.tsx';
import { Title } from '../parts/title.tsx';
import { Untrusted } from '../parts/untrusted.tsx';
import { kindBeside } from '../plan/actor-names.ts';
import { isApprovedByVotes, type PlanView, waitsForDecision } from '../plan/look-up-plan.ts';
import { statusWords } from '../plan/plan-status.ts';
import { planPlace, planTitle } from '../plan/plan-title.ts';
import { distanceText } from '../text/instants.ts';
import { visibleLine } from '../text/visible-text.ts';

/** Where, what, how risky, until when, who asked: all from the typed operation and the review document. */
export const PlanHead: FC<{ view: PlanView; now: Date }> = ({ view, now }) => {
  const { opened, records } = view;
  const { review } = opened;
  const { notAfter } = review.window;
  const words = statusWords(records.plan.status, review.releaseMode);
  const mine = waitsForDecision(view, now);
  const pending = records.plan.status === 'pending';
  return (
    <>
      <p class="crumb">
        <Untrusted text={planPlace(opened.intent).join(' / ')} />
      </p>
      <h1>
        <Title parts={planTitle(opened.intent, opened.evidence)} />
      </h1>
      <div class="facts">
        <StatusPill
          status={records.plan.status}
          tone={words.tone}
          label={pending ? pendingLabel(view, mine, now) : words.label}
        />
        <span>
          <Risk tier={review.riskTier} />
          {review.riskReasons.length === 0 ? null : (
            <>
              : <Untrusted text={review.riskReasons.join(', ')} />
            </>
          )}
        </span>
        <span>
          {pending ? 'Decide before ' : 'Window until '}
          <strong>
            <Instant at={notAfter} now={now} local="beside" />
          </strong>
          {pending ? ` (${now.toISOString() < notAfter ? distanceText(notAfter, now) : 'over'})` : ''}
        </span>
        <span>
          Asked by <strong>{visibleLine(review.requester.display, 'prose', NAME_CHARACTERS_MAX)}</strong>
          {kindBeside(review.requester)}
          {review.anomaly === null ? null : (
            <>
              {' '}
              for{' '}
              <a href={`/anomalies#${review.anomaly}`}>
                {view.anomaly === null ? 'an anomaly' : visibleLine(view.anomaly.summary, 'prose', NAME_CHARACTERS_MAX)}
              </a>
            </>
          )}
        </span>
      </div>
      {pending ? null : <p class="meaning">{words.meaning}</p>}
      {mine ? (
        <a class="jump" href="#decision">
          Go to the decision
        </a>
      ) : null}
    </>
  );
};

function pendingLabel(view: PlanView, mine: boolean, now: Date): string {
  if (mine) return 'Waiting for your decision';
  if (now.toISOString() >= view.opened.review.window.notAfter) return 'Pending: its window is over';
  if (isApprovedByVotes(view)) return 'Pending: approved, the grant is being signed';
  return view.tally.votes.length > 0 ? 'Pending: waiting for more approvals' : 'Pending: waiting for a decision';
}
