import type { FC } from 'hono/jsx';
import { utcText } from '../text/instants.ts';

/** A time in UTC. The page's script adds the reader's own: beside it where people plan by it, else in its tooltip. */
export const Instant: FC<{
  at: string;
  now: Date;
  precision?: 'minutes' | 'seconds';
  local?: 'beside' | 'tooltip';
}> = ({ at, now, precision = 'minutes', local = 'tooltip' }) => (
  <time datetime={at} data-local={local}>
    {utcText(at, now, precision)}
  </time>
);
