/** Every number of the observer and the planner, with its unit in the name and the reason beside it. */

/* Graces of the detectors: what passes by itself within these is no anomaly. */

/** A failed first pull or a container that is being created says nothing yet about a pod this young. */
export const POD_FRESH_SECONDS = 60;
/** Readiness probes, slow starts and rescheduling get this long. */
export const POD_NOT_READY_SECONDS = 5 * 60;
/** One crash is an accident; kubelet waits 10 s after it and calls that CrashLoopBackOff too. */
export const CRASH_RESTARTS_MIN = 2;
/** A container that crashed this recently is in the loop still, though it runs for the moment. */
export const CRASH_RECENT_SECONDS = 10 * 60;
/** A rollout that makes progress may be short of replicas this long; the API server's own progress deadline ends the grace at once. */
export const ROLLOUT_GRACE_SECONDS = 5 * 60;
/** Endpoints of a new Service with pods or a Deployment behind it take a moment to be written. */
export const SERVICE_FRESH_SECONDS = 30;
/** A warning is sustained when it came this often, over this long, and lately. */
export const WARNING_COUNT_MIN = 5;
export const WARNING_SPAN_SECONDS = 2 * 60;
export const WARNING_RECENT_SECONDS = 5 * 60;
/** A pod that is ready again has got over its warnings, unless one is as fresh as this. */
export const WARNING_ON_READY_POD_RECENT_SECONDS = 60;

/* Bounds: a namespace is as large as its owner likes. */

/** Objects of one kind in one namespace; a larger one is skipped whole and said so, since part of a view proves nothing. */
export const NAMESPACE_OBJECTS_MAX = 10_000;
/** Namespaces read at the same time: the reader shares the API server with everybody else. */
export const NAMESPACES_AT_ONCE_MAX = 4;
/** Evidence entries of an anomaly, and characters of each: enough to see the point, no room for a novel. */
export const EVIDENCE_ENTRIES_MAX = 5;
export const EVIDENCE_CHARACTERS_MAX = 300;
export const SUMMARY_CHARACTERS_MAX = 200;
export const NOTE_CHARACTERS_MAX = 500;
/** Containers that an anomaly's facts name. */
export const CONTAINERS_NAMED_MAX = 10;
/** Copies of the core's limits on a plan's words; a test holds them to its schema. */
export const TITLE_CHARACTERS_MAX = 120;
export const REASON_CHARACTERS_MAX = 2_000;

/* The planner. */

/** A template changed within this time is the first suspect: restarting it would only hide that. */
export const TEMPLATE_CHANGE_RECENT_SECONDS = 10 * 60;
/** What we restarted is not restarted again within this time: no flapping. */
export const RESTART_AGAIN_SECONDS = 60 * 60;
/** Pods that have not started for this long will not start by waiting. */
export const PENDING_LONG_SECONDS = 10 * 60;
/** When nothing can be planned now but the facts may change: look again after this long. */
export const RECHECK_SECONDS = 10 * 60;
/** The same change that a person denied is not put before them again within this time. */
export const DENIED_AGAIN_SECONDS = 24 * 60 * 60;
/** Plans that an anomaly remembers: more than the breaker ever lets through in its window. */
export const PLANS_REMEMBERED_MAX = 12;
/** Optimistic writes of one anomaly before somebody else's turn is accepted. */
export const WRITE_ATTEMPTS_MAX = 3;

/** What a deployment may want otherwise, passed to the observer. */
export interface ObserverLimits {
  /** Complete cycles without it before an anomaly is resolved: one gap is noise. */
  readonly absentCyclesToResolve: number;
  /** `lastSeenAt` alone is not worth a write more often than this. */
  readonly lastSeenGranularitySeconds: number;
  /** An ask that nobody answered for this long is put into the outbox again, under the same id. */
  readonly askUnansweredSeconds: number;
  /** After a plan that did not heal: this long until the next, doubled with every plan of the window. */
  readonly cooldownSeconds: number;
  /** The breaker: so many plans within the window, then none, recurrences included. */
  readonly plansPerWindowMax: number;
  readonly planWindowSeconds: number;
  /** Active anomalies read from the list, over all namespaces. */
  readonly activeAnomaliesMax: number;
  /** Active anomalies of one namespace, warnings apart: whoever may write events must not crowd out the rest. More are counted in the report and not stored. */
  readonly activePerNamespaceMax: number;
  readonly activeWarningsPerNamespaceMax: number;
  /** When the sweeper sends the ask again. */
  readonly outboxDueSeconds: number;
}

export const OBSERVER_LIMITS: ObserverLimits = {
  absentCyclesToResolve: 2,
  lastSeenGranularitySeconds: 60,
  askUnansweredSeconds: 60,
  cooldownSeconds: 10 * 60,
  plansPerWindowMax: 3,
  planWindowSeconds: 24 * 60 * 60,
  activeAnomaliesMax: 1_000,
  activePerNamespaceMax: 100,
  activeWarningsPerNamespaceMax: 20,
  outboxDueSeconds: 30,
};
