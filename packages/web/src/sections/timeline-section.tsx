import type { FC } from 'hono/jsx';
import { FACT_CHARACTERS_MAX } from '../limits.ts';
import { Instant } from '../parts/instant.tsx';
import { Untrusted } from '../parts/untrusted.tsx';
import type { ActorNames } from '../plan/actor-names.ts';
import { plural } from '../plan/plan-title.ts';
import type { Timeline, TimelineEntry } from '../plan/timeline.ts';
import { visibleLine } from '../text/visible-text.ts';

interface TimelineProps {
  readonly timeline: Timeline;
  readonly names: ActorNames;
  readonly now: Date;
}

/** The plan chain, oldest first, with its own verdict on whether it is whole. `folded` where something else matters more. */
export const TimelineSection: FC<TimelineProps & { folded: boolean }> = ({ timeline, names, now, folded }) => {
  const broken = timeline.brokenAt !== null;
  const count = `${timeline.entries.length} ${plural(timeline.entries.length, 'event')}`;
  const summary = `${count}, ${broken ? 'hash chain broken' : 'hash chain whole'}`;
  const events = <Events timeline={timeline} names={names} now={now} />;
  return (
    <section aria-labelledby="h-timeline">
      <h2 id="h-timeline">Timeline {folded ? null : <small>{summary}</small>}</h2>
      {broken ? (
        <div class="note stop">
          <p>
            <strong>Event {timeline.brokenAt} does not follow from the one before it.</strong> The record was changed
            after it was written. Tell your security team.
          </p>
        </div>
      ) : null}
      {folded ? (
        <details open={broken}>
          <summary>{summary}</summary>
          {events}
        </details>
      ) : (
        events
      )}
    </section>
  );
};

const Events: FC<TimelineProps> = ({ timeline, names, now }) => (
  <ol class="events">
    {timeline.entries.map((entry) => (
      <li>
        <strong>{entry.what}</strong>
        <p>
          <Instant at={entry.at} now={now} precision="seconds" /> · <Untrusted text={names(entry.actor)} />
          <Facts entry={entry} />
        </p>
      </li>
    ))}
  </ol>
);

const Facts: FC<{ entry: TimelineEntry }> = ({ entry }) => (
  <>{entry.facts.map(({ name, value }) => ` · ${visibleLine(`${name} ${value}`, 'prose', FACT_CHARACTERS_MAX)}`)}</>
);
