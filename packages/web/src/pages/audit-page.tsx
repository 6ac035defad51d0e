/** The audit page: what happened to recent plans, newest first. The proof is the chain and the bundle; this is for reading. */
import type { FC } from 'hono/jsx';
import { Instant } from '../parts/instant.tsx';
import { type Frame, Layout } from '../parts/layout.tsx';
import { Title } from '../parts/title.tsx';
import { Code, Untrusted } from '../parts/untrusted.tsx';
import type { AuditEntry, AuditTrail } from '../plan/audit-trail.ts';
import { statusWords } from '../plan/plan-status.ts';
import { planTitle, plural } from '../plan/plan-title.ts';

export const AuditPage: FC<{ trail: AuditTrail; frame: Frame; now: Date }> = ({ trail, frame, now }) => (
  <Layout title="Audit" frame={frame} place="/audit">
    <main id="main">
      <h1>Audit</h1>
      <p class="lead">
        {trail.entries.length} {plural(trail.entries.length, 'event')} of {trail.plans} recent{' '}
        {plural(trail.plans, 'plan')} that you may see, newest first. Each plan’s events form a chain in which every
        event carries the hash of the one before.
        {trail.cut ? ' Older ones are on the plans’ own pages.' : ''}
      </p>
      {trail.broken.map((planId) => (
        <p class="note stop">
          <strong>The chain of a plan is broken:</strong>{' '}
          <a href={`/plans/${planId}`}>
            <Code text={planId} />
          </a>
        </p>
      ))}
      {trail.entries.length === 0 ? (
        <p class="empty">No plan that you may see has happened yet.</p>
      ) : (
        <table class="events-table">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">What</th>
              <th scope="col">Plan</th>
              <th scope="col">By</th>
              <th scope="col">Status then</th>
            </tr>
          </thead>
          <tbody>
            {trail.entries.map((event) => (
              <Row event={event} now={now} />
            ))}
          </tbody>
        </table>
      )}
    </main>
  </Layout>
);

const Row: FC<{ event: AuditEntry; now: Date }> = ({ event: { listed, entry, actor }, now }) => (
  <tr>
    <td class="t">
      <Instant at={entry.at} now={now} precision="seconds" />
    </td>
    <td>
      <strong>{entry.what}</strong>
    </td>
    <td>
      <a href={`/plans/${listed.plan.planId}`}>
        <Title parts={planTitle(listed.intent, null)} />
      </a>
    </td>
    <td>
      <Untrusted text={actor} />
    </td>
    <td>{statusWords(entry.status, listed.review.releaseMode).label}</td>
  </tr>
);
