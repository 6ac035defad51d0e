import { isRecord, listAt, numberAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { ageColumn, type Column, humanDuration, nameColumn, pairs, since } from './column.ts';
import { containerParts } from './workload-columns.ts';

const count = (object: KubeObject, ...path: string[]) => numberAt(object, ...path) ?? 0;

const jobTemplate = ['spec', 'jobTemplate', 'spec', 'template'];

export const jobColumns: readonly Column[] = [
  nameColumn,
  { name: 'Status', cell: jobStatus },
  { name: 'Completions', cell: completionsCell },
  { name: 'Duration', cell: durationCell },
  ageColumn,
  { name: 'Containers', priority: 1, cell: (job) => containerParts(job, 'name') },
  { name: 'Images', priority: 1, cell: (job) => containerParts(job, 'image') },
  { name: 'Selector', priority: 1, cell: (job) => pairs(recordAt(job, 'spec', 'selector', 'matchLabels')) },
];

function holds(job: KubeObject, type: string): boolean {
  return listAt(job, 'status', 'conditions').some((one) => isRecord(one) && one.type === type && one.status === 'True');
}

function jobStatus(job: KubeObject): string {
  if (holds(job, 'Complete')) return 'Complete';
  if (holds(job, 'Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find((type) => holds(job, type)) ?? 'Running';
}

function completionsCell(job: KubeObject): string {
  const succeeded = count(job, 'status', 'succeeded');
  const completions = numberAt(job, 'spec', 'completions');
  if (completions !== undefined) return `${succeeded}/${completions}`;
  const parallelism = count(job, 'spec', 'parallelism');
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationCell(job: KubeObject, now: Date): string {
  const from = Date.parse(stringAt(job, 'status', 'startTime') ?? '');
  const ended = stringAt(job, 'status', 'completionTime');
  if (Number.isNaN(from)) return '';
  const to = ended === undefined ? now.getTime() : Date.parse(ended);
  return humanDuration(Math.max(0, Math.floor((to - from) / 1000)));
}

export const cronJobColumns: readonly Column[] = [
  nameColumn,
  { name: 'Schedule', cell: (cronJob) => stringAt(cronJob, 'spec', 'schedule') ?? '' },
  { name: 'Timezone', cell: (cronJob) => stringAt(cronJob, 'spec', 'timeZone') ?? '<none>' },
  { name: 'Suspend', cell: (cronJob) => (recordAt(cronJob, 'spec')?.suspend === true ? 'True' : 'False') },
  { name: 'Active', type: 'integer', cell: (cronJob) => listAt(cronJob, 'status', 'active').length },
  {
    name: 'Last Schedule',
    cell: (cronJob, now) => {
      const last = stringAt(cronJob, 'status', 'lastScheduleTime');
      return last === undefined ? '<none>' : since(last, now);
    },
  },
  ageColumn,
  { name: 'Containers', priority: 1, cell: (cronJob) => containerParts(cronJob, 'name', jobTemplate) },
  { name: 'Images', priority: 1, cell: (cronJob) => containerParts(cronJob, 'image', jobTemplate) },
  {
    name: 'Selector',
    priority: 1,
    cell: (cronJob) => pairs(recordAt(cronJob, 'spec', 'jobTemplate', 'spec', 'selector', 'matchLabels')),
  },
];
