/** The facts that a blast radius asks of each kind around a target. */
import type { Json } from '@countersign/approvals';
import { containersOf, podSpecsOf } from '../deny-rules/pod-containers.ts';
import { listAt, numberAt, objectAt, textAt, valueAt } from '../objects/json-at.ts';
import {
  AUTOSCALERS,
  CONFIG_MAPS,
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  DISRUPTION_BUDGETS,
  ENDPOINT_SLICES,
  EVENTS,
  INGRESSES,
  JOBS,
  PODS,
  REPLICA_SETS,
  type ResourceKind,
  SERVICES,
  STATEFUL_SETS,
} from '../objects/resource-kinds.ts';
import { type LabelSelector, type Labels, labelsOf, selectorText } from '../objects/selectors.ts';
import type { Asked } from './looker.ts';

const nameOf = (object: Json): string => textAt(object, 'metadata', 'name') ?? '';
const uidOf = (object: Json): string => textAt(object, 'metadata', 'uid') ?? '';
const ownersOf = (object: Json): readonly string[] =>
  listAt(object, 'metadata', 'ownerReferences').map((owner) => textAt(owner, 'uid') ?? '');

export interface PodAround {
  readonly name: string;
  readonly uid: string;
  readonly owners: readonly string[];
  readonly labels: Labels;
  readonly ready: boolean;
}
export const podsAround: Asked<PodAround> = {
  kind: PODS,
  pick: (pod) => ({
    name: nameOf(pod),
    uid: uidOf(pod),
    owners: ownersOf(pod),
    labels: labelsOf(objectAt(pod, 'metadata', 'labels')),
    ready: listAt(pod, 'status', 'conditions').some(
      (condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True',
    ),
  }),
};

export interface ServiceAround {
  readonly name: string;
  /** Null: it selects nothing; somebody else fills its endpoints. */
  readonly selector: Labels | null;
}
export const servicesAround: Asked<ServiceAround> = {
  kind: SERVICES,
  pick: (service) => {
    const selector = labelsOf(valueAt(service, 'spec', 'selector'));
    return { name: nameOf(service), selector: Object.keys(selector).length > 0 ? selector : null };
  },
};

export interface EndpointAround {
  readonly service: string;
  /** The pod behind it, or its address: an address in each family is one endpoint. */
  readonly key: string;
  readonly pod: string | null;
  readonly ready: boolean;
}
export const endpointsAround: Asked<readonly EndpointAround[]> = {
  kind: ENDPOINT_SLICES,
  pick: (slice) =>
    listAt(slice, 'endpoints').map((endpoint) => {
      const pod =
        textAt(endpoint, 'targetRef', 'kind') === 'Pod' ? (textAt(endpoint, 'targetRef', 'name') ?? null) : null;
      return {
        service: textAt(slice, 'metadata', 'labels', 'kubernetes.io/service-name') ?? '',
        key: textAt(endpoint, 'targetRef', 'uid') ?? pod ?? textAt(endpoint, 'addresses', '0') ?? '',
        pod,
        // Absent means unknown, and "should be taken as ready" (discovery/v1, EndpointConditions).
        ready: valueAt(endpoint, 'conditions', 'ready') !== false,
      };
    }),
};

export const autoscalersAround: Asked<{
  readonly name: string;
  readonly kind: string;
  readonly target: string;
  readonly min: number;
  readonly max: number;
}> = {
  kind: AUTOSCALERS,
  pick: (autoscaler) => ({
    name: nameOf(autoscaler),
    kind: textAt(autoscaler, 'spec', 'scaleTargetRef', 'kind') ?? '',
    target: textAt(autoscaler, 'spec', 'scaleTargetRef', 'name') ?? '',
    min: numberAt(autoscaler, 'spec', 'minReplicas') ?? 1,
    max: numberAt(autoscaler, 'spec', 'maxReplicas') ?? 1,
  }),
};

export const budgetsAround: Asked<{
  readonly name: string;
  readonly selector: LabelSelector;
  readonly disruptionsAllowed: number | null;
}> = {
  kind: DISRUPTION_BUDGETS,
  pick: (budget) => {
    const selector = valueAt(budget, 'spec', 'selector');
    return selector === undefined
      ? undefined
      : {
          name: nameOf(budget),
          selector: selector as LabelSelector,
          disruptionsAllowed: numberAt(budget, 'status', 'disruptionsAllowed') ?? null,
        };
  },
};

export const ingressesAround: Asked<{ readonly name: string; readonly services: readonly string[] }> = {
  kind: INGRESSES,
  pick: (ingress) => {
    const backends = [
      valueAt(ingress, 'spec', 'defaultBackend'),
      ...listAt(ingress, 'spec', 'rules').flatMap((rule) =>
        listAt(rule, 'http', 'paths').map((path) => valueAt(path, 'backend')),
      ),
    ];
    return { name: nameOf(ingress), services: backends.flatMap((backend) => textAt(backend, 'service', 'name') ?? []) };
  },
};

/** What is owned, for what goes with its owner. */
export interface OwnedAround {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly owners: readonly string[];
  /** RFC 3339; empty where it says none. */
  readonly createdAt: string;
}
const owned = (kind: ResourceKind): Asked<OwnedAround> => ({
  kind,
  pick: (object) => {
    const owners = ownersOf(object);
    const createdAt = textAt(object, 'metadata', 'creationTimestamp') ?? '';
    return owners.length === 0
      ? undefined
      : { kind: kind.kind, name: nameOf(object), uid: uidOf(object), owners, createdAt };
  },
});
export const replicaSetsAround = owned(REPLICA_SETS);
/** Kinds of which Countersign may look for dependants. */
export const ownedAround: readonly Asked<OwnedAround>[] = [
  replicaSetsAround,
  ...[PODS, JOBS, CRON_JOBS, DEPLOYMENTS, STATEFUL_SETS, DAEMON_SETS, SERVICES, CONFIG_MAPS, INGRESSES].map(owned),
];

/** Workloads and the ConfigMaps that their pods read. Pods and Jobs that somebody else made are told of by their makers. */
export interface ReaderAround {
  readonly kind: string;
  readonly name: string;
  readonly configMaps: readonly string[];
}
export const readersAround: readonly Asked<ReaderAround>[] = [
  DEPLOYMENTS,
  STATEFUL_SETS,
  DAEMON_SETS,
  CRON_JOBS,
  JOBS,
  PODS,
].map((kind) => ({
  kind,
  pick: (object) => {
    const configMaps = configMapsOf(object);
    return configMaps.length === 0 || ownersOf(object).length > 0
      ? undefined
      : { kind: kind.kind, name: nameOf(object), configMaps };
  },
}));

const configMapsOf = (object: Json): readonly string[] =>
  podSpecsOf(object)
    .flatMap((spec) => [
      ...listAt(spec, 'volumes').flatMap((volume) => [
        textAt(volume, 'configMap', 'name'),
        ...listAt(volume, 'projected', 'sources').map((source) => textAt(source, 'configMap', 'name')),
      ]),
      ...containersOf(spec).flatMap(({ container }) => [
        ...listAt(container, 'envFrom').map((source) => textAt(source, 'configMapRef', 'name')),
        ...listAt(container, 'env').map((variable) => textAt(variable, 'valueFrom', 'configMapKeyRef', 'name')),
      ]),
    ])
    .filter((name) => name !== undefined);

const warning = (event: Json): string =>
  textAt(event, 'series', 'lastObservedTime') ?? textAt(event, 'lastTimestamp') ?? textAt(event, 'eventTime') ?? '';
/** When the target's warnings were last seen (RFC 3339). A namespace holds thousands of events, an object few. */
export const warningsOf = ({ kind, name }: { readonly kind: string; readonly name: string }): Asked<string> => ({
  kind: EVENTS,
  pick: warning,
  selectors: { fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name},type=Warning` },
});

/** Narrowed to those with the labels; not at all where a query cannot say the selector, so that what comes must still be looked at. */
export const withLabels = <T>(asked: Asked<T>, selector: LabelSelector): Asked<T> => ({
  ...asked,
  selectors: { labelSelector: selectorText(selector) },
});
