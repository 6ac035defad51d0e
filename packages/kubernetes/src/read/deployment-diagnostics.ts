/** get_deployment_diagnostics: a Deployment with everything that explains its state: revisions, pods, Services, events. */
import { type Json, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listAll } from '../connection/list.ts';
import { readObject } from '../connection/read.ts';
import { DEPLOYMENTS, ENDPOINT_SLICES, objectPath, PODS, REPLICA_SETS, SERVICES } from '../objects/resource-kinds.ts';
import { type LabelSelector, selectorMatches } from '../objects/selectors.ts';
import type { Deployment, EndpointSlice, ObjectMeta, Pod, ReplicaSet, Service } from '../objects/wire.ts';
import { eventJson, newestEvents } from './events.ts';
import {
  conditions,
  deploymentSummary,
  podDetail,
  REVISION,
  replicaSetSummary,
  serviceDetail,
} from './summaries/core.ts';

/** `limit`: of ReplicaSets, of pods and of events, each the newest. */
export async function deploymentDiagnostics(
  connection: ClusterConnection,
  namespace: string,
  name: string,
  limit: number,
): Promise<Result<Json, Refusal>> {
  const deployment = (await readObject(connection, objectPath(DEPLOYMENTS, namespace, name))) as Deployment | null;
  if (deployment === null) return refuse({ code: 'target.not_found', kind: 'Deployment', namespace, name });
  const [allSets, allPods, allServices, slices] = await Promise.all([
    listAll<ReplicaSet>(connection, REPLICA_SETS, namespace),
    listAll<Pod>(connection, PODS, namespace),
    listAll<Service>(connection, SERVICES, namespace),
    listAll<EndpointSlice>(connection, ENDPOINT_SLICES, namespace),
  ]);
  const sets = allSets.filter(({ metadata }) => ownedBy(metadata, [deployment.metadata?.uid]));
  const pods = allPods.filter(({ metadata }) =>
    ownedBy(
      metadata,
      sets.map((set) => set.metadata?.uid),
    ),
  );
  const labels = deployment.spec?.template.metadata?.labels ?? {};
  const services = allServices.filter(({ spec }) => {
    const matchLabels = spec?.selector;
    return (
      matchLabels !== undefined &&
      Object.keys(matchLabels).length > 0 &&
      selectorMatches({ matchLabels } as LabelSelector, labels)
    );
  });
  const uids = new Set([deployment, ...sets, ...pods].map(({ metadata }) => metadata?.uid));
  const { events, matched } = await newestEvents(
    connection,
    namespace,
    limit,
    ({ involved }) => involved.uid !== null && uids.has(involved.uid),
  );
  return pass({
    namespace,
    deployment: { ...deploymentSummary(deployment), conditions: conditions(deployment.status?.conditions) },
    replicaSets: [...sets].sort(byRevision).slice(0, limit).map(replicaSetSummary),
    pods: [...pods].sort(byAge).slice(0, limit).map(podDetail),
    services: services.map((service) => serviceDetail(service, slices)),
    events: events.map(eventJson),
    truncated: sets.length > limit || pods.length > limit || matched > limit,
  });
}

const ownedBy = (metadata: ObjectMeta | undefined, uids: readonly (string | undefined)[]): boolean =>
  metadata?.ownerReferences?.some(({ controller, uid }) => controller === true && uids.includes(uid)) === true;

const byRevision = (a: ReplicaSet, b: ReplicaSet): number =>
  Number(b.metadata?.annotations?.[REVISION] ?? 0) - Number(a.metadata?.annotations?.[REVISION] ?? 0);

const byAge = (a: Pod, b: Pod): number =>
  (a.metadata?.creationTimestamp ?? '') > (b.metadata?.creationTimestamp ?? '') ? -1 : 1;
