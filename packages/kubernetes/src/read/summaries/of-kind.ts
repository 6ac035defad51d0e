/** Which summary a kind has. `brief` is a line of a list, `full` is one object; a kind that is not here has the generic one. */
import type { Json } from '@countersign/approvals';
import { eventFacts } from '../../objects/event-facts.ts';
import { isObject, listAt, numberAt, objectAt, textAt } from '../../objects/json-at.ts';
import { labelsOf } from '../../objects/selectors.ts';
import type {
  ConfigMap,
  CronJob,
  DaemonSet,
  Deployment,
  EndpointSlice,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  KubeEvent,
  Pod,
  ReplicaSet,
  Service,
  StatefulSet,
  VolumeClaim,
} from '../../objects/wire.ts';
import { eventJson } from '../events.ts';
import { safeAnnotations, safeLabels, safeWord } from '../safe-text.ts';
import { shownObject } from '../shown-object.ts';
import {
  compact,
  conditions,
  configMapDetail,
  configMapSummary,
  deploymentSummary,
  type JsonMap,
  podDetail,
  podSummary,
  replicaSetSummary,
  serviceSummary,
} from './core.ts';
import { autoscalerSummary, endpointSliceSummary, ingressSummary, volumeClaimSummary } from './network.ts';
import { cronJobSummary, daemonSetSummary, jobSummary, statefulSetSummary } from './workloads.ts';

export interface KindSummary {
  readonly brief: (object: Json) => JsonMap;
  readonly full: (object: Json) => JsonMap;
}

/** An object of a built-in kind is what the API server validated it to be. */
const of = <T>(full: (object: T) => JsonMap, brief: (object: T) => JsonMap = full): KindSummary => ({
  full: (object) => full(object as T),
  // Labels are the longest part of a list and seldom the question.
  brief: (object) => {
    const { labels: _labels, conditions: _conditions, ...rest } = brief(object as T);
    return compact(rest);
  },
});

const ready = ({ ready: some, desired }: { readonly ready: number; readonly desired: number }): string =>
  `${some}/${desired}`;

function deploymentFull(deployment: Deployment): JsonMap {
  const { strategy, selector } = deployment.spec ?? {};
  return {
    ...deploymentSummary(deployment),
    strategy: safeWord(strategy?.type ?? 'RollingUpdate'),
    selector: safeLabels(selector?.matchLabels),
    conditions: conditions(deployment.status?.conditions),
  };
}

function podBrief(pod: Pod): JsonMap {
  const { name, createdAt, phase, deleting, readyContainers, totalContainers, restarts, waiting } = podSummary(pod);
  const reasons = (waiting as readonly { readonly reason: string }[]).map(({ reason }) => reason);
  return {
    name: name ?? '',
    phase: phase ?? '',
    ready: ready({ ready: Number(readyContainers), desired: Number(totalContainers) }),
    restarts: restarts ?? 0,
    why: safeWord(pod.status?.reason) || [...new Set(reasons)].join(', '),
    deleting: deleting === true ? true : null,
    node: safeWord(pod.spec?.nodeName),
    createdAt: createdAt ?? '',
  };
}

const SUMMARIES: Readonly<Record<string, KindSummary>> = {
  pods: of<Pod>(podDetail, podBrief),
  services: of<Service>(serviceSummary),
  configmaps: of<ConfigMap>(configMapDetail, configMapSummary),
  events: of<KubeEvent>((event) => eventJson(eventFacts(event)) as JsonMap),
  persistentvolumeclaims: of<VolumeClaim>(volumeClaimSummary),
  'deployments.apps': of<Deployment>(deploymentFull, deploymentSummary),
  'replicasets.apps': of<ReplicaSet>(replicaSetSummary),
  'statefulsets.apps': of<StatefulSet>(statefulSetSummary),
  'daemonsets.apps': of<DaemonSet>(daemonSetSummary),
  'jobs.batch': of<Job>(jobSummary),
  'cronjobs.batch': of<CronJob>(cronJobSummary),
  'ingresses.networking.k8s.io': of<Ingress>(ingressSummary),
  'endpointslices.discovery.k8s.io': of<EndpointSlice>(endpointSliceSummary),
  'horizontalpodautoscalers.autoscaling': of<HorizontalPodAutoscaler>(autoscalerSummary),
};

/** Undefined where nothing is known of the kind: a list of it is better asked of the server as a Table. */
export const knownSummary = (key: string): KindSummary | undefined =>
  Object.hasOwn(SUMMARIES, key) ? SUMMARIES[key] : undefined;

/** What nearly every kind has: labels, owner, phase, conditions, and how many replicas of how many. */
export function genericSummary(object: Json): JsonMap {
  const status = objectAt(object, 'status');
  const owner = listAt(object, 'metadata', 'ownerReferences').find((one) => isObject(one) && one.controller === true);
  return compact({
    name: safeWord(textAt(object, 'metadata', 'name')),
    labels: safeLabels(labelsOf(objectAt(object, 'metadata', 'labels'))),
    annotations: safeAnnotations(objectAt(object, 'metadata', 'annotations')),
    createdAt: safeWord(textAt(object, 'metadata', 'creationTimestamp')),
    deleting: textAt(object, 'metadata', 'deletionTimestamp') === undefined ? null : true,
    owner:
      owner === undefined ? null : { kind: safeWord(textAt(owner, 'kind')), name: safeWord(textAt(owner, 'name')) },
    phase: safeWord(textAt(status, 'phase')),
    replicas: numberAt(status, 'replicas') ?? null,
    readyReplicas: numberAt(status, 'readyReplicas') ?? null,
    conditions: genericConditions(listAt(status, 'conditions')),
  });
}

function genericConditions(list: readonly Json[]): Json {
  const text = (one: Json, member: string): string => textAt(one, member) ?? '';
  return conditions(
    list.filter(isObject).map((one) => ({
      type: text(one, 'type'),
      status: text(one, 'status'),
      reason: text(one, 'reason'),
      message: text(one, 'message'),
      lastTransitionTime: textAt(one, 'lastTransitionTime'),
    })),
  );
}

/** The generic one with spec and status, slim: for one object of a kind of which nothing else is known. */
export const genericDetail = (object: Json): JsonMap => {
  const { spec = null, status = null } = shownObject(object, 'concise') as JsonMap;
  return compact({ ...genericSummary(object), spec, status });
};
