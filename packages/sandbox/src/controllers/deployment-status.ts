import { kubeTime } from '../store/object-versions.ts';
import { allOf, type ReplicaSets } from './deployment-replica-sets.ts';
import { type Condition, type DeploymentView, type ReplicaSetView, record } from './kinds.ts';

export interface DeploymentStatus {
  observedGeneration: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  conditions: Condition[];
}

interface Counts {
  /** What the ReplicaSets' specs ask for; the rest is what their statuses report. */
  askedFor: number;
  replicas: number;
  updated: number;
  ready: number;
  available: number;
}

/**
 * A Deployment's status from its ReplicaSets' statuses, with the conditions Available and Progressing as the real controller writes them.
 * `created` names a ReplicaSet that this very reconcile made. `deadlineInMs`: when the progress deadline must be looked at.
 */
export function deploymentStatus(options: {
  deployment: DeploymentView;
  sets: ReplicaSets;
  created: boolean;
  now: Date;
}): { status: DeploymentStatus; deadlineInMs: number | undefined } {
  const { deployment, sets, created, now } = options;
  const counts = countPods(sets);
  let conditions: readonly Condition[] = deployment.conditions;
  const put = (condition: Omit<Condition, 'lastTransitionTime'>, touch = false) => {
    conditions = withCondition(conditions, condition, now, touch);
  };

  put(
    counts.available >= deployment.replicas - deployment.maxUnavailable
      ? {
          type: 'Available',
          status: 'True',
          reason: 'MinimumReplicasAvailable',
          message: 'Deployment has minimum availability.',
        }
      : {
          type: 'Available',
          status: 'False',
          reason: 'MinimumReplicasUnavailable',
          message: 'Deployment does not have minimum availability.',
        },
  );

  const progress = progressOf(deployment, sets.current, counts, created);
  if (progress !== undefined) put({ type: 'Progressing', ...progress }, progress.reason === 'ReplicaSetUpdated');
  const deadlineInMs = progressDeadline(deployment, conditions, now);
  if (deadlineInMs === 0) put({ type: 'Progressing', ...timedOut(deployment, sets.current) });

  const status: DeploymentStatus = {
    observedGeneration: deployment.object.metadata.generation ?? 1,
    ...nonZero('replicas', counts.replicas),
    ...nonZero('updatedReplicas', counts.updated),
    ...nonZero('readyReplicas', counts.ready),
    ...nonZero('availableReplicas', counts.available),
    ...nonZero('unavailableReplicas', Math.max(0, counts.askedFor - counts.available)),
    conditions: [...conditions],
  };
  return { status, deadlineInMs: deadlineInMs === 0 ? undefined : deadlineInMs };
}

function countPods(sets: ReplicaSets): Counts {
  const all = allOf(sets);
  const total = (field: keyof ReplicaSetView['observed']) => all.reduce((sum, set) => sum + set.observed[field], 0);
  return {
    askedFor: all.reduce((sum, set) => sum + set.replicas, 0),
    replicas: total('replicas'),
    updated: sets.current?.observed.replicas ?? 0,
    ready: total('ready'),
    available: total('available'),
  };
}

/** True when every wanted pod is of the new template and available, and no other pod is left. */
export function isComplete(deployment: DeploymentView, sets: ReplicaSets): boolean {
  const { replicas, updated, available } = countPods(sets);
  return updated === deployment.replicas && replicas === deployment.replicas && available === deployment.replicas;
}

type Progress = Pick<Condition, 'status' | 'reason' | 'message'>;

