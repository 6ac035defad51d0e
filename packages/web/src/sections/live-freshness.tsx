/** What the observer last saw of the targets. Not in the digest, and marked as such: it was true at its time, no longer. */
import type { FreshnessRecord } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import { Instant } from '../parts/instant.tsx';
import { Code } from '../parts/untrusted.tsx';
import { distanceText } from '../text/instants.ts';

export const LiveFreshness: FC<{
  planId: string;
  freshness: FreshnessRecord | null;
  now: Date;
  formToken: string;
  open: boolean;
}> = ({ planId, freshness, now, formToken, open }) => {
  if (freshness === null && !open) return null;
  return (
    <div class="live">
      <span class="tag" title="Looked up for this page; not part of what is approved">
        live
      </span>
      {freshness === null ? (
        <span>Not looked at again since the plan was made.</span>
      ) : (
        <span>
          {freshness.fresh ? (
            'Unchanged in the cluster'
          ) : (
            <strong class="stop">Changed in the cluster since the plan was made; this plan will not run</strong>
          )}
          , checked at <Instant at={freshness.checkedAt} now={now} precision="seconds" /> (
          {distanceText(freshness.checkedAt, now)})
          {freshness.changed.length === 0 ? null : (
            <>
              :{' '}
              {freshness.changed.map((path, at) => (
                <>
                  {at === 0 ? '' : ', '}
                  <Code text={path} />
                </>
              ))}
            </>
          )}
        </span>
      )}
      {open ? (
        <form method="post" action={`/plans/${planId}/look-again`}>
          <input type="hidden" name="antiForgery" value={formToken} />
          <button class="link" type="submit">
            Look again
          </button>
        </form>
      ) : null}
    </div>
  );
};
