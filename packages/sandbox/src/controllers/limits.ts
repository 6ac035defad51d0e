/** Every number of the controllers, with its unit in its name. The short ones make a rollout take a fraction of a second; the back-offs are the kubelet's own. */

/** From a pod's creation to its binding to the node. */
export const SCHEDULING_MS = 40;
/** From the binding to the container's start when the image exists, or to the refusal when it does not. */
export const IMAGE_PULL_MS = 130;
/** From a container's start until it reports ready. */
export const BECOMING_READY_MS = 80;
/** How long a container that is going to crash runs before it does. */
export const RUN_BEFORE_CRASH_MS = 400;
/** How long an exited container shows as Terminated before the kubelet looks again. */
export const EXITED_SHOWN_MS = 200;
/** How long ErrImagePull shows before it turns into ImagePullBackOff. */
export const PULL_ERROR_SHOWN_MS = 300;
/** From a pod's deletionTimestamp until it is gone: the simulated programs obey SIGTERM at once. */
export const TERMINATION_MS = 120;

export const BACK_OFF_FIRST_MS = 10_000;
export const BACK_OFF_CAP_MS = 300_000;
/** During a long back-off the kubelet repeats its BackOff event; this is how often. */
export const BACK_OFF_EVENT_EVERY_MS = 60_000;

/** Work due within this time counts as unsettled; beyond it lie only back-offs and deadlines. */
export const SETTLED_HORIZON_MS = 2_000;
/** Longest sleep of the queue's one timer. */
export const LONGEST_TIMER_MS = 3_600_000;
/** First pause after a reconcile that threw; doubles up to the cap. */
export const RETRY_FIRST_MS = 100;
export const RETRY_CAP_MS = 30_000;

/** Events kept in the store; beyond it the oldest go. */
export const KEPT_EVENTS_COUNT = 500;
/** An endpoint slice's bound in the real API. */
export const ENDPOINTS_PER_SLICE_COUNT = 100;
/** The API's defaults for Deployments, used where an object lacks the field. */
export const DEFAULT_REVISION_HISTORY_COUNT = 10;
export const DEFAULT_PROGRESS_DEADLINE_SECONDS = 600;
/** Guard against a typing slip that would fill the memory: no ReplicaSet gets more pods than this. */
export const PODS_PER_REPLICA_SET_COUNT = 50;
