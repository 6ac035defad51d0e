import type { FC } from 'hono/jsx';
import { Instant } from '../parts/instant.tsx';
import type { Station } from '../plan/progress.ts';

const SAID: Readonly<Record<Station['state'], string>> = {
  done: 'done',
  now: 'now',
  ahead: 'not yet',
  missed: 'not reached',
  stopped: 'stopped here',
};

/** How far the plan came, and where it stopped. */
export const ProgressPath: FC<{ stations: readonly Station[]; statusLabel: string; now: Date }> = ({
  stations,
  statusLabel,
  now,
}) => (
  <ol class="path" aria-label="Progress">
    {stations.map((station) => (
      <li data-state={station.state}>
        <b>{station.state === 'stopped' ? statusLabel : station.name}</b>
        {station.at === null ? SAID[station.state] : <Instant at={station.at} now={now} precision="seconds" />}
      </li>
    ))}
  </ol>
);
