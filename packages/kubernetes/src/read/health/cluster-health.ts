/** get_cluster_health: the control plane as far as a reader sees it, the nodes, and the pods of the namespaces that were asked for. */
import { type Json, pass, type Refusal, type Result, Unavailable } from '@countersign/approvals';
import type { ClusterConnection } from '../../connection/connect-cluster.ts';
import { Forbidden, readRaw, readServerVersion } from '../../connection/read.ts';
import { NAMESPACES_AT_ONCE, NODES_SHOWN_MAX } from '../../limits.ts';
import { NO_RESOURCES, sum } from '../quantity.ts';
import { type NamespaceHealth, namespaceHealth, namespaceHealthJson } from './namespace-health.ts';
import { nodesHealth } from './nodes.ts';

export interface HealthQuery {
  readonly namespaces: readonly string[];
  readonly nodeLimit: number;
}

export async function clusterHealth(
  connection: ClusterConnection,
  { namespaces, nodeLimit }: HealthQuery,
  may: { readonly nodes: boolean; readonly pods: boolean },
): Promise<Result<Json, Refusal>> {
  const limit = Math.min(Math.max(nodeLimit, 1), NODES_SHOWN_MAX);
  const [version, readiness, nodes] = await Promise.all([
    readServerVersion(connection),
    readReadiness(connection),
    may.nodes ? visibleNodes(connection, limit) : { visible: false, why: 'the policy denies the kind nodes' },
  ]);
  const health: NamespaceHealth[] = [];
  // A few at a time: each holds a page, and the API server's fairness would queue more.
  for (let at = 0; may.pods && at < namespaces.length; at += NAMESPACES_AT_ONCE) {
    const some = namespaces.slice(at, at + NAMESPACES_AT_ONCE);
    health.push(...(await Promise.all(some.map((namespace) => namespaceHealth(connection, namespace)))));
  }
  return pass({
    version,
    readiness,
    nodes,
    pods: {
      total: health.reduce((total, { pods }) => total + pods, 0),
      ready: health.reduce((total, { ready }) => total + ready, 0),
      unhealthy: health.reduce((total, { unhealthy }) => total + unhealthy, 0),
      requested: { ...health.map(({ requested }) => requested).reduce(sum, NO_RESOURCES) },
    },
    namespaces: health.map(namespaceHealthJson),
  });
}

/** `/readyz` tells anybody whether the API server takes requests, and nobody of the reader's kind why not. */
async function readReadiness(connection: ClusterConnection): Promise<string> {
  try {
    const answer = await readRaw(connection, ['readyz']);
    return answer.kind === 'found' && answer.body.toString('utf8').trim() === 'ok' ? 'ready' : 'unknown';
  } catch (error) {
    if (error instanceof Forbidden) return 'not visible';
    // 500: a check of it fails. It still answered the other requests.
    if (error instanceof Unavailable) return 'not ready';
    throw error;
  }
}

async function visibleNodes(connection: ClusterConnection, limit: number): Promise<{ readonly [fact: string]: Json }> {
  try {
    return await nodesHealth(connection, limit);
  } catch (error) {
    if (error instanceof Forbidden) return { visible: false, why: `the reader's role lacks ${error.rule ?? 'a rule'}` };
    throw error;
  }
}
