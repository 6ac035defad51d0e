/** What the endpoint reads and asks of others. packages/kubernetes satisfies ClusterReads with the reader identity; functions/mcp wires the rest. */
import type {
  AccessLog,
  AnomalyStore,
  BudgetStore,
  ChangeRequest,
  Clock,
  Json,
  OperationType,
  Outbox,
  PinnedKeys,
  PlanStore,
  PolicySet,
  Randomness,
  Refusal,
  Requester,
  Result,
  Signer,
} from '@countersign/approvals';
import type { TokenVerifier } from '@countersign/identity';

export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly tailLines: number;
  readonly previous: boolean;
}

export type Detail = 'concise' | 'detailed';

/** A kind by Kind, plural, singular, short name or `plural.group`, exactly; a namespace where it has one. */
export interface KindQuery {
  readonly kind: string;
  readonly apiGroup?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface ListQuery extends KindQuery {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly limit: number;
  readonly continue?: string | undefined;
  readonly detail: Detail;
}

export interface Listed {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string | null;
  readonly items: readonly Json[];
  /** How many are behind the last item, where the cluster counts them. */
  readonly remaining: number | null;
  readonly continue: string | null;
  readonly cut: 'limit' | 'bytes' | 'scan' | null;
}

export interface ObjectQuery extends KindQuery {
  readonly name: string;
  readonly output: 'summary' | 'yaml' | 'describe';
  readonly detail: Detail;
}

export interface ReadObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly object: Json;
}

export interface ApiResourceQuery {
  readonly apiGroup?: string | undefined;
  readonly namespaced?: boolean | undefined;
  readonly verbs: readonly string[];
  readonly offset: number;
  readonly limit: number;
}

export interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  /** Why it cannot be read here; null where it can. */
  readonly unreadable: string | null;
}

/** What the cluster and the adapter have to say of one kind in one namespace, whoever asks. */
export interface KindAccess {
  /** `plural.group`. */
  readonly name: string;
  readonly kind: string;
  /** Why it cannot be read; null where it can. */
  readonly unreadable: string | null;
  /** What a plan can do to it. */
  readonly operations: readonly OperationType[];
}

export type DiagnosedKind =
  | 'Deployment'
  | 'Pod'
  | 'Service'
  | 'StatefulSet'
  | 'DaemonSet'
  | 'Job'
  | 'CronJob'
  | 'Ingress'
  | 'HorizontalPodAutoscaler';

/** Reads for agents: slim, bounded, redacted at the adapter; text from the cluster inside is untrusted. Refusals: target.*, cluster.*. */
export interface ClusterReads {
  status(namespace: string, labelSelector?: string): Promise<Result<Json, Refusal>>;
  events(query: {
    readonly namespace: string;
    readonly labelSelector?: string;
    readonly fieldSelector?: string;
    readonly limit: number;
    readonly excludeTypes: readonly string[];
  }): Promise<Result<Json, Refusal>>;
  /** Lines oldest first; `truncated` when the byte cap cut the oldest away. */
  logs(
    query: LogQuery,
  ): Promise<
    Result<{ readonly container: string; readonly lines: readonly string[]; readonly truncated: boolean }, Refusal>
  >;
  list(query: ListQuery): Promise<Result<Listed, Refusal>>;
  object(query: ObjectQuery): Promise<Result<ReadObject, Refusal>>;
  apiResources(
    query: ApiResourceQuery,
  ): Promise<Result<{ readonly resources: readonly ApiResource[]; readonly total: number }, Refusal>>;
  diagnostics(query: {
    readonly kind: DiagnosedKind;
    readonly namespace: string;
    readonly name: string;
    readonly limit: number;
  }): Promise<Result<Json, Refusal>>;
  clusterHealth(query: {
    readonly namespaces: readonly string[];
    readonly nodeLimit: number;
  }): Promise<Result<Json, Refusal>>;
  rolloutHistory(query: {
    readonly namespace: string;
    readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
    readonly name: string;
    readonly limit: number;
  }): Promise<Result<Json, Refusal>>;
  kindAccess(query: KindQuery & { readonly namespace: string }): Promise<Result<KindAccess, Refusal>>;
}

/** functions/mcp invokes functions/propose and waits (Lambda Invoke; locally the same handler). */
export interface ProposeClient {
  propose(request: {
    readonly requester: Requester;
    readonly groups: readonly string[];
    readonly changes: readonly ChangeRequest[];
    readonly words: { readonly title: string; readonly reason: string };
  }): Promise<Result<{ readonly planId: string }, Refusal>>;
}

/** Time that passes while a call waits for a person or an executor; tests drive it. */
export interface Waiting {
  sleep(milliseconds: number): Promise<void>;
}

/** What went wrong inside, for operators. The caller is told the id alone; what of `error` may be kept is this port's to decide. */
export type FaultReport = (fault: { readonly id: string; readonly where: string; readonly error: unknown }) => void;

export interface McpPorts {
  readonly verifier: TokenVerifier;
  readonly reads: ClusterReads;
  readonly proposals: ProposeClient;
  readonly plans: PlanStore;
  /** A released plan that nobody runs is announced again. */
  readonly outbox: Pick<Outbox, 'add'>;
  readonly anomalies: Pick<AnomalyStore, 'list'>;
  readonly budgets: BudgetStore;
  readonly accessLog: AccessLog;
  readonly policies: PolicySet;
  readonly keys: PinnedKeys;
  /** Seals releases; the one key that this function may use. */
  readonly releaseSigner: Signer;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly waiting: Waiting;
  readonly faults: FaultReport;
}
