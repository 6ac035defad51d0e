/** Which diagnosis a kind has. */
import { type Json, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import { readObject } from '../../connection/read.ts';
import {
  AUTOSCALERS,
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  EVENTS,
  INGRESSES,
  JOBS,
  objectPath,
  PODS,
  REPLICA_SETS,
  type ResourceKind,
  SERVICES,
  STATEFUL_SETS,
  VOLUME_CLAIMS,
} from '../../objects/resource-kinds.ts';
import { diagnoseAutoscaler } from './autoscaler.ts';
import { diagnoseDaemonSet } from './daemon-set.ts';
import { diagnoseDeployment } from './deployment.ts';
import type { Diagnose, Diagnosis } from './diagnose.ts';
import { diagnoseIngress } from './ingress.ts';
import { diagnoseCronJob, diagnoseJob } from './job.ts';
import { diagnosePod } from './pod.ts';
import { diagnoseService } from './service.ts';
import { diagnoseStatefulSet } from './stateful-set.ts';

export const DIAGNOSED_KINDS = [
  'Deployment',
  'Pod',
  'Service',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Ingress',
  'HorizontalPodAutoscaler',
] as const;
export type DiagnosedKind = (typeof DIAGNOSED_KINDS)[number];

/** The kind itself, how it is diagnosed, and which other kinds the answer shows besides events. */
const DIAGNOSES: Readonly<Record<DiagnosedKind, readonly [ResourceKind, Diagnose, ...ResourceKind[]]>> = {
  Deployment: [DEPLOYMENTS, diagnoseDeployment, REPLICA_SETS, PODS, SERVICES],
  Pod: [PODS, diagnosePod],
  Service: [SERVICES, diagnoseService, PODS],
  StatefulSet: [STATEFUL_SETS, diagnoseStatefulSet, PODS, SERVICES, VOLUME_CLAIMS],
  DaemonSet: [DAEMON_SETS, diagnoseDaemonSet, PODS, SERVICES],
  Job: [JOBS, diagnoseJob, PODS],
  CronJob: [CRON_JOBS, diagnoseCronJob, JOBS, PODS],
  Ingress: [INGRESSES, diagnoseIngress, SERVICES],
  HorizontalPodAutoscaler: [AUTOSCALERS, diagnoseAutoscaler],
};

/** Every kind that the answer shows: the policy has its word on each. */
export function shownKinds(kind: DiagnosedKind): readonly ResourceKind[] {
  const [own, , ...others] = DIAGNOSES[kind];
  return [own, ...others, EVENTS];
}

export async function diagnose(asked: Diagnosis, kind: DiagnosedKind, name: string): Promise<Result<Json, Refusal>> {
  const { connection, namespace } = asked;
  const [resource, diagnoseKind] = DIAGNOSES[kind];
  const object = await readObject(connection, objectPath(resource, namespace, name));
  if (object === null) return refuse({ code: 'target.not_found', kind, namespace, name });
  return pass({ namespace, ...(await diagnoseKind(asked, object)) });
}
