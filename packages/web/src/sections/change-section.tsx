/** What changes: from the dry run's own bytes, the raw diff behind it, and what nobody could classify named as such. */
import type { Change, OpenedPlan } from '@countersign/approvals';
import type { FC, PropsWithChildren } from 'hono/jsx';
import { plural } from '../plan/plan-title.ts';
import { ObjectChange } from './object-change.tsx';
import { RawDiff } from './raw-diff.tsx';

export const ChangeSection: FC<PropsWithChildren<{ opened: OpenedPlan }>> = ({ opened, children }) => {
  const { intent, evidence, review } = opened;
  const changes = evidence.diff.flatMap((diff) => diff.changes);
  const uninspected = changes.filter((change) => change.meaning === 'unclassified').length;
  const it = uninspected === 1 ? 'it' : 'them';
  return (
    <section aria-labelledby="h-change">
      <h2 id="h-change">
        What changes <small>{summaryOf(intent.steps.length, changes)}</small>
      </h2>
      {uninspected === 0 ? null : (
        <div class="note stop">
          <p>
            <strong>{`NOT INSPECTED: ${uninspected} ${plural(uninspected, 'path')}.`}</strong> No rule of ours
            understands {it}. Read {it} yourself before you decide.
          </p>
        </div>
      )}
      {intent.steps.length === 1 ? null : (
        <p class="hint">
          The steps run in this order. The first that fails stops the plan: what was written before it stays, and what
          comes after does not run.
        </p>
      )}
      {intent.steps.map((step, at) => (
        <ObjectChange
          order={intent.steps.length === 1 ? null : at + 1}
          step={step}
          diff={evidence.diff.find((diff) => diff.step === at + 1)}
          generation={review.freshness.find((entry) => entry.step === at + 1)?.generation ?? null}
        />
      ))}
      {children}
      <RawDiff opened={opened} />
    </section>
  );
};

function summaryOf(objects: number, changes: readonly Change[]): string {
  const fields = changes.filter(({ meaning }) => meaning === 'requested' || meaning === 'unclassified').length;
  const mark = changes.some(({ meaning }) => meaning === 'mark') ? ' and Countersign’s own mark' : '';
  return `${objects} ${plural(objects, 'object')}, ${fields} ${plural(fields, 'field')}${mark}, from the API server’s dry run`;
}
