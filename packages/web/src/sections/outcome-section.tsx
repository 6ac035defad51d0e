import type { Plan, StepRecord } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Instant } from '../parts/instant.tsx';
import { Item, type ItemTone } from '../parts/item.tsx';
import { Code, Untrusted } from '../parts/untrusted.tsx';
import type { PlanView } from '../plan/look-up-plan.ts';

/** What came of it: the reason of an end that was no success, and each step as it was recorded before and after its write. */
export const OutcomeSection: FC<{ view: PlanView; now: Date }> = ({ view, now }) => {
  const { plan, steps } = view.records;
  if (plan.reason === null && steps.length === 0 && plan.revocation === null) return null;
  return (
    <section aria-labelledby="h-outcome">
      <h2 id="h-outcome">Outcome</h2>
      <ul class="items">
        <Reason plan={plan} />
        {plan.revocation === null ? null : (
          <Item tone="warn">
            Revoked by <Untrusted text={view.names(plan.revocation.by)} /> at{' '}
            <Instant at={plan.revocation.at} now={now} precision="seconds" />
          </Item>
        )}
        {steps.map((step) => (
          <StepOutcome step={step} view={view} now={now} />
        ))}
      </ul>
    </section>
  );
};

const Reason: FC<{ plan: Plan }> = ({ plan }) =>
  plan.reason === null ? null : (
    <Item tone="warn">
      <Untrusted text={plan.reason.detail} /> <Code text={plan.reason.code} />
    </Item>
  );

const STATES: Readonly<Record<StepRecord['state'], readonly [tone: ItemTone, text: string]>> = {
  started: ['next', 'was begun'],
  written: ['ok', 'was written'],
  'not-written': ['info', 'was not written'],
  unknown: ['warn', 'may have been written; it could not be confirmed'],
};

const StepOutcome: FC<{ step: StepRecord; view: PlanView; now: Date }> = ({ step, view, now }) => {
  const target = view.opened.intent.steps[step.step - 1]?.target;
  const [tone, text] = STATES[step.state];
  return (
    <Item tone={step.asApproved === false ? 'bad' : tone}>
      Step {step.step}, {target?.kind} <Code text={`${target?.namespace ?? '?'}/${target?.name ?? '?'}`} />, {text} (
      <Instant at={step.settledAt ?? step.startedAt} now={now} precision="seconds" />)
      {step.asApproved === false ? (
        <strong>. The cluster stored something else than the dry run had promised</strong>
      ) : null}
    </Item>
  );
};
