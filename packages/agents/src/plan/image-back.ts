/** Set image: a container that never ran with its new image goes back to the image of the last revision that was healthy. Never an image that is not in the history. */
import type { AffectedContainer, Finding } from '../detect/finding.ts';
import { RECHECK_SECONDS } from '../limits.ts';
import type { DeploymentFacts, RevisionFacts } from '../ports.ts';
import { isImageReference, shownImage } from '../untrusted-text.ts';
import { type NoRemedy, none, type Remedy, remedy } from './remedy.ts';

/** For images that cannot be pulled: the answer is final. */
export function imageBackForPull(finding: Finding, deployment: DeploymentFacts): Remedy | NoRemedy {
  const own = inTemplate(finding, deployment);
  const [container, ...others] = own;
  if (container === undefined) {
    return none(
      'The image that cannot be pulled is not in the Deployment itself: an older revision is being replaced, or something injects the container. Look at the pods.',
      RECHECK_SECONDS,
    );
  }
  if (others.length > 0) {
    return none(
      `The images of ${own.length} containers cannot be pulled; one plan changes one image. Look at what changed in the Deployment and at the registry.`,
      RECHECK_SECONDS,
    );
  }
  const { current, healthy } = history(deployment);
  if (current?.wasHealthy === true) {
    return none(
      `Revision ${current.revision} ran healthy with this very image before. Look at the registry, its credentials and the nodes' network.`,
      RECHECK_SECONDS,
    );
  }
  if (healthy === undefined) {
    return none(
      'No earlier revision is known to have been healthy, so there is no image to go back to. Look at the image name and the registry.',
      RECHECK_SECONDS,
    );
  }
  return (
    back(finding, deployment, container, healthy, `The image of container ${container.name} cannot be pulled.`) ??
    none(
      `Revision ${healthy.revision}, the last healthy one, has no other image for container ${container.name}. Look at the registry and its credentials.`,
      RECHECK_SECONDS,
    )
  );
}

/** For crashes and memory: only where the new image is the one thing that is known to be new. Undefined: no case for it. */
export function imageBackForCrash(finding: Finding, deployment: DeploymentFacts): Remedy | undefined {
  const [container, ...others] = inTemplate(finding, deployment);
  const { current, healthy } = history(deployment);
  if (container === undefined || others.length > 0 || current === undefined || healthy === undefined) return undefined;
  if (current.wasHealthy || current.ready > 0) return undefined;
  return back(
    finding,
    deployment,
    container,
    healthy,
    `Container ${container.name} keeps failing since its image was changed.`,
  );
}

/** The affected containers whose failing image is what the Deployment asks for. A pod's own word for its image is not enough. */
function inTemplate(finding: Finding, deployment: DeploymentFacts): readonly AffectedContainer[] {
  return finding.containers.filter(
    ({ name, image }) => Object.hasOwn(deployment.images, name) && deployment.images[name] === image,
  );
}

function history(deployment: DeploymentFacts): {
  readonly current: RevisionFacts | undefined;
  readonly healthy: RevisionFacts | undefined;
} {
  const newestFirst = deployment.revisions.toSorted((a, b) => b.revision - a.revision);
  return {
    current: newestFirst.find(({ current }) => current),
    healthy: newestFirst.find((revision) => !revision.current && revision.wasHealthy),
  };
}

function back(
  finding: Finding,
  deployment: DeploymentFacts,
  container: AffectedContainer,
  healthy: RevisionFacts,
  reason: string,
): Remedy | undefined {
  const image = Object.hasOwn(healthy.images, container.name) ? healthy.images[container.name] : undefined;
  if (image === undefined || image === container.image || !isImageReference(image)) return undefined;
  const { target } = finding;
  return remedy(
    target,
    { type: 'set-image', container: container.name, image },
    `Set ${target.name} back to ${shownImage(image, 80)}`,
    reason,
    [
      `It runs ${shownImage(container.image)}; pods down: ${finding.pods.down} of ${finding.pods.total}.`,
      `Revision ${healthy.revision} was healthy with ${shownImage(image)}.`,
      `Replicas available: ${deployment.available} of ${deployment.desired}.`,
    ],
  );
}
