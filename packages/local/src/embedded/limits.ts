/** How far a signed request's date may be from the machine's clock, either way: what AWS allows. */
export const SIGNATURE_SKEW_SECONDS = 300;
/** DynamoDB's own limit for one request is 16 MB; fauxqs takes 11 MiB. */
export const AWS_REQUEST_BODY_BYTES = 16_777_216;
export const REQUEST_HEADER_BYTES = 16_384;
/** Time to send a whole request's headers, and a whole request: a slow sender may not hold a connection for long. */
export const REQUEST_HEADERS_MILLISECONDS = 10_000;
export const REQUEST_MILLISECONDS = 30_000;
/** Longer than any client of ours keeps an idle connection, so that the client and not the server ends it. */
export const KEEP_ALIVE_MILLISECONDS = 75_000;

export const DYNAMODB_START_MILLISECONDS = 10_000;
export const DYNAMODB_START_ATTEMPTS = 5;
/** After SIGTERM; then SIGKILL, which loses no data. */
export const DYNAMODB_STOP_MILLISECONDS = 1_000;
export const DYNAMODB_CONNECTIONS = 64;

/** AWS's advice for a queue that feeds a function: six times what the function may take. */
export const VISIBILITY_TIMES_FUNCTION_LIMIT = 6;
export const QUEUE_MAXIMUM_RECEIVES = 5;
export const DEAD_LETTER_RETENTION_SECONDS = 1_209_600;

/** No handler behind a front takes more in one call. */
export const FRONT_BODY_BYTES = 6_291_456;
export const FRONT_URL_CHARACTERS = 8_192;
export const FRONT_STOP_MILLISECONDS = 2_000;

/** The newest mails are kept. */
export const KEPT_MAILS = 500;
/** One mail with everything in it; SES takes 10 MB, ours are a few kilobytes. */
export const MAIL_CHARACTERS = 262_144;
export const MAILBOX_REFRESH_MILLISECONDS = 3_000;
