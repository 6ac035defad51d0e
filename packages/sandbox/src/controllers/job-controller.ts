import type { KubeObject, ObjectStore, StoreEvent } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';
import { controlledPod, keysOfController, podsOf } from './controlled-pod.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import type { RecordEvent } from './event-recorder.ts';
import { type JobPods, type JobVerdict, type JobView, jobPods, jobStatus, readJob, verdictOn } from './job-view.ts';
import { BACK_OFF_CAP_MS, BACK_OFF_FIRST_MS, PODS_PER_REPLICA_SET_COUNT } from './limits.ts';
import { requestPodDeletion } from './pod-deletion.ts';
import { isUnmanaged } from './unmanaged.ts';

const JOBS = 'jobs.batch';
const COMPONENT = 'job-controller';

/** Runs a Job's pods until enough have succeeded or too many have failed; after a failure it waits, longer each time. */
export function createJobController(options: {
  store: ObjectStore;
  clock: () => Date;
  recordEvent: RecordEvent;
}): Controller {
  const { store, clock, recordEvent } = options;

  function note(job: JobView, type: 'Normal' | 'Warning', reason: string, message: string): void {
    recordEvent({ about: job.object, type, reason, message, component: COMPONENT });
  }

  function end(job: JobView, pod: KubeObject): void {
    requestPodDeletion(store, pod, clock());
    note(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }

  /** Starts what is missing, ends what is too much. Answers after how many milliseconds to look again. */
  function run(job: JobView, pods: JobPods): number | undefined {
    const remaining = job.completions === undefined ? job.parallelism : job.completions - pods.succeeded;
    // With no number of completions the first success says that the work is done.
    const wanted = job.completions === undefined && pods.succeeded > 0 ? pods.active.length : remaining;
    const target = job.suspended ? 0 : Math.min(job.parallelism, wanted, PODS_PER_REPLICA_SET_COUNT);
    for (const pod of pods.active.slice(target)) end(job, pod);
    const missing = target - pods.active.length;
    if (missing <= 0) return undefined;
    const waitMs = untilRetry(pods, clock());
    if (waitMs > 0) return waitMs;
    for (let count = 0; count < missing; count += 1) {
      const pod = store.create('pods', controlledPod(job.object, job.template));
      note(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
    }
    return undefined;
  }

  function finish(job: JobView, verdict: JobVerdict, pods: JobPods): void {
    for (const pod of pods.active) end(job, pod);
    if (verdict.type === 'complete') note(job, 'Normal', 'Completed', 'Job completed');
    else note(job, 'Warning', verdict.reason, verdict.message);
  }

  return {
    name: COMPONENT,
    keysFor({ type, resource, object }: StoreEvent) {
      if (resource === JOBS) return type === 'DELETED' ? [] : [keyOf(object)];
      return resource === 'pods' ? keysOfController(object, 'Job') : [];
    },
    allKeys: () => store.list(JOBS).map(keyOf),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const stored = store.get(JOBS, namespace, name);
      const job = stored === undefined || isUnmanaged(stored) ? undefined : readJob(stored);
      if (job === undefined || job.object.metadata.deletionTimestamp !== undefined || job.isFinished) return undefined;
      const now = clock();
      const before = jobPods(podsOf(store, job.object));
      const verdict = verdictOn(job, before, now);
      const againMs = verdict === undefined ? run(job, before) : undefined;
      if (verdict !== undefined) finish(job, verdict, before);
      const status = jobStatus(job, jobPods(podsOf(store, job.object)), verdict, kubeTime(now));
      store.update(JOBS, { ...job.object, status }, { subresource: 'status' });
      const deadlineMs = verdict === undefined ? job.deadlineAtMs : undefined;
      const waits = [againMs, deadlineMs === undefined ? undefined : Math.max(0, deadlineMs - now.getTime())];
      const known = waits.filter((wait) => wait !== undefined);
      return known.length === 0 ? undefined : Math.min(...known);
    },
  };
}

/** 10 s after the first failure, then doubled. */
function untilRetry({ failed, lastFailureMs }: JobPods, now: Date): number {
  if (lastFailureMs === undefined) return 0;
  const pauseMs = Math.min(BACK_OFF_FIRST_MS * 2 ** (failed - 1), BACK_OFF_CAP_MS);
  return Math.max(0, lastFailureMs + pauseMs - now.getTime());
}
