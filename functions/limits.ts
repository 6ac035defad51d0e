/** Numbers that the functions share, with their reasons. */

/** Clocks of issuer and endpoint may differ by this much. */
export const CLOCK_SKEW_SECONDS = 30;
/** Access tokens live 5 minutes; one that claims to be older was not made for this endpoint. */
export const TOKEN_AGE_SECONDS_MAX = 300;
/** Shards keep one writer's chain from being a hot partition; the budget keeps a knocker from writing without end. */
export const ACCESS_LOG = { shards: 4, budgetPerMinute: 600 } as const;
