import { LONGEST_TIMER_MS, SETTLED_HORIZON_MS } from './limits.ts';
import type { Timers } from './timers.ts';

export interface WorkQueue {
  /** Makes the item due after the delay (milliseconds); an item that is already due earlier stays so. */
  add(item: string, afterMs?: number): void;
  /** Drops everything; later additions are ignored. */
  stop(): void;
  /** Resolves when nothing is due within the settled horizon (2 s): only back-offs and deadlines are left. */
  settled(): Promise<void>;
}

/**
 * Due times by item behind one timer: a burst of events about one object becomes one call, and an idle queue costs nothing.
 * `work` is never called from inside `add`, so a reconcile never runs in the middle of somebody's write.
 */
export function createWorkQueue(options: {
  work: (item: string) => void;
  clock: () => Date;
  timers: Timers;
}): WorkQueue {
  const { work, clock, timers } = options;
  const dueAtMs = new Map<string, number>();
  let waiting: { handle: unknown; atMs: number } | undefined;
  let settling: (() => void)[] = [];
  let stopped = false;

  function earliest(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const atMs of dueAtMs.values()) earliestMs = Math.min(earliestMs, atMs);
    return earliestMs;
  }

  function arm(earliestMs: number): void {
    if (waiting !== undefined && waiting.atMs <= earliestMs) return;
    if (waiting !== undefined) timers.clearTimeout(waiting.handle);
    waiting = undefined;
    if (earliestMs === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(0, earliestMs - clock().getTime()), LONGEST_TIMER_MS);
    waiting = { handle: timers.setTimeout(flush, delayMs), atMs: earliestMs };
  }

  function flush(): void {
    waiting = undefined;
    const nowMs = clock().getTime();
    // What becomes due during this round waits for the next one: the event loop gets its turn between two rounds.
    const due = [...dueAtMs].filter(([, atMs]) => atMs <= nowMs).map(([item]) => item);
    for (const item of due) {
      if (stopped) return;
      dueAtMs.delete(item);
      work(item);
    }
    arm(earliest());
    releaseSettled();
  }

  function releaseSettled(): void {
    if (!stopped && earliest() <= clock().getTime() + SETTLED_HORIZON_MS) return;
    const resolved = settling;
    settling = [];
    for (const resolve of resolved) resolve();
  }

  return {
    add(item, afterMs = 0) {
      if (stopped) return;
      const atMs = clock().getTime() + afterMs;
      if ((dueAtMs.get(item) ?? Number.POSITIVE_INFINITY) <= atMs) return;
      dueAtMs.set(item, atMs);
      // Only the new one can be earlier than what the timer waits for; looking at all would make a burst quadratic.
      arm(atMs);
    },
    stop() {
      stopped = true;
      dueAtMs.clear();
      if (waiting !== undefined) timers.clearTimeout(waiting.handle);
      waiting = undefined;
      releaseSettled();
    },
    settled() {
      return new Promise((resolve) => {
        settling.push(resolve);
        releaseSettled();
      });
    },
  };
}
