import { BACK_OFF_CAP_MS, BACK_OFF_FIRST_MS } from './limits.ts';

/** The kubelet's next pause (milliseconds): 10 s, then doubled up to 5 min. */
export function nextBackOffMs(before: number | undefined): number {
  return before === undefined ? BACK_OFF_FIRST_MS : Math.min(before * 2, BACK_OFF_CAP_MS);
}

/** As Go prints durations: 10s, 1m20s, 5m0s. */
export function goDuration(ms: number): string {
  if (ms < 1000) return `${ms}ms`;
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
