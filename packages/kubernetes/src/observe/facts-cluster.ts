/** One namespace reduced to what detectors read. Reader identity. Whole lists or nothing: a cycle never emits from part of the truth. */
import { type Clock, NAMESPACE_PATTERN } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listAll } from '../connection/list.ts';
import { countEndpoints } from '../objects/endpoint-count.ts';
import { type EventFacts, eventFacts } from '../objects/event-facts.ts';
import { DEPLOYMENTS, ENDPOINT_SLICES, EVENTS, PODS, REPLICA_SETS, SERVICES } from '../objects/resource-kinds.ts';
import type { Deployment, EndpointSlice, KubeEvent, Pod, ReplicaSet, Service } from '../objects/wire.ts';
import { safeMessage } from '../read/safe-text.ts';
import { type DeploymentFacts, deploymentFacts } from './deployment-facts.ts';
import { type PodFacts, podFacts } from './pod-facts.ts';

export interface ServiceFacts {
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly type: string;
  readonly selector: Readonly<Record<string, string>> | null;
  readonly readyEndpoints: number;
  readonly totalEndpoints: number;
}

export interface NamespaceFacts {
  readonly namespace: string;
  readonly capturedAt: string;
  readonly deployments: readonly DeploymentFacts[];
  readonly pods: readonly PodFacts[];
  readonly services: readonly ServiceFacts[];
  readonly events: readonly EventFacts[];
}

export interface FactsCluster {
  name(): string;
  facts(namespace: string): Promise<NamespaceFacts>;
}

/** `clock` dates the view. `facts` throws Unavailable where any part of the view is missing. */
export function factsCluster(connection: ClusterConnection, clock: Clock = () => new Date()): FactsCluster {
  return {
    name: () => connection.name,
    facts: async (namespace) => {
      if (!NAMESPACE_PATTERN.test(namespace)) throw new Error('the namespace is no RFC 1123 label');
      const [deployments, replicaSets, pods, services, slices, events] = await Promise.all([
        listAll<Deployment>(connection, DEPLOYMENTS, namespace),
        listAll<ReplicaSet>(connection, REPLICA_SETS, namespace),
        listAll<Pod>(connection, PODS, namespace),
        listAll<Service>(connection, SERVICES, namespace),
        listAll<EndpointSlice>(connection, ENDPOINT_SLICES, namespace),
        listAll<KubeEvent>(connection, EVENTS, namespace),
      ]);
      const happened = events.map(eventFacts);
      return {
        namespace,
        capturedAt: clock().toISOString(),
        deployments: deployments.map((deployment) => deploymentFacts(deployment, replicaSets, happened)),
        pods: pods.map((pod) => podFacts(pod, replicaSets)),
        services: services.map((service) => serviceFacts(service, slices)),
        // Text of anybody's: detectors treat it as hostile, but a secret must not even get that far.
        events: happened.map((event) => ({ ...event, message: safeMessage(event.message) })),
      };
    },
  };
}

function serviceFacts({ metadata, spec }: Service, slices: readonly EndpointSlice[]): ServiceFacts {
  const name = metadata?.name ?? '';
  const { ready, total } = countEndpoints(name, slices);
  const selects = Object.keys(spec?.selector ?? {}).length > 0;
  return {
    name,
    uid: metadata?.uid ?? '',
    createdAt: metadata?.creationTimestamp ?? '',
    type: spec?.type ?? 'ClusterIP',
    selector: selects ? (spec?.selector ?? null) : null,
    readyEndpoints: ready,
    totalEndpoints: total,
  };
}
