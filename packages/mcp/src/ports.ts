/** What the endpoint reads and asks of others. packages/kubernetes satisfies ClusterReads with the reader identity; functions/mcp wires the rest. */
import type { ChangeRequest, Json, Refusal, Requester, Result } from '@countersign/approvals';

export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string;
  readonly tailLines: number;
  readonly previous: boolean;
}

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
  resource(kind: string, namespace: string, name: string): Promise<Result<Json, Refusal>>;
  deploymentDiagnostics(namespace: string, name: string, limit: number): Promise<Result<Json, Refusal>>;
}

/** functions/mcp invokes functions/propose and waits (Lambda Invoke; locally the same handler). */
export interface ProposeClient {
  propose(request: {
    readonly requester: Requester;
    readonly groups: readonly string[];
    readonly change: ChangeRequest;
    readonly words: { readonly title: string; readonly reason: string };
  }): Promise<Result<{ readonly planId: string }, Refusal>>;
}
