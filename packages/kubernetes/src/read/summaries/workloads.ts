/** StatefulSets, DaemonSets, Jobs and CronJobs in the few fields that tell how they are. */
import type { Json } from '@countersign/approvals';
import type { CronJob, DaemonSet, Job, StatefulSet } from '../../objects/wire.ts';
import { safeWord } from '../safe-text.ts';
import { head, images, type JsonMap } from './core.ts';

export function statefulSetSummary({ metadata, spec, status }: StatefulSet): JsonMap {
  const desired = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const observed = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  return {
    ...head(metadata),
    replicas: { desired, ready: status?.readyReplicas ?? 0, available: status?.availableReplicas ?? 0, updated },
    rolloutComplete:
      observed && status?.currentRevision === status?.updateRevision && (status?.readyReplicas ?? 0) === desired,
    updateStrategy: safeWord(spec?.updateStrategy?.type ?? 'RollingUpdate'),
    partition: spec?.updateStrategy?.rollingUpdate?.partition ?? 0,
    serviceName: safeWord(spec?.serviceName),
    currentRevision: safeWord(status?.currentRevision),
    updateRevision: safeWord(status?.updateRevision),
    containers: images(spec?.template?.spec),
  };
}

export function daemonSetSummary({ metadata, spec, status }: DaemonSet): JsonMap {
  const desired = status?.desiredNumberScheduled ?? 0;
  const updated = status?.updatedNumberScheduled ?? 0;
  const observed = (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0);
  return {
    ...head(metadata),
    pods: {
      desired,
      scheduled: status?.currentNumberScheduled ?? 0,
      ready: status?.numberReady ?? 0,
      available: status?.numberAvailable ?? 0,
      updated,
      misscheduled: status?.numberMisscheduled ?? 0,
    },
    rolloutComplete: observed && updated === desired && (status?.numberAvailable ?? 0) === desired,
    updateStrategy: safeWord(spec?.updateStrategy?.type ?? 'RollingUpdate'),
    containers: images(spec?.template?.spec),
  };
}

export function jobSummary({ metadata, spec, status }: Job): JsonMap {
  const ended = (status?.conditions ?? []).find(
    ({ type, status: is }) => is === 'True' && /^(Complete|Failed)$/.test(type),
  );
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  return {
    ...head(metadata),
    state: spec?.suspend === true ? 'Suspended' : safeWord(ended?.type ?? 'Running'),
    reason: safeWord(ended?.reason),
    owner: owner === undefined ? null : { kind: safeWord(owner.kind), name: safeWord(owner.name) },
    pods: { active: status?.active ?? 0, succeeded: status?.succeeded ?? 0, failed: status?.failed ?? 0 },
    completions: spec?.completions ?? 1,
    parallelism: spec?.parallelism ?? 1,
    backoffLimit: spec?.backoffLimit ?? 6,
    deadlineSeconds: spec?.activeDeadlineSeconds ?? null,
    startedAt: status?.startTime ?? null,
    completedAt: status?.completionTime ?? null,
    containers: images(spec?.template.spec),
  };
}

export function cronJobSummary({ metadata, spec, status }: CronJob): JsonMap {
  const active: Json = (status?.active ?? []).map(({ name }) => safeWord(name));
  return {
    ...head(metadata),
    schedule: safeWord(spec?.schedule),
    timeZone: safeWord(spec?.timeZone),
    suspended: spec?.suspend === true,
    concurrencyPolicy: safeWord(spec?.concurrencyPolicy ?? 'Allow'),
    active,
    lastScheduledAt: status?.lastScheduleTime ?? null,
    lastSucceededAt: status?.lastSuccessfulTime ?? null,
    containers: images(spec?.jobTemplate.spec?.template.spec),
  };
}
