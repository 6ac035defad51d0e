import { listAt, numberAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { type Condition, conditionOf, type PodTemplate, readReplicaSet } from './kinds.ts';
import { isActive, isReady, podPhase, restarts } from './pod-state.ts';

export interface JobView {
  object: KubeObject;
  template: PodTemplate;
  parallelism: number;
  /** Undefined: done with the first success. */
  completions: number | undefined;
  backoffLimit: number;
  suspended: boolean;
  /** Epoch milliseconds; undefined without a deadline or before the start. */
  deadlineAtMs: number | undefined;
  isFinished: boolean;
}

export interface JobPods {
  active: readonly KubeObject[];
  succeeded: number;
  failed: number;
  /** Of the containers of pods that restart in place; they count like failed pods. */
  restarts: number;
  /** Epoch milliseconds. */
  lastFailureMs: number | undefined;
}

export type JobVerdict = { type: 'complete' } | { type: 'failed'; reason: string; message: string };

export function readJob(object: KubeObject): JobView | undefined {
  const view = readReplicaSet(object);
  if (view === undefined) return undefined;
  const seconds = numberAt(object, 'spec', 'activeDeadlineSeconds');
  const started = stringAt(object, 'status', 'startTime');
  return {
    object,
    template: view.template,
    parallelism: numberAt(object, 'spec', 'parallelism') ?? 1,
    completions: numberAt(object, 'spec', 'completions'),
    backoffLimit: numberAt(object, 'spec', 'backoffLimit') ?? 6,
    suspended: recordAt(object, 'spec')?.suspend === true,
    deadlineAtMs: seconds === undefined || started === undefined ? undefined : Date.parse(started) + seconds * 1000,
    isFinished: ['Complete', 'Failed'].some((type) => conditionOf(object, type)?.status === 'True'),
  };
}

export function jobPods(pods: readonly KubeObject[]): JobPods {
  const failed = pods.filter((pod) => podPhase(pod) === 'Failed');
  const active = pods.filter(isActive);
  const ends = failed.map(endOf).filter((atMs) => !Number.isNaN(atMs));
  return {
    active,
    succeeded: pods.filter((pod) => podPhase(pod) === 'Succeeded').length,
    failed: failed.length,
    restarts: active.reduce((sum, pod) => sum + restarts(pod), 0),
    lastFailureMs: ends.length === 0 ? undefined : Math.max(...ends),
  };
}

function endOf(pod: KubeObject): number {
  const ends = listAt(pod, 'status', 'containerStatuses').map((status) =>
    Date.parse(stringAt(status, 'state', 'terminated', 'finishedAt') ?? ''),
  );
  return Math.max(...ends);
}

/** Whether the Job has come to its end, and to which. */
export function verdictOn(job: JobView, pods: JobPods, now: Date): JobVerdict | undefined {
  if (job.deadlineAtMs !== undefined && now.getTime() >= job.deadlineAtMs) {
    return { type: 'failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  }
  const isDone =
    job.completions === undefined ? pods.succeeded > 0 && pods.active.length === 0 : pods.succeeded >= job.completions;
  if (isDone) return { type: 'complete' };
  if (pods.failed > job.backoffLimit || pods.restarts > job.backoffLimit) {
    return {
      type: 'failed',
      reason: 'BackoffLimitExceeded',
      message: 'Job has reached the specified backoff limit',
    };
  }
  return undefined;
}

export function jobStatus(
  job: JobView,
  pods: JobPods,
  verdict: JobVerdict | undefined,
  now: string,
): Record<string, unknown> {
  const counts = {
    active: pods.active.length,
    succeeded: pods.succeeded,
    failed: pods.failed,
  };
  const isComplete = verdict?.type === 'complete';
  return {
    ...(verdict === undefined ? conditionsKept(job, now) : { conditions: conditionsOf(verdict, now) }),
    // A suspended Job has not started.
    ...(job.suspended ? {} : { startTime: stringAt(job.object, 'status', 'startTime') ?? now }),
    ...(isComplete ? { completionTime: now } : {}),
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    ready: pods.active.filter(isReady).length,
    terminating: 0,
    uncountedTerminatedPods: {},
  };
}

function conditionsOf(verdict: JobVerdict, now: string): Condition[] {
  const condition = (type: string, reason: string, message: string): Condition => ({
    type,
    status: 'True',
    lastProbeTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  if (verdict.type === 'failed') {
    const { reason, message } = verdict;
    return [condition('FailureTarget', reason, message), condition('Failed', reason, message)];
  }
  const why = ['CompletionsReached', 'Reached expected number of succeeded pods'] as const;
  return [condition('SuccessCriteriaMet', ...why), condition('Complete', ...why)];
}

/** A suspension is told by a condition, and so is its end. */
function conditionsKept(job: JobView, now: string): { conditions?: Condition[] } {
  const before = conditionOf(job.object, 'Suspended');
  const status = job.suspended ? 'True' : 'False';
  if (before === undefined && !job.suspended) return {};
  if (before?.status === status) return { conditions: [before] };
  const [reason, message] = job.suspended ? ['JobSuspended', 'Job suspended'] : ['JobResumed', 'Job resumed'];
  return {
    conditions: [{ type: 'Suspended', status, lastProbeTime: now, lastTransitionTime: now, reason, message }],
  };
}
