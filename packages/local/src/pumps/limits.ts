/** The longest poll that SQS knows. */
export const LONG_POLL_SECONDS = 20;
export const SQS_RECEIVE_MAXIMUM_MESSAGES = 10;
/** Pauses after a failed call or a failed stream batch: doubled from the first to the longest. */
export const FIRST_RETRY_MILLISECONDS = 100;
export const LONGEST_RETRY_MILLISECONDS = 5_000;

export const STREAM_BATCH_RECORDS = 100;
/** Between two looks at a stream whose writes announce themselves: only in case an announcement was missed. */
export const STREAM_FALLBACK_MILLISECONDS = 1_000;
/** Between two looks at a stream that nobody announces: 40 ms latency on average, 2 to 3 % of a core. */
export const STREAM_POLL_MILLISECONDS = 80;
/** Tries after the first failure; then the batch is left out, since the outbox and the sweeper will bring it again. */
export const STREAM_RETRY_ATTEMPTS = 5;

/** API Gateway's HTTP APIs end an integration after 30 seconds. */
export const INTEGRATION_MILLISECONDS = 30_000;
/** What a Lambda function takes in one synchronous call. */
export const INTEGRATION_BODY_BYTES = 6_291_456;
