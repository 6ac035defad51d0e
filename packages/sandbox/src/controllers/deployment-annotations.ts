import type { KubeObject } from '../store/object-store.ts';
import type { DeploymentView } from './kinds.ts';

export const REVISION = 'deployment.kubernetes.io/revision';
const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

/** What a ReplicaSet never takes over from its Deployment: its own bookkeeping, and kubectl's record of the Deployment's manifest. */
const NOT_COPIED = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
]);

export type Annotations = Record<string, string>;

/** The Deployment's annotations that its new ReplicaSet carries too, and that `kubectl rollout undo` brings back from there. */
function copiedAnnotations(deployment: KubeObject): Annotations {
  const entries = Object.entries(deployment.metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([name]) => !NOT_COPIED.has(name)));
}

/** The size that a rollout aims at, noted on each ReplicaSet so that a later change of the size is recognised as scaling. */
export function sizeAnnotations(deployment: DeploymentView): Annotations {
  return {
    [DESIRED_REPLICAS]: String(deployment.replicas),
    [MAX_REPLICAS]: String(deployment.replicas + deployment.maxSurge),
  };
}

export function revisionOf(object: KubeObject): number {
  return annotatedNumber(object, REVISION) ?? 0;
}

export function annotatedNumber(object: KubeObject, annotation: string): number | undefined {
  const value = Number.parseInt(object.metadata.annotations?.[annotation] ?? '', 10);
  return Number.isNaN(value) ? undefined : value;
}

/**
 * The annotations of a Deployment's current ReplicaSet at the given revision, from those it had `before`. When a template recurs (an undo), its ReplicaSet moves to the newest revision
 * and the one it had goes into its history.
 */
export function annotationsAtRevision(before: Annotations, deployment: KubeObject, revision: number): Annotations {
  if (Number(before[REVISION] ?? 0) >= revision) return { ...before, ...copiedAnnotations(deployment) };
  const history = [before[REVISION_HISTORY], before[REVISION]].filter((entry) => entry !== undefined).join(',');
  return {
    ...before,
    ...copiedAnnotations(deployment),
    [REVISION]: String(revision),
    ...(history === '' ? {} : { [REVISION_HISTORY]: history }),
  };
}
