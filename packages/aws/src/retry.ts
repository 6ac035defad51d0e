/** Pauses between attempts at a transaction that met another one. Randomness and waiting are passed in; tests pass neither. */
import { setTimeout as wait } from 'node:timers/promises';
import { TRANSACTION_PAUSE_MILLISECONDS_BASE, TRANSACTION_PAUSE_MILLISECONDS_MAX } from './limits.ts';

/** Resolves when the next attempt may begin; `attempt` counts from 1. */
export type Pause = (attempt: number) => Promise<void>;

/** Full jitter: two writers that met once must not meet again at the same moment. `random` answers 0 <= r < 1. */
export function jitteredPause(random: () => number): Pause {
  return async (attempt) => {
    const ceiling = Math.min(
      TRANSACTION_PAUSE_MILLISECONDS_BASE * 2 ** (attempt - 1),
      TRANSACTION_PAUSE_MILLISECONDS_MAX,
    );
    await wait(Math.floor(random() * ceiling));
  };
}
