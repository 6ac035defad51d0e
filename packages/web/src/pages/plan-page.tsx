/** One plan: the review page while it waits for this very person, else the status page. The same sections; what matters now comes first. */
import type { PublicRefusal } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { type Frame, Layout } from '../parts/layout.tsx';
import { isApprovedByVotes, type PlanView } from '../plan/look-up-plan.ts';
import { IN_MOTION, statusWords } from '../plan/plan-status.ts';
import { planTitle, titleText } from '../plan/plan-title.ts';
import { progressOf } from '../plan/progress.ts';
import { AfterwardsSection } from '../sections/afterwards-section.tsx';
import { BoundSection } from '../sections/bound-section.tsx';
import { ChangeSection } from '../sections/change-section.tsx';
import { ClaimSection } from '../sections/claim-section.tsx';
import { DecisionBox, type DecisionForm } from '../sections/decision-box.tsx';
import { ExitForm } from '../sections/exit-form.tsx';
import { LiveFreshness } from '../sections/live-freshness.tsx';
import { OutcomeSection } from '../sections/outcome-section.tsx';
import { PlanHead } from '../sections/plan-head.tsx';
import { ProgressPath } from '../sections/progress-path.tsx';
import { ProofSection } from '../sections/proof-section.tsx';
import { SettleForms } from '../sections/settle-forms.tsx';
import { StandingBox } from '../sections/standing-box.tsx';
import { TimelineSection } from '../sections/timeline-section.tsx';
import { TouchSection } from '../sections/touch-section.tsx';
import { VotesSection } from '../sections/votes-section.tsx';
import { visibleLine } from '../text/visible-text.ts';
import type { PlanPolicy } from './plan-policy.ts';

/** Tokens of the other forms on the page; null where this person may not use them now. */
export interface PlanForms {
  readonly decision: DecisionForm | null;
  readonly lookAgain: string;
  readonly settle: { readonly written: string; readonly notWritten: string } | null;
  readonly exit: { readonly action: 'cancel' | 'revoke'; readonly token: string } | null;
}

export const PlanPage: FC<{
  view: PlanView;
  policy: PlanPolicy;
  forms: PlanForms;
  refusal: PublicRefusal | null;
  etag: string;
  frame: Frame;
  now: Date;
}> = ({ view, policy, forms, refusal, etag, frame, now }) => {
  const { opened, records, standing } = view;
  const { planId, status } = records.plan;
  const title = visibleLine(titleText(planTitle(opened.intent, opened.evidence)), 'code', 200);
  const open = status === 'pending' || status === 'approved';
  const moving = IN_MOTION.includes(status) || isApprovedByVotes(view);
  const deciding = forms.decision !== null && standing.decide.ok;
  const timeline = <TimelineSection timeline={view.timeline} names={view.names} now={now} folded={deciding} />;
  return (
    <Layout
      title={title}
      frame={frame}
      {...(deciding ? { skipTo: { href: '#decision', label: 'Skip to the decision' } } : {})}
    >
      <main
        id="main"
        class="two"
        data-watch={`/api/plans/${planId}`}
        data-etag={etag}
        data-motion={moving ? 'reload' : 'notify'}
      >
        {refusal === null ? null : <RefusalNote refusal={refusal} />}
        <p class="note warn" data-moved="" hidden>
          <strong>There is news on this plan.</strong> <a href={`/plans/${planId}`}>Show it as it is now</a>
        </p>
        <div class="head">
          <PlanHead view={view} now={now} />
          {deciding ? null : (
            <ProgressPath
              stations={progressOf(view.timeline.entries, status, opened.review.releaseMode)}
              statusLabel={statusWords(status, opened.review.releaseMode).label}
              now={now}
            />
          )}
        </div>
        <div>
          {deciding ? null : <OutcomeSection view={view} now={now} />}
          <VotesSection tally={view.tally} names={view.names} now={now} />
          {deciding ? null : timeline}
          <ChangeSection opened={opened}>
            <LiveFreshness
              planId={planId}
              freshness={view.freshness}
              now={now}
              formToken={forms.lookAgain}
              open={open}
            />
          </ChangeSection>
          <TouchSection evidence={opened.evidence} />
          <ProofSection opened={opened} policy={policy} now={now} />
          <AfterwardsSection opened={opened} />
          <BoundSection opened={opened} policy={policy} />
          {deciding ? timeline : null}
          <ClaimSection review={opened.review} />
        </div>
        <aside class="aside" aria-label="Decision">
          <div class="stick">
            {deciding && forms.decision !== null && standing.decide.ok ? (
              <DecisionBox view={view} rule={standing.decide.value} form={forms.decision} />
            ) : (
              <StandingBox view={view} now={now} />
            )}
            {forms.settle === null ? null : <SettleForms planId={planId} tokens={forms.settle} />}
            {forms.exit === null ? null : (
              <ExitForm planId={planId} action={forms.exit.action} formToken={forms.exit.token} />
            )}
          </div>
        </aside>
      </main>
    </Layout>
  );
};

/** Announced at once, and first on the page: what was refused, and what to do. */
const RefusalNote: FC<{ refusal: PublicRefusal }> = ({ refusal }) => (
  <div class="note stop" role="alert">
    <p>
      <strong>{refusal.message}</strong>
    </p>
    <p>
      {refusal.next} <span class="hint mono">{refusal.code}</span>
    </p>
  </div>
);
