/** get_job_diagnostics: a Job with its pods, or a CronJob with its latest Jobs and the pods of the newest. */
import type { Json } from '@countersign/approvals';
import { foldList } from '../../connection/list.ts';
import { DIAGNOSED_PARTS_MAX } from '../../limits.ts';
import { collectionPath, JOBS } from '../../objects/resource-kinds.ts';
import type { CronJob, Job, ObjectMeta } from '../../objects/wire.ts';
import { safeWord } from '../safe-text.ts';
import { conditions } from '../summaries/core.ts';
import { cronJobSummary, jobSummary } from '../summaries/workloads.ts';
import type { Diagnose, Diagnosis } from './diagnose.ts';
import { type FindingList, findingList } from './findings.ts';
import { logHint } from './log-hint.ts';
import { relatedEvents } from './related-events.ts';
import { ownedBy, podsJson, type WorkloadPods, workloadPods } from './workload-pods.ts';

export const diagnoseJob: Diagnose = async (asked, object) => {
  const { connection, namespace, limit } = asked;
  const job = object as Job;
  const pods = await podsOf(asked, job);
  jobFindings(job, pods.findings);
  const [{ events, more }, log] = await Promise.all([
    relatedEvents(connection, namespace, new Set([job.metadata?.uid, ...pods.uids]), limit),
    logHint(connection, namespace, pods.worst[0]),
  ]);
  return {
    job: { ...jobSummary(job), conditions: conditions(job.status?.conditions) },
    findings: pods.findings.json(),
    ...podsJson(pods),
    log,
    events: [...events],
    truncated: pods.total > limit || more,
  };
};

const podsOf = ({ connection, namespace, limit }: Diagnosis, job: Job): Promise<WorkloadPods> =>
  workloadPods(
    connection,
    namespace,
    job.spec?.selector,
    (metadata: ObjectMeta | undefined) => ownedBy(metadata, [job.metadata?.uid]),
    limit,
  );

function jobFindings({ spec, status }: Job, findings: FindingList): void {
  const failed = status?.conditions?.find(({ type, status: is }) => type === 'Failed' && is === 'True');
  if (failed !== undefined) {
    const tries = failed.reason === 'BackoffLimitExceeded' ? ` after ${(spec?.backoffLimit ?? 6) + 1} tries` : '';
    const message = `The Job has failed${tries}: ${safeWord(failed.reason)}. It is not tried again.`;
    findings.add({ code: 'job.failed', severity: 'error', message, said: failed.message });
  } else if ((status?.failed ?? 0) > 0 && status?.completionTime === undefined) {
    const message = `${status?.failed} pods of it have failed; at most ${spec?.backoffLimit ?? 6} may.`;
    findings.add({ code: 'job.failing', severity: 'warning', message });
  }
  if (spec?.suspend === true)
    findings.add({ code: 'job.suspended', severity: 'warning', message: 'The Job is suspended.' });
}

export const diagnoseCronJob: Diagnose = async (asked, object) => {
  const { connection, namespace, limit } = asked;
  const cronJob = object as CronJob;
  const jobs = await latestJobs(asked, cronJob);
  const [newest] = jobs;
  const pods = newest === undefined ? undefined : await podsOf(asked, newest);
  const findings = pods?.findings ?? findingList();
  cronJobFindings(cronJob, jobs, findings);
  const uids = new Set([cronJob.metadata?.uid, ...jobs.map(({ metadata }) => metadata?.uid), ...(pods?.uids ?? [])]);
  const [{ events, more }, log] = await Promise.all([
    relatedEvents(connection, namespace, uids, limit),
    logHint(connection, namespace, pods?.worst[0]),
  ]);
  const podsOfNewest: Json = pods === undefined ? {} : podsJson(pods);
  return {
    cronJob: cronJobSummary(cronJob),
    findings: findings.json(),
    jobs: jobs.slice(0, limit).map(jobSummary),
    newestJob: podsOfNewest,
    log,
    events: [...events],
    truncated: jobs.length > limit || more,
  };
};

/** Newest first. */
async function latestJobs({ connection, namespace }: Diagnosis, { metadata }: CronJob): Promise<readonly Job[]> {
  const at = (job: Job): string => job.metadata?.creationTimestamp ?? '';
  const newest = (jobs: readonly Job[]): Job[] =>
    jobs.toSorted((a, b) => (at(a) > at(b) ? -1 : at(a) < at(b) ? 1 : 0)).slice(0, DIAGNOSED_PARTS_MAX);
  const { value } = await foldList<Job, Job[]>(
    connection,
    collectionPath(JOBS, namespace),
    {},
    () => [],
    (kept, job) => {
      if (!ownedBy(job.metadata, [metadata?.uid])) return kept;
      kept.push(job);
      return kept.length > 2 * DIAGNOSED_PARTS_MAX ? newest(kept) : kept;
    },
  );
  return newest(value);
}

function cronJobFindings({ spec, status }: CronJob, jobs: readonly Job[], findings: FindingList): void {
  if (spec?.suspend === true) {
    findings.add({
      code: 'cronjob.suspended',
      severity: 'warning',
      message: 'The CronJob is suspended: it starts nothing.',
    });
  }
  if (status?.lastScheduleTime === undefined) {
    findings.add({ code: 'cronjob.never-ran', severity: 'warning', message: 'It has never started a Job.' });
  } else if (status.lastSuccessfulTime === undefined || status.lastSuccessfulTime < status.lastScheduleTime) {
    const since = status.lastSuccessfulTime ?? 'never';
    const message = `The last run has not succeeded (last success: ${safeWord(since)}).`;
    findings.add({ code: 'cronjob.last-run-not-succeeded', severity: 'warning', message });
  }
  if (spec?.concurrencyPolicy === 'Forbid' && (status?.active ?? []).length > 0) {
    const message = 'A run is active, and the next one is skipped while it is (Forbid).';
    findings.add({ code: 'cronjob.blocked-by-active', severity: 'warning', message });
  }
  for (const job of jobs) {
    if (!job.status?.conditions?.some(({ type, status: is }) => type === 'Failed' && is === 'True')) continue;
    findings.add(
      { code: 'cronjob.jobs-failed', severity: 'error', message: 'Jobs of it have failed.' },
      job.metadata?.name,
    );
  }
}
