/** Every number of the AWS adapters, with its unit in the name and the reason beside it. */

/** A socket inside one region opens in a few milliseconds; longer means that the address is wrong or the network is gone. */
export const CONNECT_TIMEOUT_MILLISECONDS = 1_000;
/** Far above any healthy answer and low enough that three attempts end before API Gateway's 29 s. */
export const REQUEST_TIMEOUT_MILLISECONDS = 5_000;
/** Attempts that the SDK itself makes for throttling, 5xx and lost connections. */
export const SDK_ATTEMPTS_MAX = 3;

/** A transaction that met another one on an item is begun anew this often; then the caller hears Unavailable. */
export const TRANSACTION_ATTEMPTS_MAX = 6;
/** Full jitter below this, doubled with every attempt: a conflicting transaction lasts a few milliseconds. */
export const TRANSACTION_PAUSE_MILLISECONDS_BASE = 10;
export const TRANSACTION_PAUSE_MILLISECONDS_MAX = 320;

/** DynamoDB: at most so many items in one transaction. */
export const TRANSACTION_ITEMS_MAX = 100;
/** DynamoDB: 400 KB an item, names included; this leaves room for the names and keys. */
export const ITEM_BYTES_MAX = 390_000;
/** DynamoDB: at most so many keys in one BatchGetItem. */
export const BATCH_KEYS_MAX = 100;
/** Unprocessed keys of a batch are asked for again this often; then the caller hears Unavailable. */
export const BATCH_ATTEMPTS_MAX = 5;
/** A list never grows past this, whatever was asked for: every page costs a read. */
export const LIST_ENTRIES_MAX = 5_000;

/** Housekeeping only: how long records without authority stay before DynamoDB removes them. */
export const NONCE_KEPT_SECONDS_AFTER_EXPIRY = 24 * 3600;
export const LOCATOR_KEPT_SECONDS = 60 * 24 * 3600;
export const FRESHNESS_KEPT_SECONDS = 30 * 24 * 3600;
export const ACCESS_KEPT_SECONDS = 400 * 24 * 3600;

/** Access log: tries at a place in the shard's chain before an entry is counted as omitted. */
export const ACCESS_ATTEMPTS_MAX = 8;
/** Access log: entries of one process that may wait for their turn; a flood is counted, not queued. */
export const ACCESS_PENDING_MAX = 200;
/** Access log: bytes of one entry's facts; more is replaced by a note. */
export const ACCESS_DATA_BYTES_MAX = 4_000;

/** Raw evidence: shown evidence stays below 300 KB; what is hidden in it (a long annotation, a config value) may be longer, not this long. */
export const RAW_EVIDENCE_BYTES_MAX = 8 * 1024 * 1024;
/** An outbox id is made of a kind, an id and a version; what is longer was not made by us. */
export const OUTBOX_ID_CHARACTERS_MAX = 200;
/** A queue message is a pointer and nothing else. */
export const QUEUE_MESSAGE_CHARACTERS_MAX = 300;
/** RFC 5321 section 4.5.3.1: 64 for the local part, 255 for the domain, and the sign between. */
export const MAIL_ADDRESS_CHARACTERS_MAX = 254;
export const MAIL_SUBJECT_CHARACTERS_MAX = 200;
