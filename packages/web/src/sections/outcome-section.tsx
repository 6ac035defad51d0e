import { type Plan, type StepOutcome, type StepResult, stepOutcomes } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Instant } from '../parts/instant.tsx';
import { Item, type ItemTone } from '../parts/item.tsx';
import { Code, Untrusted } from '../parts/untrusted.tsx';
import type { PlanView } from '../plan/look-up-plan.ts';

/** What came of it: the reason of an end that was no success, and every step, those that did not run among them. */
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
        {stepOutcomes(plan, view.opened.intent.steps.length, steps).map((outcome) => (
          <OneStep outcome={outcome} view={view} now={now} />
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

const RESULTS: Readonly<Record<StepResult, readonly [tone: ItemTone, text: string]>> = {
  waiting: ['info', 'waits'],
  running: ['next', 'was begun'],
  written: ['ok', 'was written'],
  written_otherwise: ['bad', 'was written'],
  refused: ['warn', 'was refused before its write'],
  not_run: ['info', 'was not run'],
  unknown: ['warn', 'may have been written; it could not be confirmed'],
};

const OneStep: FC<{ outcome: StepOutcome; view: PlanView; now: Date }> = ({ outcome, view, now }) => {
  const target = view.opened.intent.steps[outcome.step - 1]?.target;
  const record = view.records.steps.find(({ step }) => step === outcome.step);
  const [tone, text] = RESULTS[outcome.result];
  return (
    <Item tone={tone}>
      Step {outcome.step}, {target?.kind} <Code text={`${target?.namespace ?? '?'}/${target?.name ?? '?'}`} />, {text}
      {record === undefined || outcome.result === 'refused' ? null : (
        <>
          {' '}
          (<Instant at={record.settledAt ?? record.startedAt} now={now} precision="seconds" />)
        </>
      )}
      {outcome.result === 'written_otherwise' ? (
        <strong>. The cluster stored something else than the dry run had promised</strong>
      ) : null}
    </Item>
  );
};
