/** Numbers that the functions share, with their reasons. */

/** Clocks of issuer and endpoint may differ by this much. */
export const CLOCK_SKEW_SECONDS = 30;
/** Access tokens live 5 minutes; one that claims to be older was not made for this endpoint. */
export const TOKEN_AGE_SECONDS_MAX = 300;
/** Looks of one call of functions/verify: at 300 ms each, 24 s of its limit of 60 s. */
export const VERIFY_LOOKS_MAX = 80;
/** When the sweeper shall send a waiting verification again. */
export const VERIFY_AGAIN_SECONDS = 5;
/** 72 bits: names an executor in its lease, and an observer's cycle; of no authority. */
export const HOLDER_BYTES = 9;
export const CYCLE_ID_BYTES = 9;
/** A consumer that lost a race reads again this often. */
export const CONFLICT_ATTEMPTS_MAX = 3;
/** Shards keep one writer's chain from being a hot partition; the budget keeps a knocker from writing without end. */
export const ACCESS_LOG = { shards: 4, budgetPerMinute: 600 } as const;
