/**
 * What agents may see: slim, bounded, without secrets, with text from the cluster neutralised. Reader identity. The endpoint judges who
 * may read where; the allow-list is judged here, too, so that no caller can forget it.
 */
import {
  type Json,
  NAMESPACE_PATTERN,
  OBJECT_NAME_PATTERN,
  type Refusal,
  type Result,
  refuse,
  Unavailable,
} from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { InvalidSelector } from '../connection/list.ts';
import { Forbidden } from '../connection/read.ts';
import { SELECTOR_CHARACTERS_MAX } from '../limits.ts';
import { deploymentDiagnostics } from './deployment-diagnostics.ts';
import { type EventQuery, readEvents } from './events.ts';
import { type LogQuery, type Logs, readLogs } from './logs.ts';
import { readResource } from './resource.ts';
import { readStatus } from './status.ts';

export interface ClusterReads {
  status(namespace: string, labelSelector?: string): Promise<Result<Json, Refusal>>;
  events(query: EventQuery): Promise<Result<Json, Refusal>>;
  logs(query: LogQuery): Promise<Result<Logs, Refusal>>;
  resource(kind: string, namespace: string, name: string): Promise<Result<Json, Refusal>>;
  deploymentDiagnostics(namespace: string, name: string, limit: number): Promise<Result<Json, Refusal>>;
}

/** `namespaces`: the allow-list. Every method answers a refusal where the cluster does not answer; none throws for what the cluster does. */
export function clusterReads(
  connection: ClusterConnection,
  { namespaces }: { readonly namespaces: readonly string[] },
): ClusterReads {
  const within = async <T>(asked: Asked, read: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> => {
    const refusal = unfit(asked, namespaces);
    return refusal === undefined ? answered(read) : refuse(refusal);
  };
  return {
    status: (namespace, labelSelector) =>
      within({ namespace, labelSelector }, () => readStatus(connection, namespace, labelSelector)),
    events: (query) => within(query, () => readEvents(connection, query)),
    logs: (query) =>
      within({ namespace: query.namespace, pod: query.pod, container: query.container }, () =>
        readLogs(connection, query),
      ),
    resource: (kind, namespace, name) =>
      within({ namespace, name }, () => readResource(connection, kind, namespace, name)),
    deploymentDiagnostics: (namespace, name, limit) =>
      within({ namespace, name }, () => deploymentDiagnostics(connection, namespace, name, limit)),
  };
}

interface Asked {
  readonly namespace: string;
  readonly name?: string;
  readonly pod?: string;
  readonly container?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
}

/** Before any URL is built: flags, paths and shell text are no names. */
function unfit(asked: Asked, namespaces: readonly string[]): Refusal | undefined {
  const issues = [
    ...(NAMESPACE_PATTERN.test(asked.namespace) ? [] : ['namespace: it is no RFC 1123 label']),
    ...(['name', 'pod'] as const).flatMap((member) =>
      asked[member] === undefined || OBJECT_NAME_PATTERN.test(asked[member])
        ? []
        : [`${member}: it is no RFC 1123 subdomain`],
    ),
    ...(asked.container === undefined || NAMESPACE_PATTERN.test(asked.container)
      ? []
      : ['container: it is no RFC 1123 label']),
    ...(['labelSelector', 'fieldSelector'] as const).flatMap((member) =>
      (asked[member]?.length ?? 0) <= SELECTOR_CHARACTERS_MAX
        ? []
        : [`${member}: it is longer than ${SELECTOR_CHARACTERS_MAX} characters`],
    ),
  ];
  if (issues.length > 0) return { code: 'request.invalid', issues };
  if (namespaces.includes(asked.namespace)) return undefined;
  return { code: 'access.not_bound', namespace: asked.namespace, operation: 'read', allowed: namespaces };
}

async function answered<T>(read: () => Promise<Result<T, Refusal>>): Promise<Result<T, Refusal>> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof InvalidSelector)
      return refuse({ code: 'request.invalid', issues: ['selector: the cluster does not understand it'] });
    if (error instanceof Forbidden) return refuse({ code: 'cluster.forbidden' });
    if (error instanceof Unavailable) return refuse({ code: 'cluster.unreachable' });
    throw error;
  }
}
