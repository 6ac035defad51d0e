/** DeploymentUnavailable: fewer replicas available than wanted, outside what a rollout or a fresh pod may take, and no pod that says why. */
import { EVIDENCE_ENTRIES_MAX, POD_NOT_READY_SECONDS, ROLLOUT_GRACE_SECONDS } from '../limits.ts';
import type { DeploymentFacts } from '../ports.ts';
import type { Observation } from './finding.ts';
import { type NamespaceView, secondsSince, type Workload } from './namespace-view.ts';

/** @param explained keys of targets for which a pod already says why: one root cause is one anomaly */
export function detectDeploymentUnavailable(
  view: NamespaceView,
  explained: ReadonlySet<string>,
): readonly Observation[] {
  return [...view.workloads].flatMap(([key, workload]) => {
    const { deployment } = workload;
    if (deployment === null || explained.has(key) || !isUnavailable(deployment, workload, view)) return [];
    return [observation(deployment, workload)];
  });
}

/** A rollout under way: replicas come and go, and the API server has not given it up. */
export const rolloutUnderWay = (deployment: DeploymentFacts, view: NamespaceView): boolean =>
  !deployment.progressDeadlineExceeded &&
  !deployment.rolloutComplete &&
  secondsSince(view, deployment.lastRolloutAt ?? deployment.createdAt) < ROLLOUT_GRACE_SECONDS;

function isUnavailable(deployment: DeploymentFacts, { pods }: Workload, view: NamespaceView): boolean {
  // Scaled to zero is somebody's wish. It is never an anomaly and never "fixed".
  if (deployment.desired <= 0) return false;
  if (deployment.progressDeadlineExceeded) return true;
  if (deployment.available >= deployment.desired || rolloutUnderWay(deployment, view)) return false;
  // Pods that started or turned unready a moment ago (a node went, somebody scaled up) are given the time that any pod has.
  const starting = pods.filter(
    (pod) => !pod.ready && secondsSince(view, pod.notReadySince ?? pod.createdAt) < POD_NOT_READY_SECONDS,
  );
  return deployment.available + starting.length < deployment.desired;
}

function observation(deployment: DeploymentFacts, { target, pods }: Workload): Observation {
  const { desired, available, updated, progressDeadlineExceeded } = deployment;
  const unready = pods.filter((pod) => !pod.ready);
  const why = progressDeadlineExceeded ? 'its rollout exceeded the progress deadline' : 'no rollout is under way';
  return {
    category: 'DeploymentUnavailable',
    cause: 'unavailable',
    target,
    summary: `Deployment ${target.namespace}/${target.name}: ${available} of ${desired} replicas available, ${why}`,
    replicas: { desired, available },
    pods: { total: pods.length, down: unready.length },
    containers: [],
    facts: {
      desired,
      available,
      updated,
      podsTotal: pods.length,
      podsUnready: unready.length,
      progressDeadlineExceeded,
      paused: deployment.paused,
    },
    evidence: [
      {
        source: `deployment ${deployment.name}`,
        content: `desired ${desired}, available ${available}, ready ${deployment.ready}, updated ${updated}`,
      },
      ...unready.slice(0, EVIDENCE_ENTRIES_MAX - 1).map((pod) => ({
        source: `pod ${pod.name}`,
        content: `phase ${pod.phase}, not ready, created ${pod.createdAt}`,
      })),
    ],
  };
}
