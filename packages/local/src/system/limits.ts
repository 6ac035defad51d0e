/** How often the sweeper runs on one machine; on AWS a schedule's finest grain is a minute. */
export const SWEEP_EVERY_SECONDS = 2;
/** Messages of one queue in work at a time. */
export const QUEUE_CONCURRENCY = 4;
/** Symmetric keys: HMAC-SHA-256 and JWE with A256GCM. */
export const SYMMETRIC_KEY_BYTES = 32;
/** A log of faults is for the person at the keyboard: a loop of faults must not fill the disk. */
export const LOG_BYTES_MAX = 5_000_000;
/** Bodies of the two /local posts: a number at most. */
export const LOCAL_BODY_BYTES = 1_024;
