/** WarningEvent: warnings that keep coming about something for which no other finding gives a reason. One-off warnings are the cluster's everyday talk. */
import { type Target, targetKey } from '@countersign/approvals';
import {
  EVIDENCE_ENTRIES_MAX,
  POD_FRESH_SECONDS,
  WARNING_COUNT_MIN,
  WARNING_ON_READY_POD_RECENT_SECONDS,
  WARNING_RECENT_SECONDS,
  WARNING_SPAN_SECONDS,
} from '../limits.ts';
import type { DeploymentFacts, EventFacts } from '../ports.ts';
import { rolloutUnderWay } from './deployment-unavailable.ts';
import type { Observation } from './finding.ts';
import { type NamespaceView, secondsSince, targetOf } from './namespace-view.ts';
import { byText } from './order.ts';

/** Reasons are written by whoever may create events: only the form that controllers use enters a key or a sentence. */
const REASON_PATTERN = /^[A-Z][A-Za-z0-9]{0,62}$/;

/** @param explained keys of targets that have a finding already */
export function detectWarningEvents(view: NamespaceView, explained: ReadonlySet<string>): readonly Observation[] {
  const groups = new Map<string, { readonly target: Target; readonly reason: string; readonly events: EventFacts[] }>();
  for (const event of view.facts.events) {
    if (!isSustained(event, view)) continue;
    const target = subjectOf(event, view);
    if (target === undefined || explained.has(targetKey(target))) continue;
    const reason = REASON_PATTERN.test(event.reason) ? event.reason : 'Other';
    const id = `${targetKey(target)} ${reason}`;
    const group = groups.get(id) ?? { target, reason, events: [] };
    group.events.push(event);
    groups.set(id, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { target, reason, events }]) => observation(target, reason, events));
}

function isSustained(event: EventFacts, view: NamespaceView): boolean {
  return (
    event.type === 'Warning' &&
    event.count >= WARNING_COUNT_MIN &&
    secondsSince(view, event.lastAt) < WARNING_RECENT_SECONDS &&
    Date.parse(event.lastAt) - Date.parse(event.firstAt) >= WARNING_SPAN_SECONDS * 1000
  );
}

/** Whom the event is about: the owner of the pod or ReplicaSet that it names. Undefined when there is nothing to say: gone, going, starting or over it. */
function subjectOf(event: EventFacts, view: NamespaceView): Target | undefined {
  const { kind, name, uid } = event.involved;
  if (kind === 'Pod') return subjectOfPodEvent(event, view);
  if (kind === 'ReplicaSet') {
    const deployment = deploymentOfReplicaSet(name, view);
    if (deployment !== undefined) return unlessUnderWay(deployment, view);
  }
  if (kind === 'Deployment') {
    const deployment = view.deploymentsByName.get(name);
    return deployment === undefined ? undefined : unlessUnderWay(deployment, view);
  }
  return targetOf(kind, view.facts.namespace, name, uid);
}

function subjectOfPodEvent(event: EventFacts, view: NamespaceView): Target | undefined {
  const pod = view.podsByName.get(event.involved.name);
  // Events outlive their pods by an hour; another uid is another pod of the same name.
  if (pod === undefined || (event.involved.uid !== null && event.involved.uid !== pod.uid)) return undefined;
  if (secondsSince(view, pod.createdAt) < POD_FRESH_SECONDS) return undefined;
  if (pod.ready && secondsSince(view, event.lastAt) >= WARNING_ON_READY_POD_RECENT_SECONDS) return undefined;
  const workload = view.workloads.get(view.workloadOfPod.get(pod.name) ?? '');
  if (workload === undefined) return undefined;
  return workload.deployment === null ? workload.target : unlessUnderWay(workload.deployment, view);
}

function unlessUnderWay(deployment: DeploymentFacts, view: NamespaceView): Target | undefined {
  if (deployment.desired === 0 || rolloutUnderWay(deployment, view)) return undefined;
  return targetOf('Deployment', view.facts.namespace, deployment.name, deployment.uid);
}

/** A Deployment's ReplicaSets are called `<deployment>-<hash>`, and a hash holds no hyphen, so at most one Deployment fits. */
function deploymentOfReplicaSet(name: string, view: NamespaceView): DeploymentFacts | undefined {
  const at = name.lastIndexOf('-');
  return at <= 0 ? undefined : view.deploymentsByName.get(name.slice(0, at));
}

function observation(target: Target, reason: string, events: readonly EventFacts[]): Observation {
  const count = events.reduce((sum, event) => sum + event.count, 0);
  const newestFirst = events.toSorted(
    (a, b) => byText(b.lastAt, a.lastAt) || byText(a.involved.name, b.involved.name) || byText(a.message, b.message),
  );
  return {
    category: 'WarningEvent',
    cause: `event:${reason}`,
    target,
    summary: `${target.kind} ${target.namespace}/${target.name}: warning ${reason} seen ${count} times`,
    replicas: null,
    pods: { total: 0, down: 0 },
    containers: [],
    facts: { reason, count, lastAt: newestFirst[0]?.lastAt ?? null },
    evidence: newestFirst.slice(0, EVIDENCE_ENTRIES_MAX).map((event) => ({
      source: `event on ${event.involved.kind} ${event.involved.name}`,
      content: `${event.count} times since ${event.firstAt}: ${event.message}`,
    })),
  };
}
