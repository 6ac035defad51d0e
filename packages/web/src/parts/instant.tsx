import type { FC } from 'hono/jsx';
import { utcText } from '../text/instants.ts';

/** A time in UTC; the page's script adds the reader's own. */
export const Instant: FC<{ at: string; now: Date; precision?: 'minutes' | 'seconds' }> = ({
  at,
  now,
  precision = 'minutes',
}) => (
  <time datetime={at} data-local="">
    {utcText(at, now, precision)}
  </time>
);
