/** Restart: for a crash loop that no change of the template explains, once. What we restarted lately is not restarted again. */
import type { Finding } from '../detect/finding.ts';
import { RECHECK_SECONDS, RESTART_AGAIN_SECONDS, TEMPLATE_CHANGE_RECENT_SECONDS } from '../limits.ts';
import type { FollowUp } from '../observe/follow-up.ts';
import type { DeploymentFacts } from '../ports.ts';
import { minutes, type NoRemedy, none, type Remedy, remedy } from './remedy.ts';

/** @param now of the plans' clock; `capturedAt` of the cluster's: each time is compared with its own kind */
export function restartOnce(
  finding: Finding,
  deployment: DeploymentFacts,
  followUp: FollowUp,
  capturedAt: string,
  now: Date,
): Remedy | NoRemedy {
  const changed = deployment.revisions.some(({ current }) => !current);
  const changedAt = deployment.lastRolloutAt ?? deployment.createdAt;
  const quietSeconds = (Date.parse(capturedAt) - Date.parse(changedAt)) / 1000;
  // The first revision is no change: there is nothing before it that could have been better.
  if (changed && !(quietSeconds >= TEMPLATE_CHANGE_RECENT_SECONDS)) {
    return none(
      `It crashes since a change of ${minutes(quietSeconds)} ago, for which a restart is no remedy. Look at what changed and at the previous logs of the container.`,
      RECHECK_SECONDS,
    );
  }
  const earlier = followUp.plans.findLast(
    ({ operation, at }) => operation === 'restart' && now.getTime() - Date.parse(at) < RESTART_AGAIN_SECONDS * 1000,
  );
  if (earlier !== undefined) {
    return none(
      `A restart was planned at ${earlier.at} (${earlier.planId}) and it crashes still. Look at the previous logs of the container.`,
      RECHECK_SECONDS,
    );
  }
  const { target } = finding;
  const restarts = finding.facts.restartsMost;
  return remedy(
    target,
    { type: 'restart' },
    `Restart ${target.name}`,
    'Its containers keep crashing in the same pods and no recent change explains it; new pods begin with a clean state.',
    [
      `Pods that crash: ${finding.pods.down} of ${finding.pods.total}${typeof restarts === 'number' ? `; most restarts of one container: ${restarts}` : ''}.`,
      changed ? `The last change of the template was ${minutes(quietSeconds)} ago.` : 'The template was never changed.',
      `Replicas available: ${deployment.available} of ${deployment.desired}.`,
      'This is tried once an hour at most.',
    ],
  );
}
