/** get_k8s_resource: one object, slim. Secrets are refused by kind, and no other kind can be spelt into one. */
import { type Json, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listAll } from '../connection/list.ts';
import { readObject } from '../connection/read.ts';
import {
  CONFIG_MAPS,
  DEPLOYMENTS,
  ENDPOINT_SLICES,
  objectPath,
  PODS,
  REPLICA_SETS,
  type ResourceKind,
  SERVICES,
} from '../objects/resource-kinds.ts';
import type { ConfigMap, Deployment, EndpointSlice, Pod, ReplicaSet, Service } from '../objects/wire.ts';
import { neutralise } from '../redaction/neutralise.ts';
import {
  conditions,
  configMapSummary,
  deploymentSummary,
  podDetail,
  replicaSetSummary,
  serviceDetail,
} from './summaries.ts';

type Describe = (object: Json, connection: ClusterConnection, namespace: string) => Promise<Json> | Json;

const READABLE: Readonly<Record<string, { readonly kind: ResourceKind; readonly describe: Describe }>> = {
  Deployment: {
    kind: DEPLOYMENTS,
    describe: (object) => {
      const deployment = object as Deployment;
      const { strategy, selector } = deployment.spec ?? {};
      return {
        ...deploymentSummary(deployment),
        strategy: strategy?.type ?? 'RollingUpdate',
        selector: { ...selector?.matchLabels },
        conditions: conditions(deployment.status?.conditions),
      };
    },
  },
  ReplicaSet: { kind: REPLICA_SETS, describe: (object) => replicaSetSummary(object as ReplicaSet) },
  Pod: { kind: PODS, describe: (object) => podDetail(object as Pod) },
  Service: {
    kind: SERVICES,
    describe: async (object, connection, namespace) => {
      const service = object as Service;
      const labelSelector = `kubernetes.io/service-name=${service.metadata?.name ?? ''}`;
      return serviceDetail(
        service,
        await listAll<EndpointSlice>(connection, ENDPOINT_SLICES, namespace, { labelSelector }),
      );
    },
  },
  ConfigMap: { kind: CONFIG_MAPS, describe: (object) => configMapSummary(object as ConfigMap) },
};

export async function readResource(
  connection: ClusterConnection,
  kind: string,
  namespace: string,
  name: string,
): Promise<Result<Json, Refusal>> {
  const readable = Object.hasOwn(READABLE, kind) ? READABLE[kind] : undefined;
  if (readable === undefined) {
    return refuse({ code: 'target.kind_not_supported', kind: neutralise(kind, 63), allowed: Object.keys(READABLE) });
  }
  const object = await readObject(connection, objectPath(readable.kind, namespace, name));
  if (object === null) return refuse({ code: 'target.not_found', kind, namespace, name });
  return pass({ kind, namespace, ...Object(await readable.describe(object, connection, namespace)) });
}
