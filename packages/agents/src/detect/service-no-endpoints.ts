/** ServiceNoEndpoints: a selector is set and nothing behind it is ready, though something should be. */
import { targetKey } from '@countersign/approvals';
import { POD_NOT_READY_SECONDS, SERVICE_FRESH_SECONDS } from '../limits.ts';
import type { DeploymentFacts, PodFacts, ServiceFacts } from '../ports.ts';
import { shownText } from '../untrusted-text.ts';
import { rolloutUnderWay } from './deployment-unavailable.ts';
import type { Observation } from './finding.ts';
import { labelIndexOf } from './label-index.ts';
import { type NamespaceView, secondsSince, targetOf } from './namespace-view.ts';
import { byText } from './order.ts';

/** A finding and the keys of the workloads behind the Service, whose own findings may explain it. */
export interface ServiceObservation {
  readonly observation: Observation;
  readonly backends: readonly string[];
  /** Pods are on their way: no finding, unless something is known to keep them from coming. */
  readonly excused: boolean;
}

export function detectServiceNoEndpoints(view: NamespaceView): readonly ServiceObservation[] {
  const suspects = view.facts.services.filter((service) => isSuspect(service));
  const selectors = suspects.map(({ selector }) => selector ?? {});
  const live = [...view.workloads.values()].flatMap(({ pods }) => pods);
  const pods = labelIndexOf(live, (pod) => pod.labels, selectors);
  const deployments = labelIndexOf(view.facts.deployments, podLabelsOf, selectors);
  return suspects
    .map((service) =>
      judge(service, view, pods.matching(service.selector ?? {}), deployments.matching(service.selector ?? {})),
    )
    .filter((found) => found !== undefined)
    .sort((a, b) => byText(a.observation.target.name, b.observation.target.name));
}

/** Without a selector somebody else keeps the endpoints (headless, ExternalName, hand-made): none is not our finding. */
function isSuspect(service: ServiceFacts): boolean {
  if (service.type === 'ExternalName' || service.selector === null || Object.keys(service.selector).length === 0)
    return false;
  return service.readyEndpoints === 0;
}

function judge(
  service: ServiceFacts,
  view: NamespaceView,
  pods: readonly PodFacts[],
  deployments: readonly DeploymentFacts[],
): ServiceObservation | undefined {
  // Everything that could stand behind it is scaled to zero: nobody answers on purpose.
  if (pods.length === 0 && deployments.length > 0 && deployments.every(({ desired }) => desired === 0))
    return undefined;
  const target = targetOf('Service', view.facts.namespace, service.name, service.uid);
  if (target === undefined) return undefined;
  const backends = new Set([
    ...pods.flatMap((pod) => view.workloadOfPod.get(pod.name) ?? []),
    ...deployments.flatMap((deployment) => keyOf(deployment, view) ?? []),
  ]);
  // A new Service's endpoints take a moment; with nothing behind it there is nothing to wait for.
  const fresh = secondsSince(view, service.createdAt) < SERVICE_FRESH_SECONDS;
  const excused =
    (fresh && backends.size > 0) ||
    deployments.some((deployment) => rolloutUnderWay(deployment, view)) ||
    (pods.length > 0 && pods.every((pod) => isStarting(pod, view)));
  return { observation: observation(service, target, pods, deployments), backends: [...backends].sort(), excused };
}

const podLabelsOf = (deployment: DeploymentFacts): Readonly<Record<string, string>> =>
  deployment.templateLabels ?? deployment.selector;

/** Young, and nothing says yet that it will not come up. */
const isStarting = (pod: PodFacts, view: NamespaceView): boolean =>
  secondsSince(view, pod.notReadySince ?? pod.createdAt) < POD_NOT_READY_SECONDS &&
  pod.containers.every((c) => c.waitingReason === null || c.waitingReason === 'ContainerCreating');

function keyOf(deployment: DeploymentFacts, view: NamespaceView): string | undefined {
  const target = targetOf('Deployment', view.facts.namespace, deployment.name, deployment.uid);
  return target === undefined ? undefined : targetKey(target);
}

function observation(
  service: ServiceFacts,
  target: Observation['target'],
  pods: readonly PodFacts[],
  deployments: readonly DeploymentFacts[],
): Observation {
  const why = pods.length > 0 ? `none of its ${pods.length} pods is ready` : 'its selector matches no pod';
  const selector = Object.entries(service.selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
  return {
    category: 'ServiceNoEndpoints',
    // Why there are none changes while the anomaly lasts; the key must not.
    cause: 'no-endpoints',
    target,
    summary: `Service ${target.namespace}/${target.name} has no ready endpoints: ${why}`,
    replicas: null,
    pods: { total: pods.length, down: pods.length },
    containers: [],
    facts: {
      why: pods.length > 0 ? 'backends-not-ready' : 'selector-matches-nothing',
      selector: shownText(selector, 200),
      readyEndpoints: service.readyEndpoints,
      totalEndpoints: service.totalEndpoints,
      podsMatching: pods.length,
      deploymentsMatching: deployments.length,
    },
    evidence: [
      {
        source: `service ${service.name}`,
        content: `selector ${selector}; ${service.readyEndpoints} of ${service.totalEndpoints} endpoints ready; ${pods.length} pods match`,
      },
    ],
  };
}
