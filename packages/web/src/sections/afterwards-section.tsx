/** Afterwards: by what it will be judged, and what could undo it. Both are part of what is approved. */
import type { OpenedPlan, SuccessCriterion } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Item } from '../parts/item.tsx';
import { Code, Untrusted } from '../parts/untrusted.tsx';
import { plural } from '../plan/plan-title.ts';
import { durationText } from '../text/instants.ts';

export const AfterwardsSection: FC<{ opened: OpenedPlan }> = ({ opened }) => {
  const { evidence, review } = opened;
  const { all, withinSeconds } = evidence.successCriteria;
  return (
    <section aria-labelledby="h-after">
      <h2 id="h-after">Afterwards</h2>
      <ul class="items">
        <Item tone="next">
          {review.releaseMode === 'immediate'
            ? 'It runs as soon as it is approved'
            : 'Approving does not start it: the one who asked for it still has to release it, within the window'}
        </Item>
        <Item tone="next">
          It worked when, within <strong>{durationText(withinSeconds)}</strong>,{' '}
          {all.length === 0 ? 'the write is confirmed' : null}
          {all.map((criterion, at) => (
            <>
              {at === 0 ? '' : at === all.length - 1 ? ' and ' : ', '}
              <Criterion criterion={criterion} opened={opened} />
            </>
          ))}
          . You approve these criteria too
        </Item>
        <Item tone="undo">
          {evidence.undo.steps === null ? 'No undo is prepared: ' : 'Undo is prepared: '}
          <Untrusted text={evidence.undo.message} />
        </Item>
      </ul>
    </section>
  );
};

const Criterion: FC<{ criterion: SuccessCriterion; opened: OpenedPlan }> = ({ criterion, opened }) => {
  switch (criterion.type) {
    case 'rollout':
      return (
        <>
          <strong>
            {criterion.replicas} of {criterion.replicas}
          </strong>{' '}
          {plural(criterion.replicas, 'pod')} of <Code text={nameOf(opened, criterion.step)} /> are updated and ready
        </>
      );
    case 'endpoints':
      return (
        <>
          Service <Code text={criterion.service} /> has at least{' '}
          <strong>
            {criterion.readyMin} ready {plural(criterion.readyMin, 'endpoint')}
          </strong>
        </>
      );
    case 'present':
      return (
        <>
          <Code text={nameOf(opened, criterion.step)} /> is there
        </>
      );
    case 'absent':
      return (
        <>
          <Code text={nameOf(opened, criterion.step)} /> is gone
        </>
      );
  }
};

const nameOf = ({ intent }: OpenedPlan, step: number): string => intent.steps[step - 1]?.target.name ?? '?';
