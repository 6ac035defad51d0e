/** What the real API server allows, so that nothing works here that a cluster refuses. */
export const annotationsMaxBytes = 256 * 1024;
export const requestBodyMaxBytes = 3 * 1024 * 1024;
export const jsonPatchMaxOperations = 10_000;

/** So many updaters own fields of an object; older ones become one. */
export const updateManagersMax = 10;

/** A body that has not arrived by then will not. */
export const requestBodyTimeoutMs = 10_000;

/** How many changes are kept for watches and continue tokens that start in the past; older ones are answered 410 Gone. */
export const watchHistoryMaxEvents = 5_000;
export const watchDefaultTimeoutSeconds = 1_800;
export const watchMaxTimeoutSeconds = 3_600;
export const bookmarkEverySeconds = 60;
/** A watcher that does not read is cut off before it fills the memory. */
export const watchMaxBufferedBytes = 8 * 1024 * 1024;

export const listMaxLimit = 10_000;

export const podLogMaxBytes = 10 * 1024 * 1024;
/** How often a followed log looks for new lines. */
export const podLogFollowEveryMs = 500;

/** The journal is rewritten as a snapshot when it holds so many more changes than there are objects. */
export const journalMaxExtraChanges = 2_000;

export const certificateValidDays = 3_650;
export const tokenBytes = 32;
/** What the real API server gives a TokenRequest: at least, at most, and where none is asked for. */
export const tokenMinSeconds = 600;
export const tokenMaxSeconds = 2 ** 32;
export const tokenDefaultSeconds = 3_600;
