/** Scale: a Deployment that asks for more replicas than policy allows, of which the surplus cannot start, goes back to the allowed number. Zero is never "fixed", and nothing is scaled up on a guess. */
import type { Policy } from '@countersign/approvals';
import type { Finding } from '../detect/finding.ts';
import { PENDING_LONG_SECONDS } from '../limits.ts';
import type { DeploymentFacts, NamespaceFacts } from '../ports.ts';
import { minutes, type Remedy, remedy } from './remedy.ts';

export function scaleToPolicy(
  finding: Finding,
  deployment: DeploymentFacts,
  facts: NamespaceFacts,
  policy: Policy,
): Remedy | undefined {
  const { max } = policy.replicas;
  // All that would remain is up already, so that the change is known to end well before it is proposed.
  if (max < 1 || deployment.desired <= max || deployment.available < max) return undefined;
  const capturedMs = Date.parse(facts.capturedAt);
  const stuck = facts.pods.filter(
    (pod) =>
      pod.owner?.uid === deployment.uid &&
      pod.phase === 'Pending' &&
      !pod.deleting &&
      capturedMs - Date.parse(pod.createdAt) >= PENDING_LONG_SECONDS * 1000,
  );
  if (stuck.length === 0 || stuck.length < deployment.desired - deployment.available) return undefined;
  const { target } = finding;
  return remedy(
    target,
    { type: 'scale', replicas: max },
    `Scale ${target.name} from ${deployment.desired} to ${max}`,
    `It asks for ${deployment.desired} replicas, policy allows ${max}, and the surplus does not start.`,
    [
      `${stuck.length} pods have been pending for ${minutes(PENDING_LONG_SECONDS)} or more.`,
      `${deployment.available} of ${deployment.desired} replicas are available, enough for the ${max} that remain.`,
    ],
  );
}
