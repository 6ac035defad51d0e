import type { FC } from 'hono/jsx';
import { FACT_CHARACTERS_MAX } from '../limits.ts';
import { Instant } from '../parts/instant.tsx';
import { Untrusted } from '../parts/untrusted.tsx';
import type { ActorNames } from '../plan/actor-names.ts';
import type { Timeline, TimelineEntry } from '../plan/timeline.ts';
import { visibleLine } from '../text/visible-text.ts';

/** The plan chain, oldest first, with its own verdict on whether it is whole. */
export const TimelineSection: FC<{ timeline: Timeline; names: ActorNames; now: Date }> = ({ timeline, names, now }) => (
  <section aria-labelledby="h-timeline">
    <h2 id="h-timeline">
      Timeline{' '}
      <small>
        {timeline.brokenAt === null
          ? `${timeline.entries.length} events, each carrying the hash of the one before; the chain is whole`
          : 'the chain is broken'}
      </small>
    </h2>
    {timeline.brokenAt === null ? null : (
      <div class="note stop">
        <p>
          <strong>Event {timeline.brokenAt} does not follow from the one before it.</strong> The record was changed
          after it was written. Tell your security team.
        </p>
      </div>
    )}
    <ol class="events">
      {timeline.entries.map((entry) => (
        <li>
          <strong>{entry.what}</strong>
          <p>
            <Instant at={entry.at} now={now} precision="seconds" /> · <Untrusted text={names(entry.actor)} />
          </p>
          <Facts entry={entry} />
        </li>
      ))}
    </ol>
  </section>
);

const Facts: FC<{ entry: TimelineEntry }> = ({ entry }) =>
  entry.facts.length === 0 ? null : (
    <p class="facts-line">
      {entry.facts.map((fact) => visibleLine(`${fact.name} ${fact.value}`, 'prose', FACT_CHARACTERS_MAX)).join(' · ')}
    </p>
  );
