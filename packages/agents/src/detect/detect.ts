/**
 * Facts of one namespace -> findings, deterministic and pure: the same facts in any order give the same findings in the same order.
 * One root cause is one finding; what follows from it is left out, or linked to it and ranked below.
 */
import { SEVERITIES, type Severity, targetKey } from '@countersign/approvals';
import { anomalyKey } from '../anomaly-key.ts';
import { NAMESPACE_OBJECTS_MAX } from '../limits.ts';
import type { NamespaceFacts } from '../ports.ts';
import { detectDeploymentUnavailable } from './deployment-unavailable.ts';
import type { Finding, Observation } from './finding.ts';
import { viewOf } from './namespace-view.ts';
import { byText } from './order.ts';
import { detectPodUnhealthy } from './pod-unhealthy.ts';
import { detectServiceNoEndpoints } from './service-no-endpoints.ts';
import { severityOf } from './severity.ts';
import { detectWarningEvents } from './warning-event.ts';

/** Facts that are too many to look at: the namespace is skipped whole, for part of a view would resolve what is still broken. */
export const tooLarge = (facts: NamespaceFacts): boolean =>
  [facts.deployments, facts.pods, facts.services, facts.events].some(({ length }) => length > NAMESPACE_OBJECTS_MAX);

/** Most severe first. Within NAMESPACE_OBJECTS_MAX of each kind time and memory are linear in the facts. */
export function detect(cluster: string, facts: NamespaceFacts): readonly Finding[] {
  const view = viewOf(facts);
  const pods = detectPodUnhealthy(view).map((observation) => finding(cluster, observation, null));
  const unavailable = detectDeploymentUnavailable(view, targetsOf(pods)).map((observation) =>
    finding(cluster, observation, null),
  );
  const workloads = sorted([...pods, ...unavailable]);

  const worstByTarget = new Map<string, Finding>();
  for (const found of workloads.toReversed()) worstByTarget.set(targetKey(found.target), found);
  const services = detectServiceNoEndpoints(view).flatMap(({ observation, backends, excused }) => {
    const [cause] = sorted(backends.flatMap((key) => worstByTarget.get(key) ?? []));
    return cause === undefined && excused ? [] : [finding(cluster, observation, cause?.key ?? null)];
  });

  const warnings = detectWarningEvents(view, targetsOf([...workloads, ...services]));
  return sorted([...workloads, ...services, ...warnings.map((observation) => finding(cluster, observation, null))]);
}

function finding(cluster: string, observation: Observation, explainedBy: string | null): Finding {
  const { severity, rule } = severityOf({ ...observation, explained: explainedBy !== null });
  const { category, cause, target } = observation;
  return {
    ...observation,
    key: anomalyKey({ cluster, category, cause, target }),
    severity,
    severityRule: rule,
    explainedBy,
  };
}

const targetsOf = (findings: readonly Finding[]): ReadonlySet<string> =>
  new Set(findings.map(({ target }) => targetKey(target)));

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
const sorted = (findings: readonly Finding[]): readonly Finding[] =>
  findings.toSorted((a, b) => rank(a.severity) - rank(b.severity) || byText(a.key, b.key));
