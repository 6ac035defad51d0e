/** A Deployment as detectors and the planner read it: its rollout and its history. */
import type { EventFacts } from '../objects/event-facts.ts';
import { rolloutOf } from '../objects/rollout.ts';
import type { Deployment, PodSpec, ReplicaSet } from '../objects/wire.ts';
import { REVISION } from '../read/summaries/core.ts';
import { controllerOf } from './pod-facts.ts';
import { wasHealthy } from './was-healthy.ts';

export interface RevisionFacts {
  readonly revision: number;
  readonly createdAt: string;
  readonly images: Readonly<Record<string, string>>;
  readonly current: boolean;
  readonly ready: number;
  readonly wasHealthy: boolean;
}

export interface DeploymentFacts {
  readonly apiVersion: 'apps/v1';
  readonly name: string;
  readonly uid: string;
  readonly createdAt: string;
  readonly desired: number;
  readonly ready: number;
  readonly available: number;
  readonly updated: number;
  readonly paused: boolean;
  readonly rolloutComplete: boolean;
  readonly progressDeadlineExceeded: boolean;
  readonly images: Readonly<Record<string, string>>;
  readonly lastRolloutAt: string | null;
  readonly revisions: readonly RevisionFacts[];
  readonly selector: Readonly<Record<string, string>>;
  readonly templateLabels: Readonly<Record<string, string>>;
}

export function deploymentFacts(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
  events: readonly EventFacts[],
): DeploymentFacts {
  const { metadata, spec, status } = deployment;
  const rollout = rolloutOf(deployment);
  const own = replicaSets.filter((set) => controllerOf(set.metadata)?.uid === metadata?.uid);
  const currentRevision = metadata?.annotations?.[REVISION];
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  const revisions = own
    .map((set): RevisionFacts => {
      const revision = set.metadata?.annotations?.[REVISION];
      const current = revision !== undefined && revision === currentRevision;
      return {
        revision: Number(revision ?? 0),
        createdAt: set.metadata?.creationTimestamp ?? '',
        images: imagesOf(set.spec?.template?.spec),
        current,
        ready: set.status?.readyReplicas ?? 0,
        wasHealthy: wasHealthy(set, progressing, events, current),
      };
    })
    .sort((a, b) => b.revision - a.revision);
  return {
    apiVersion: 'apps/v1',
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    createdAt: metadata?.creationTimestamp ?? '',
    desired: rollout.desired,
    ready: rollout.ready,
    available: rollout.available,
    updated: rollout.updated,
    paused: rollout.paused,
    rolloutComplete: rollout.complete,
    progressDeadlineExceeded: rollout.deadlineExceeded,
    images: imagesOf(spec?.template.spec),
    // A rollback reuses its old ReplicaSet: the controller's last progress is nearer to the truth than that one's birth.
    lastRolloutAt: progressing?.lastUpdateTime ?? revisions.find(({ current }) => current)?.createdAt ?? null,
    revisions,
    selector: spec?.selector.matchLabels ?? {},
    templateLabels: spec?.template.metadata?.labels ?? {},
  };
}

const imagesOf = (spec: PodSpec | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((spec?.containers ?? []).map(({ name, image }) => [name, image ?? '']));
