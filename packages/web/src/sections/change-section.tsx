/** What changes: field by field from the dry run's own bytes, the raw diff behind it, and what nobody could classify named as such. */
import type { Change, ObjectDiff, OpenedPlan, Step } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { RAW_DIFF_CHARACTERS_MAX } from '../limits.ts';
import { Code, Untrusted } from '../parts/untrusted.tsx';
import { plural } from '../plan/plan-title.ts';

const MEANT: readonly Change['meaning'][] = ['requested', 'unclassified', 'consequence'];

export const ChangeSection: FC<{ opened: OpenedPlan }> = ({ opened }) => {
  const { intent, evidence, review } = opened;
  const changes = evidence.diff.flatMap((diff) => diff.changes);
  const uninspected = changes.filter((change) => change.meaning === 'unclassified');
  return (
    <section aria-labelledby="h-change">
      <h2 id="h-change">
        What changes <small>{summaryOf(intent.steps.length, changes)}</small>
      </h2>
      {uninspected.length === 0 ? null : (
        <div class="note stop">
          <p>
            <strong>NOT INSPECTED: {`${uninspected.length} ${plural(uninspected.length, 'path')}`}.</strong> No rule of
            ours understands {uninspected.length === 1 ? 'it' : 'them'}. Read {uninspected.length === 1 ? 'it' : 'them'}{' '}
            yourself before you decide.
          </p>
        </div>
      )}
      {intent.steps.map((step, at) => {
        const generation = review.freshness.find((entry) => entry.step === at + 1)?.generation ?? null;
        return (
          <ObjectChange step={step} diff={evidence.diff.find((diff) => diff.step === at + 1)} generation={generation} />
        );
      })}
      <RawDiffs opened={opened} />
    </section>
  );
};

const ObjectChange: FC<{ step: Step; diff: ObjectDiff | undefined; generation: number | null }> = ({
  step,
  diff,
  generation,
}) => {
  const { target } = step;
  const shown = MEANT.flatMap((meaning) => (diff?.changes ?? []).filter((change) => change.meaning === meaning));
  const marks = (diff?.changes ?? []).filter((change) => change.meaning === 'mark');
  return (
    <div class="change">
      <div class="obj">
        <h3>
          {target.kind} <Code text={`${target.namespace}/${target.name}`} />
        </h3>
        {generation === null ? null : <span class="hint">made for generation {generation}</span>}
      </div>
      {shown.length === 0 ? (
        <p class="own">No field of the object itself changes.</p>
      ) : (
        <dl class="fields">
          {shown.map((change) => (
            <ChangedField change={change} />
          ))}
        </dl>
      )}
      {marks.length === 0 ? null : (
        <p class="own">
          And Countersign’s own mark, which says in the cluster which plan wrote:{' '}
          {marks.map((mark) => (
            <Code text={mark.label} />
          ))}
        </p>
      )}
    </div>
  );
};

const ChangedField: FC<{ change: Change }> = ({ change }) => (
  <div>
    <dt>
      <Code text={change.label} />
      {change.meaning === 'consequence' ? <span class="flag hint">follows from the request</span> : null}
      {change.meaning === 'unclassified' ? (
        <span class="flag stop">
          <strong>NOT INSPECTED</strong> <Code text={change.path} />
        </span>
      ) : null}
    </dt>
    <dd>
      {change.kind === 'added' ? <span class="hint">added </span> : <Value text={change.from} side="from" />}
      {change.kind === 'removed' ? (
        <span class="hint"> removed</span>
      ) : (
        <>
          {change.kind === 'changed' ? (
            <>
              {' '}
              <span aria-hidden="true">→</span>
              <span class="sr">becomes</span>{' '}
            </>
          ) : null}
          <Value text={change.to} side="to" />
        </>
      )}
    </dd>
  </div>
);

const Value: FC<{ text: string | null; side: 'from' | 'to' }> = ({ text, side }) => {
  const value = text === null ? <em>nothing</em> : <Code text={text} />;
  return side === 'from' ? <del class="from">{value}</del> : <ins class="to">{value}</ins>;
};

/** Line by line; what does not fit into the page is named and one link away, never silently cut (acceptance 18). */
const RawDiffs: FC<{ opened: OpenedPlan }> = ({ opened }) => {
  const whole = rawDiffText(opened);
  const shown = whole.slice(0, RAW_DIFF_CHARACTERS_MAX);
  const lines = shown.split('\n');
  return (
    <details>
      <summary>
        Raw diff, {whole.split('\n').length} {plural(whole.split('\n').length, 'line')}
      </summary>
      <pre tabindex={0}>
        {lines.map((line) => (
          <span {...(line.startsWith('+') ? { class: 'a' } : line.startsWith('-') ? { class: 'd' } : {})}>
            <Untrusted text={line === '' ? ' ' : line} />
          </span>
        ))}
      </pre>
      {shown.length === whole.length ? null : (
        <p class="stop">
          <strong>NOT SHOWN HERE: the last {whole.length - shown.length} characters.</strong>{' '}
          <a href={`/plans/${opened.plan.planId}/diff`}>The whole raw diff as text</a>
        </p>
      )}
    </details>
  );
};

/** Every object's raw diff in one text. */
export function rawDiffText({ intent, evidence }: Pick<OpenedPlan, 'intent' | 'evidence'>): string {
  const [only, ...more] = evidence.diff;
  if (only !== undefined && more.length === 0) return only.raw.trimEnd();
  return evidence.diff
    .map((diff) => {
      const target = intent.steps[diff.step - 1]?.target;
      return `# step ${diff.step}: ${target?.kind ?? '?'} ${target?.namespace ?? '?'}/${target?.name ?? '?'}\n${diff.raw.trimEnd()}`;
    })
    .join('\n\n');
}

function summaryOf(objects: number, changes: readonly Change[]): string {
  const of = (...meanings: readonly Change['meaning'][]): number =>
    changes.filter((change) => meanings.includes(change.meaning)).length;
  const [fields, consequences] = [of('requested', 'unclassified'), of('consequence')];
  const parts = [
    `${objects} ${plural(objects, 'object')}`,
    `${fields} ${plural(fields, 'field')}`,
    ...(consequences === 0 ? [] : [`${consequences} ${plural(consequences, 'consequence')}`]),
  ];
  return `${parts.join(', ')}${of('mark') === 0 ? '' : ' and Countersign’s own mark'}, from the API server’s dry run`;
}
