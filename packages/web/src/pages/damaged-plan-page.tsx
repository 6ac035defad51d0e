import { publicRefusal, type Refusal } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { type Frame, Layout } from '../parts/layout.tsx';
import { StatusPill } from '../parts/pill.tsx';
import { Code } from '../parts/untrusted.tsx';
import type { DamagedPlan } from '../plan/look-up-plan.ts';
import { statusWords } from '../plan/plan-status.ts';
import { TimelineSection } from '../sections/timeline-section.tsx';

/** A plan whose stored bytes and digests disagree. Nothing of its content is shown: nobody knows whose content it is. */
export const DamagedPlanPage: FC<{
  planId: string;
  refusal: Refusal;
  stored: DamagedPlan | null;
  frame: Frame;
  now: Date;
}> = ({ planId, refusal, stored, frame, now }) => {
  const said = publicRefusal(refusal);
  return (
    <Layout title="Damaged plan" frame={frame}>
      <main id="main">
        <div class="note stop" role="alert">
          <p>
            <strong>{said.message}</strong> <span class="hint mono">{said.code}</span>
          </p>
          <p>
            The stored record was changed after it was made. Nobody can decide on it, and it is not run. Tell your
            security team.
          </p>
        </div>
        <h1>
          Plan <Code text={planId} />
        </h1>
        {stored === null ? null : <Stored stored={stored} now={now} />}
      </main>
    </Layout>
  );
};

const Stored: FC<{ stored: DamagedPlan; now: Date }> = ({ stored, now }) => {
  const { status } = stored.plan;
  const words = statusWords(status, null);
  return (
    <>
      <p class="facts">
        <StatusPill status={status} tone={words.tone} label={words.label} />
      </p>
      <TimelineSection timeline={stored.timeline} names={stored.names} now={now} folded={false} />
    </>
  );
};
