import { type JsonRecord, recordAt, stringAt } from '../json/record.ts';
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
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0, maxUnavailable: 1 } },
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
  // Without a number of completions but with one of pods, the work is done when one of them says so.
  if (spec.parallelism === undefined) fill(spec, { completions: 1 });
  fill(spec, {
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  });
  if (spec.manualSelector !== true) selectOwnPods(job, spec);
  defaultTemplate(spec);
  fill(job, { status: {} });
}

/** A Job finds its pods by its own uid, which is there from the moment in which it is stored. */
function selectOwnPods(job: JsonRecord, spec: JsonRecord): void {
  const uid = stringAt(job, 'metadata', 'uid') ?? '';
  const name = stringAt(job, 'metadata', 'name') ?? '';
  const template = recordAt(spec, 'template');
  if (uid === '' || template === undefined || spec.selector !== undefined) return;
  const metadata = recordAt(template, 'metadata') ?? {};
  const own = { 'batch.kubernetes.io/controller-uid': uid, 'batch.kubernetes.io/job-name': name };
  metadata.labels = { ...recordAt(metadata, 'labels'), ...own, 'controller-uid': uid, 'job-name': name };
  template.metadata = metadata;
  spec.selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  // A Job without labels of its own takes its template's.
  const jobMetadata = recordAt(job, 'metadata');
  if (jobMetadata !== undefined && jobMetadata.labels === undefined) jobMetadata.labels = metadata.labels;
}

export function defaultAutoscaler(autoscaler: JsonRecord): void {
  const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } };
  fill(recordAt(autoscaler, 'spec') ?? {}, { minReplicas: 1, metrics: [{ type: 'Resource', resource: cpu }] });
  fill(autoscaler, { status: { desiredReplicas: 0, currentMetrics: null } });
}

export function defaultDisruptionBudget(budget: JsonRecord): void {
  fill(budget, { status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 } });
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
