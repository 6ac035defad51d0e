import { setTimeout as pause } from 'node:timers/promises';
import { LOOK_AGAIN_MILLISECONDS } from './limits.ts';

/** Looks again and again until there is something to see; rejects when the time is over. For what a cluster brings about by itself. */
export async function eventually<T>(timeoutMilliseconds: number, look: () => Promise<T | undefined>): Promise<T> {
  const until = Date.now() + timeoutMilliseconds;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > until) throw new Error(`it never came to be within ${timeoutMilliseconds / 1000} s`);
    await pause(LOOK_AGAIN_MILLISECONDS);
  }
}
