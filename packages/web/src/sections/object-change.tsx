/** One object's changes, field by field: what was asked for, what nobody could classify, what follows, and our own mark apart. `order`: its step's number among several. */
import type { Change, ObjectDiff, Step } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Title } from '../parts/title.tsx';
import { Code } from '../parts/untrusted.tsx';
import { stepTitle } from '../plan/plan-title.ts';

export const ObjectChange: FC<{
  step: Step;
  diff: ObjectDiff | undefined;
  generation: number | null;
  order: number | null;
}> = ({ step, diff, generation, order }) => {
  const { target, operation } = step;
  const of = (meaning: Change['meaning']): readonly Change[] =>
    (diff?.changes ?? []).filter((change) => change.meaning === meaning);
  const fields = [...of('requested'), ...of('unclassified')];
  const [consequences, marks] = [of('consequence'), of('mark')];
  return (
    <div class="change">
      <div class="obj">
        <h3>
          {order === null ? null : `${order}. `}
          {target.kind} <Code text={`${target.namespace}/${target.name}`} />
        </h3>
        {order === null ? null : (
          <span class="hint">
            <Title parts={stepTitle(step, null, order)} />
          </span>
        )}
        {generation === null ? null : <span class="hint">made for generation {generation}</span>}
      </div>
      {fields.length === 0 ? (
        <p class="own">
          {operation.type === 'delete' ? 'The whole object goes.' : 'No field of the object itself changes.'}
        </p>
      ) : (
        <dl class="fields">
          {fields.map((change) => (
            <Field change={change} />
          ))}
        </dl>
      )}
      {consequences.length === 0 ? null : (
        <p class="own">
          Follows from it:{' '}
          {consequences.map((change, at) => (
            <>
              {at === 0 ? '' : '; '}
              <Code text={change.label} /> <FromTo change={change} plain />
            </>
          ))}
        </p>
      )}
      {marks.length === 0 ? null : (
        <p class="own">
          Countersign’s own mark, by which the cluster itself says which plan wrote:{' '}
          {marks.map((mark) => (
            <Code text={mark.label} />
          ))}
        </p>
      )}
    </div>
  );
};

const Field: FC<{ change: Change }> = ({ change }) => (
  <div>
    <dt>
      <Code text={change.label} />
      {change.meaning === 'unclassified' ? (
        <span class="uninspected">
          <strong>NOT INSPECTED</strong> <Code text={change.path} />
        </span>
      ) : null}
    </dt>
    <dd>
      <FromTo change={change} />
    </dd>
  </div>
);

/** Said in words beside the colours: added, removed, becomes (WCAG 1.4.1). `plain`: without colours. */
const FromTo: FC<{ change: Change; plain?: boolean }> = ({ change, plain = false }) => {
  const from = <Value text={change.from} side="from" plain={plain} />;
  const to = <Value text={change.to} side="to" plain={plain} />;
  switch (change.kind) {
    case 'added':
      return (
        <>
          <span class="hint">added</span> {to}
        </>
      );
    case 'removed':
      return (
        <>
          {from} <span class="hint">removed</span>
        </>
      );
    case 'changed':
      return (
        <>
          {from} <span aria-hidden="true">→</span>
          <span class="sr">becomes</span> {to}
        </>
      );
  }
};

const Value: FC<{ text: string | null; side: 'from' | 'to'; plain: boolean }> = ({ text, side, plain }) => {
  const value = text === null ? <em>nothing</em> : <Code text={text} />;
  if (plain) return value;
  return side === 'from' ? <del class="from">{value}</del> : <ins class="to">{value}</ins>;
};