/** The new Progressing condition, or undefined where the present one still says it. */
function progressOf(
  deployment: DeploymentView,
  current: ReplicaSetView | undefined,
  counts: Counts,
  created: boolean,
): Progress | undefined {
  const condition = deployment.conditions.find(({ type }) => type === 'Progressing');
  if (deployment.paused) {
    if (condition?.reason === 'DeploymentPaused') return undefined;
    return { status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' };
  }
  if (condition?.reason === 'DeploymentPaused') {
    return { status: 'Unknown', reason: 'DeploymentResumed', message: 'Deployment is resumed' };
  }
  // A finished rollout stays finished: a pod that breaks later is not the rollout's doing.
  if (!created && counts.replicas === counts.updated && condition?.reason === 'NewReplicaSetAvailable')
    return undefined;

  const what =
    current === undefined
      ? `Deployment "${deployment.object.metadata.name}"`
      : `ReplicaSet "${current.object.metadata.name}"`;
  const { replicas } = deployment;
  if (counts.updated === replicas && counts.replicas === replicas && counts.available === replicas) {
    return { status: 'True', reason: 'NewReplicaSetAvailable', message: `${what} has successfully progressed.` };
  }
  if (created && current !== undefined) {
    return {
      status: 'True',
      reason: 'NewReplicaSetCreated',
      message: `Created new replica set "${current.object.metadata.name}"`,
    };
  }
  if (hasMoved(record(deployment.object.status), counts)) {
    return { status: 'True', reason: 'ReplicaSetUpdated', message: `${what} is progressing.` };
  }
  if (condition === undefined && current !== undefined) {
    return {
      status: 'True',
      reason: 'FoundNewReplicaSet',
      message: `Found new replica set "${current.object.metadata.name}"`,
    };
  }
  return undefined;
}

/** More pods are updated, ready or available than the last status said, or fewer old ones are left. */
function hasMoved(before: Record<string, unknown>, now: Counts): boolean {
  const was = (field: string) => Number(before[field] ?? 0);
  return (
    now.updated > was('updatedReplicas') ||
    now.replicas - now.updated < was('replicas') - was('updatedReplicas') ||
    now.ready > was('readyReplicas') ||
    now.available > was('availableReplicas')
  );
}

const NO_DEADLINE_SECONDS = 2_147_483_647;

/** Milliseconds until a rollout without progress counts as failed; 0 when it does now; undefined when no rollout is being waited for. */
function progressDeadline(deployment: DeploymentView, conditions: readonly Condition[], now: Date): number | undefined {
  const progressing = conditions.find(({ type }) => type === 'Progressing');
  const waiting = ['NewReplicaSetCreated', 'FoundNewReplicaSet', 'ReplicaSetUpdated', 'DeploymentResumed'];
  if (deployment.progressDeadlineSeconds === NO_DEADLINE_SECONDS || !waiting.includes(progressing?.reason ?? ''))
    return undefined;
  const since = Date.parse(progressing?.lastUpdateTime ?? progressing?.lastTransitionTime ?? '');
  return Math.max(0, since + deployment.progressDeadlineSeconds * 1000 - now.getTime());
}

function timedOut(deployment: DeploymentView, current: ReplicaSetView | undefined): Progress {
  const what =
    current === undefined
      ? `Deployment "${deployment.object.metadata.name}"`
      : `ReplicaSet "${current.object.metadata.name}"`;
  return { status: 'False', reason: 'ProgressDeadlineExceeded', message: `${what} has timed out progressing.` };
}

/** The list with the condition put in; its times move only when status or reason do, or when `touch` asks for a newer update time. */
function withCondition(
  conditions: readonly Condition[],
  condition: Omit<Condition, 'lastTransitionTime'>,
  now: Date,
  touch: boolean,
): readonly Condition[] {
  const present = conditions.find(({ type }) => type === condition.type);
  if (!touch && present?.status === condition.status && present?.reason === condition.reason) return conditions;
  const transition = present?.status === condition.status ? present.lastTransitionTime : kubeTime(now);
  const next: Condition = { ...condition, lastUpdateTime: kubeTime(now), lastTransitionTime: transition };
  return present === undefined ? [...conditions, next] : conditions.map((one) => (one === present ? next : one));
}

function nonZero<Field extends string>(field: Field, value: number): { [field in Field]?: number } {
  return value === 0 ? {} : ({ [field]: value } as { [field in Field]: number });
}
