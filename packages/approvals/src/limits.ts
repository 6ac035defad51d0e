/** Every number of the core, with its unit in the name and the reason beside it. */

/** A challenge outlives a careful read of the page, not a lunch break. It never outlives the plan's window. */
export const CHALLENGE_LIFETIME_SECONDS = 15 * 60;
/** Clocks of one deployment may differ by this much; it is taken off every deadline, never added. */
export const CLOCK_SKEW_SECONDS = 5;
/** Lambda limit of functions/execute; the lease must outlive it. */
export const EXECUTE_FUNCTION_LIMIT_SECONDS = 60;
/** Timeout of a single request to the API server. */
export const CLUSTER_REQUEST_TIMEOUT_SECONDS = 10;
/** Time after which a request of a dead executor can no longer land: function limit + API timeout + margin. */
export const LEASE_SECONDS = EXECUTE_FUNCTION_LIMIT_SECONDS + CLUSTER_REQUEST_TIMEOUT_SECONDS + 20;
/** A write is not begun with less than this left of the grant: it would land outside the approved window. */
export const EXECUTE_TIME_LEFT_SECONDS_MIN = 15;
/** A 409 means that somebody else wrote between read and write; the live gates are passed again this often at most. */
export const WRITE_CONFLICT_RETRIES_MAX = 3;
/** An outbox record that nobody consumed for this long is sent again by the sweeper. */
export const OUTBOX_RESEND_SECONDS = 30;
/** Steps in one intent: a plan that a person can read. */
export const INTENT_STEPS_MAX = 20;
/** Labels or annotations in one step. */
export const METADATA_ENTRIES_MAX = 20;
/** A grace period beyond a day is a pod that does not stop. */
export const GRACE_PERIOD_SECONDS_MAX = 24 * 3600;
/** The agent's words: more is not read by anybody and would hide the diff. */
export const WORDS_TITLE_CHARACTERS_MAX = 120;
export const WORDS_REASON_CHARACTERS_MAX = 2_000;
export const COMMENT_CHARACTERS_MAX = 2_000;
/** Bytes of intent and review together: they lie in one DynamoDB item (400 KB) with the rest of the plan. */
export const PLAN_BYTES_MAX = 350_000;
/** Bytes of the raw evidence, which is read whole at execution. */
export const RAW_EVIDENCE_BYTES_MAX = 4_000_000;
/** Bytes of the shown evidence; the record must fit a DynamoDB item (400 KB) with room for the rest. */
export const SHOWN_EVIDENCE_BYTES_MAX = 300_000;
/** 128 bits: RFC 6749 section 10.10 asks for unguessable values. */
export const NONCE_BYTES = 16;
/** Between two looks of the verifier at a rollout. */
export const VERIFY_POLL_MS = 300;
/** Open plans that one sweep looks at, the oldest first: what is over leaves the list, so every plan comes to the front in time. */
export const SWEEP_PLANS_MAX = 200;
/** Outbox records that one sweep sends again. */
export const SWEEP_OUTBOX_MAX = 100;
/** Makes two attempts at the same transition two events, whoever makes them in whichever millisecond: exactly one of them is stored. */
export const ATTEMPT_BYTES = 12;
/** 128 bits of a plan id (RFC 6749 section 10.10). */
export const PLAN_ID_BYTES = 16;
/** Rules of a policy's own: more than anybody can hold in mind would be a program. */
export const POLICY_RULES_MAX = 50;
/** One CEL expression: its cost grows with its length and with the object. */
export const POLICY_EXPRESSION_CHARACTERS_MAX = 2_000;
/** Entries of one list of names in a policy. */
export const POLICY_LIST_ENTRIES_MAX = 200;
