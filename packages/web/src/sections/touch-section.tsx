import type { ShownEvidence, Touch } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Item, type ItemTone } from '../parts/item.tsx';
import { Untrusted } from '../parts/untrusted.tsx';

const TONE: Readonly<Record<Touch['severity'], ItemTone>> = { warn: 'warn', ok: 'ok', info: 'info' };
const ORDER: readonly Touch['severity'][] = ['warn', 'ok', 'info'];

/** What it touches: the blast radius as the proposer found it, warnings first. */
export const TouchSection: FC<{ evidence: ShownEvidence }> = ({ evidence }) => (
  <section aria-labelledby="h-touch">
    <h2 id="h-touch">What it touches</h2>
    <ul class="items">
      {ORDER.flatMap((severity) => evidence.blastRadius.filter((touch) => touch.severity === severity)).map((touch) => (
        <Item tone={TONE[touch.severity]}>
          <Untrusted text={touch.message} />
        </Item>
      ))}
      {evidence.blastRadius.length === 0 ? (
        <Item tone="warn">Nothing was found out about what depends on it. That is no proof that nothing does.</Item>
      ) : null}
    </ul>
  </section>
);
