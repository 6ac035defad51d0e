/** The inbox: what waits for this person first, by deadline; then what is under way; then what is over. */
import type { FC } from 'hono/jsx';
import { NAME_CHARACTERS_MAX } from '../limits.ts';
import { Instant } from '../parts/instant.tsx';
import { type Frame, Layout } from '../parts/layout.tsx';
import { Pill, Risk } from '../parts/pill.tsx';
import { Title } from '../parts/title.tsx';
import { Code } from '../parts/untrusted.tsx';
import { kindBeside } from '../plan/actor-names.ts';
import type { Inbox, ListedPlan } from '../plan/inbox.ts';
import { statusWords } from '../plan/plan-status.ts';
import { planPlace, planTitle } from '../plan/plan-title.ts';
import { distanceText, durationText } from '../text/instants.ts';
import { visibleLine } from '../text/visible-text.ts';

export const InboxPage: FC<{ inbox: Inbox; frame: Frame; now: Date }> = ({ inbox, frame, now }) => {
  const { waiting, open, recent } = inbox;
  return (
    <Layout title={waiting.length === 0 ? 'Inbox' : `Inbox (${waiting.length})`} frame={frame} place="/">
      <main id="main">
        <h1>Inbox</h1>
        <p class="lead">
          Changes that agents and people ask for. Nothing here happens before somebody who may decide has approved it.
        </p>
        {inbox.damaged.map((planId) => (
          <p class="note stop">
            <strong>A stored plan cannot be trusted.</strong>{' '}
            <a href={`/plans/${planId}`}>
              <Code text={planId} />
            </a>
          </p>
        ))}
        <section aria-labelledby="h-waiting">
          <h2 id="h-waiting">
            Waiting for you <small>{waiting.length === 0 ? '' : 'nearest deadline first'}</small>
          </h2>
          {waiting.length === 0 ? (
            <p class="empty">Nothing waits for your decision.</p>
          ) : (
            <Rows plans={waiting} now={now} />
          )}
        </section>
        {open.length === 0 ? null : (
          <section aria-labelledby="h-open">
            <h2 id="h-open">
              Under way <small>not waiting for you</small>
            </h2>
            <Rows plans={open} now={now} />
            {inbox.cut ? <p class="hint">There are more open plans than are listed here.</p> : null}
          </section>
        )}
        {recent.length === 0 ? null : (
          <section aria-labelledby="h-recent">
            <h2 id="h-recent">Recent</h2>
            <Rows plans={recent} now={now} />
          </section>
        )}
      </main>
    </Layout>
  );
};

const Rows: FC<{ plans: readonly ListedPlan[]; now: Date }> = ({ plans, now }) => (
  <ul class="rows">
    {plans.map((listed) => (
      <Row listed={listed} now={now} />
    ))}
  </ul>
);

const Row: FC<{ listed: ListedPlan; now: Date }> = ({ listed, now }) => {
  const { plan, review, intent, mine } = listed;
  const words = statusWords(plan.status, review.releaseMode);
  const { notAfter } = review.window;
  const open = plan.status === 'pending' || plan.status === 'approved';
  return (
    <li class={mine ? 'row mine' : 'row'}>
      <div>
        <p class="crumb">{visibleLine(planPlace(intent).join(' / '), 'code', 120)}</p>
        <h3>
          <a href={`/plans/${plan.planId}`}>
            <Title parts={planTitle(intent, null)} />
          </a>
        </h3>
        <p>
          <Risk tier={review.riskTier} /> · asked by{' '}
          {visibleLine(review.requester.display, 'prose', NAME_CHARACTERS_MAX)}
          {kindBeside(review.requester)} {distanceText(plan.createdAt, now)}
        </p>
      </div>
      <div class="side">
        {mine ? (
          <strong>{durationText((Date.parse(notAfter) - now.getTime()) / 1000)} left</strong>
        ) : (
          <Pill tone={words.tone} label={words.label} />
        )}
        {open ? (
          <span>
            {mine ? 'decide before ' : 'until '}
            <Instant at={notAfter} now={now} local="beside" />
          </span>
        ) : (
          <span>{distanceText(plan.updatedAt, now)}</span>
        )}
      </div>
    </li>
  );
};
