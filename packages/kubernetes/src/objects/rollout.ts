/** How far a Deployment's rollout is, as `kubectl rollout status` reads it: the controller's word counts once it has seen the newest spec. */
import type { Deployment } from './wire.ts';

export interface Rollout {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** All pods, those of older revisions included. */
  readonly total: number;
  readonly paused: boolean;
  /** The controller has acted on the newest generation. */
  readonly observed: boolean;
  readonly complete: boolean;
  readonly deadlineExceeded: boolean;
}

export function rolloutOf({ metadata, spec, status }: Deployment): Rollout {
  const desired = spec?.replicas ?? 1;
  const [updated, available, total] = [
    status?.updatedReplicas ?? 0,
    status?.availableReplicas ?? 0,
    status?.replicas ?? 0,
  ];
  const observed = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  const counted =
    updated === desired && total === desired && available === desired && (status?.unavailableReplicas ?? 0) === 0;
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  return {
    desired,
    updated,
    ready: status?.readyReplicas ?? 0,
    available,
    total,
    paused: spec?.paused === true,
    observed,
    complete: observed && counted,
    deadlineExceeded: observed && progressing?.status === 'False' && progressing.reason === 'ProgressDeadlineExceeded',
  };
}
