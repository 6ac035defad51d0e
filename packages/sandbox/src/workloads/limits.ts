/** A simulated program writes a line about its work this often. */
export const LOG_LINE_EVERY_MS = 5_000;
/** The first such line comes this long after the start. */
export const FIRST_LOG_LINE_AFTER_MS = 250;
/** Lines of work that a log holds at most; older ones were rotated away. */
export const LOG_LINES_COUNT = 200;
