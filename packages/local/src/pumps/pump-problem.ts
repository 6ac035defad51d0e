/**
 * What a pump could not do, for whoever runs it. The pump goes on by itself.
 *
 * `problem` is the error as it came: it may quote records or answers, so a log takes its name, never the whole.
 */
export type PumpProblem = {
  readonly pump: string;
  readonly kind: 'handler_threw' | 'handler_timed_out' | 'source_failed' | 'delete_failed' | 'batch_left_out';
  readonly problem?: unknown;
};
export type ReportProblem = (problem: PumpProblem) => void;
