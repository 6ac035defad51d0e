import { type JsonRecord, recordAt } from '../json/record.ts';
import { fill } from './fill.ts';
import { defaultPodSpec } from './pod-defaults.ts';

export function defaultDeployment(deployment: JsonRecord): void {
  const spec = recordAt(deployment, 'spec');
  if (spec === undefined) return;
  fill(spec, { replicas: 1, strategy: {}, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const strategy = recordAt(spec, 'strategy');
  if (strategy !== undefined) {
    fill(strategy, { type: 'RollingUpdate' });
    if (strategy.type === 'RollingUpdate') {
      fill(strategy, { rollingUpdate: {} });
      fill(recordAt(strategy, 'rollingUpdate') ?? {}, { maxUnavailable: '25%', maxSurge: '25%' });
    }
  }
  defaultTemplate(spec);
  fill(deployment, { status: {} });
}

export function defaultReplicaSet(replicaSet: JsonRecord): void {
  const spec = recordAt(replicaSet, 'spec');
  if (spec === undefined) return;
  fill(spec, { replicas: 1 });
  defaultTemplate(spec);
  fill(replicaSet, { status: { replicas: 0 } });
}

export function defaultStatefulSet(statefulSet: JsonRecord): void {
  const spec = recordAt(statefulSet, 'spec');
  if (spec === undefined) return;
  fill(spec, {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  });
  defaultTemplate(spec);
  fill(statefulSet, { status: { replicas: 0, availableReplicas: 0 } });
}

export function defaultDaemonSet(daemonSet: JsonRecord): void {
  const spec = recordAt(daemonSet, 'spec');
  if (spec === undefined) return;
  fill(spec, {
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    revisionHistoryLimit: 10,
  });
  defaultTemplate(spec);
  fill(daemonSet, {
    status: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  });
}

export function defaultJob(job: JsonRecord): void {
  const spec = recordAt(job, 'spec');
  if (spec === undefined) return;
  fill(spec, { completions: 1, parallelism: 1, backoffLimit: 6, completionMode: 'NonIndexed', suspend: false });
  defaultTemplate(spec);
  fill(job, { status: {} });
}

export function defaultCronJob(cronJob: JsonRecord): void {
  const spec = recordAt(cronJob, 'spec');
  if (spec === undefined) return;
  fill(spec, { concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 });
  const jobSpec = recordAt(spec, 'jobTemplate', 'spec');
  if (jobSpec !== undefined) defaultTemplate(jobSpec);
  fill(cronJob, { status: {} });
}

function defaultTemplate(spec: JsonRecord): void {
  const podSpec = recordAt(spec, 'template', 'spec');
  if (podSpec !== undefined) defaultPodSpec(podSpec);
}
