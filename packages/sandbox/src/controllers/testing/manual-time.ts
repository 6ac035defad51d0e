import type { Timers } from '../timers.ts';

export interface ManualTime {
  clock: () => Date;
  timers: Timers;
  /** Lets the milliseconds pass: every timer that falls due runs at its own time, in order. */
  advance(ms: number): void;
  /** Timers that are waiting. */
  waiting(): number;
  /** Timers that have run since the start: what an idle system must not cause. */
  fired(): number;
}

/** A clock and timers that only move when told to. */
export function manualTime(start = '2026-01-02T03:04:05Z'): ManualTime {
  let nowMs = Date.parse(start);
  let serial = 0;
  let runs = 0;
  const pending = new Map<number, { atMs: number; callback: () => void }>();

  function next(untilMs: number): number | undefined {
    const due = [...pending].filter(([, { atMs }]) => atMs <= untilMs);
    return due.sort(([a, one], [b, other]) => one.atMs - other.atMs || a - b)[0]?.[0];
  }

  return {
    clock: () => new Date(nowMs),
    timers: {
      setTimeout(callback, delayMs) {
        serial += 1;
        // As in Node, a timer never runs within the millisecond that set it: a loop of zero delays shows as time passing.
        pending.set(serial, { atMs: nowMs + Math.max(1, delayMs), callback });
        return serial;
      },
      clearTimeout: (handle) => pending.delete(Number(handle)),
    },
    advance(ms) {
      const untilMs = nowMs + ms;
      for (let id = next(untilMs); id !== undefined; id = next(untilMs)) {
        const timer = pending.get(id);
        pending.delete(id);
        nowMs = Math.max(nowMs, timer?.atMs ?? nowMs);
        runs += 1;
        timer?.callback();
      }
      nowMs = untilMs;
    },
    waiting: () => pending.size,
    fired: () => runs,
  };
}
