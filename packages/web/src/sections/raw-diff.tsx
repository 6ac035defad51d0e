import type { OpenedPlan } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { RAW_DIFF_CHARACTERS_MAX } from '../limits.ts';
import { Untrusted } from '../parts/untrusted.tsx';
import { plural } from '../plan/plan-title.ts';

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

/** Line by line; what does not fit into the page is named and one link away, never silently cut. */
export const RawDiff: FC<{ opened: OpenedPlan }> = ({ opened }) => {
  const whole = rawDiffText(opened);
  const shown = whole.slice(0, RAW_DIFF_CHARACTERS_MAX);
  const count = whole.split('\n').length;
  return (
    <details>
      <summary>
        Raw diff, {count} {plural(count, 'line')}
      </summary>
      <pre tabindex={0}>
        {shown.split('\n').map((line) => (
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
