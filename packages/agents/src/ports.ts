/**
 * What the observer and the planner need of a cluster: facts of one namespace, reduced to what detectors read. packages/kubernetes
 * satisfies this with the reader identity. Instants are RFC 3339 in UTC. Names and numbers come from the API server; messages are
 * text that anybody in the cluster can choose: secrets are redacted by the adapter, the rest is treated as hostile here.
 */

export interface ContainerFacts {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** `waiting.reason`, e.g. ImagePullBackOff; null when not waiting. */
  readonly waitingReason: string | null;
  readonly waitingMessage: string | null;
  /** Last termination, if any. */
  readonly lastExit: {
    readonly reason: string | null;
    readonly exitCode: number;
    readonly finishedAt: string | null;
  } | null;
}

export interface PodFacts {
  readonly name: string;
  readonly uid: string;
  readonly phase: string;
  readonly ready: boolean;
  /** When the condition Ready last became False; null or absent when unknown, then the pod counts as unready since its creation. */
  readonly notReadySince?: string | null;
  readonly createdAt: string;
  readonly deleting: boolean;
  readonly containers: readonly ContainerFacts[];
  /** The top controller, through ReplicaSets: Deployment, StatefulSet, DaemonSet, Job ...; null for a bare pod. */
  readonly owner: { readonly kind: string; readonly name: string; readonly uid: string } | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface RevisionFacts {
  readonly revision: number;
  readonly createdAt: string;
  /** Container name -> image of that revision's template. */
  readonly images: Readonly<Record<string, string>>;
  readonly current: boolean;
  /** Replicas that this revision has ready now. */
  readonly ready: number;
  /** True when it is known to have been available (its ReplicaSet once reached its size, or is available now). */
  readonly wasHealthy: boolean;
}

export interface DeploymentFacts {
  readonly apiVersion: 'apps/v1';
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly desired: number;
  readonly ready: number;
  readonly available: number;
  readonly updated: number;
  readonly paused: boolean;
  readonly rolloutComplete: boolean;
  /** Condition Progressing is False with ProgressDeadlineExceeded. */
  readonly progressDeadlineExceeded: boolean;
  readonly images: Readonly<Record<string, string>>;
  readonly lastRolloutAt: string | null;
  readonly revisions: readonly RevisionFacts[];
  readonly selector: Readonly<Record<string, string>>;
  /** Labels of the pod template; absent when unknown, then the selector's stand in for them. */
  readonly templateLabels?: Readonly<Record<string, string>>;
}

export interface ServiceFacts {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly type: string;
  readonly selector: Readonly<Record<string, string>> | null;
  readonly readyEndpoints: number;
  readonly totalEndpoints: number;
}

export interface EventFacts {
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly involved: { readonly kind: string; readonly name: string; readonly uid: string | null };
}

export interface NamespaceFacts {
  readonly namespace: string;
  readonly capturedAt: string;
  readonly deployments: readonly DeploymentFacts[];
  readonly pods: readonly PodFacts[];
  readonly services: readonly ServiceFacts[];
  readonly events: readonly EventFacts[];
}

/** Rejects (Unavailable) rather than answer half a view: a cycle never emits from part of the truth. */
export interface FactsCluster {
  name(): string;
  facts(namespace: string): Promise<NamespaceFacts>;
}
