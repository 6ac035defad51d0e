/** get_k8s_status: one namespace at a glance. */
import { type Json, pass, type Refusal, type Result } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listSome } from '../connection/list.ts';
import { OVERVIEW_OBJECTS_MAX } from '../limits.ts';
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  PODS,
  REPLICA_SETS,
  type ResourceKind,
  SERVICES,
} from '../objects/resource-kinds.ts';
import type { ConfigMap, Deployment, Pod, ReplicaSet, Service } from '../objects/wire.ts';
import {
  configMapSummary,
  deploymentSummary,
  podSummary,
  replicaSetSummary,
  serviceSummary,
} from './summaries/core.ts';

export const STATUS_KINDS: readonly ResourceKind[] = [DEPLOYMENTS, SERVICES, CONFIG_MAPS, PODS, REPLICA_SETS];

export async function readStatus(
  connection: ClusterConnection,
  namespace: string,
  labelSelector: string | undefined,
): Promise<Result<Json, Refusal>> {
  const truncated: string[] = [];
  const some = async <T>(kind: ResourceKind, summary: (object: T) => Json): Promise<readonly Json[]> => {
    const { items, more } = await listSome<T>(connection, kind, namespace, OVERVIEW_OBJECTS_MAX, { labelSelector });
    if (more) truncated.push(kind.plural);
    return items.map(summary);
  };
  const [deployments, services, configMaps, pods, replicaSets] = await Promise.all([
    some<Deployment>(DEPLOYMENTS, deploymentSummary),
    some<Service>(SERVICES, serviceSummary),
    some<ConfigMap>(CONFIG_MAPS, configMapSummary),
    some<Pod>(PODS, podSummary),
    some<ReplicaSet>(REPLICA_SETS, replicaSetSummary),
  ]);
  // Kinds of which only the first OVERVIEW_OBJECTS_MAX are listed.
  return pass({
    namespace,
    labelSelector: labelSelector ?? null,
    deployments,
    services,
    configMaps,
    pods,
    replicaSets,
    truncated: truncated.sort(),
  });
}
