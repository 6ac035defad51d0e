/**
 * The planner: one anomaly and the facts of now -> one of three operations on the object that is broken, or none and why. Pure, and
 * deterministic: names, messages, logs and annotations of the cluster have no say in which operation it is or on what.
 */
import { type Anomaly, type Policy, targetKey } from '@countersign/approvals';
import { detect } from '../detect/detect.ts';
import type { Finding } from '../detect/finding.ts';
import { RECHECK_SECONDS } from '../limits.ts';
import { followUpOf } from '../observe/follow-up.ts';
import type { DeploymentFacts, NamespaceFacts } from '../ports.ts';
import { imageBackForCrash, imageBackForPull } from './image-back.ts';
import { changesOnly, GONE, type NoRemedy, none, type Remedy } from './remedy.ts';
import { restartOnce } from './restart-once.ts';
import { scaleToPolicy } from './scale-to-policy.ts';

/** @param facts of the anomaly's namespace; what the anomaly itself says of the cluster is not believed */
export function planRemedy(anomaly: Anomaly, facts: NamespaceFacts, policy: Policy, now: Date): Remedy | NoRemedy {
  const finding = detect(anomaly.cluster, facts).find(({ key }) => key === anomaly.key);
  if (finding === undefined) return GONE;
  // Stops a stored anomaly, rewritten to point elsewhere, from choosing the object of a plan.
  if (targetKey(anomaly.target) !== targetKey(finding.target))
    return none('The stored target is not what is broken; no plan is made for it.', null);
  if (finding.explainedBy !== null)
    return none(`Follows from ${finding.explainedBy}: what heals that heals this.`, RECHECK_SECONDS);
  if (!policy.namespaces.includes(finding.target.namespace))
    return none('Policy allows no changes in this namespace.', null);
  const deployment = deploymentOf(finding, facts);
  if (deployment === undefined) return none(whereToLook(finding), null);
  if (deployment.paused)
    return none(
      'The Deployment is paused, so no change of it would roll out. Look at who paused it and why.',
      RECHECK_SECONDS,
    );
  const decided = decide(finding, deployment, anomaly, facts, policy, now);
  if (decided.kind === 'none' || changesOnly(decided, finding.target)) return decided;
  return none('The remedy would change another object than the broken one; no plan is made.', null);
}

function deploymentOf({ target, category }: Finding, facts: NamespaceFacts): DeploymentFacts | undefined {
  if (target.kind !== 'Deployment' || category === 'WarningEvent') return undefined;
  return facts.deployments.find(({ name, uid }) => name === target.name && uid === target.uid);
}

function decide(
  finding: Finding,
  deployment: DeploymentFacts,
  anomaly: Anomaly,
  facts: NamespaceFacts,
  policy: Policy,
  now: Date,
): Remedy | NoRemedy {
  switch (finding.cause) {
    case 'image-pull':
      return imageBackForPull(finding, deployment);
    case 'crash-loop':
      return (
        imageBackForCrash(finding, deployment) ??
        restartOnce(finding, deployment, followUpOf(anomaly.facts), facts.capturedAt, now)
      );
    case 'oom-killed':
      return (
        imageBackForCrash(finding, deployment) ??
        none(
          'A container needs more memory than its limit allows, which a restart does not change. Look at its memory limit and its use over time.',
          RECHECK_SECONDS,
        )
      );
    case 'not-ready':
    case 'unavailable':
      return scaleToPolicy(finding, deployment, facts, policy) ?? none(whereToLook(finding), RECHECK_SECONDS);
    default:
      return none(whereToLook(finding), RECHECK_SECONDS);
  }
}

/** No fix is known: the first place where a person would look. */
function whereToLook({ category, cause, target, facts }: Finding): string {
  if (category === 'ServiceNoEndpoints') {
    return facts.why === 'selector-matches-nothing'
      ? `No pod carries the labels that the Service selects (${facts.selector}). Compare its selector with the labels of the pods that should answer.`
      : `${facts.podsMatching} pods match the selector and none is ready. Look at their readiness probes and events.`;
  }
  if (category === 'WarningEvent')
    return 'Warnings say that something is wrong but not what would mend it. Look at the events quoted in the evidence.';
  if (target.kind !== 'Deployment')
    return `Countersign changes Deployments only, and this is a ${target.kind}. Look at its pods and their logs.`;
  if (cause === 'config-error')
    return 'A container cannot be created as it is configured. Look for a missing ConfigMap, Secret, volume or command.';
  if (cause === 'not-ready')
    return 'Its pods run or wait but do not become ready. Look at the readiness probe, the scheduling events and what the pods depend on.';
  return 'Replicas are missing and no pod says why. Look at the events of its ReplicaSet: quota, admission or scheduling.';
}
