/** Every number of a real cluster's identities, with its unit in its name. */

/** What a token is asked for; a cluster may give less or more. */
export const TOKEN_SECONDS = 3_600;
/** A token is no longer used so long before it ends: a request that begins with it must end with it. */
export const TOKEN_UNUSED_BEFORE_END_SECONDS = 300;
/** Of a context's name, which is part of the cluster's identity. */
export const CLUSTER_NAME_CHARACTERS_MAX = 63;
