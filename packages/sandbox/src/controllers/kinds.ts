import { isRecord, type JsonRecord, recordAt } from '../json/record.ts';
import type { KubeObject, OwnerReference } from '../store/object-store.ts';
import { DEFAULT_PROGRESS_DEADLINE_SECONDS, DEFAULT_REVISION_HISTORY_COUNT } from './limits.ts';

/** Typed views of the stored objects. A view that cannot be read is undefined: the controller leaves such an object alone. */

export interface Container {
  name: string;
  image: string;
  command?: readonly string[];
  args?: readonly string[];
  ports?: readonly { name?: string; containerPort: number; protocol?: string }[];
}

export interface PodSpec {
  containers: readonly Container[];
  nodeName?: string;
  restartPolicy?: string;
  terminationGracePeriodSeconds?: number;
}

export interface PodTemplate {
  metadata: { labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: PodSpec;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  lastTransitionTime: string;
  lastUpdateTime?: string;
  lastProbeTime?: string | null;
}

export interface DeploymentView {
  object: KubeObject;
  replicas: number;
  selector: unknown;
  template: PodTemplate;
  strategy: 'Recreate' | 'RollingUpdate';
  /** Pods, resolved from numbers and percentages; zero for Recreate. */
  maxSurge: number;
  maxUnavailable: number;
  paused: boolean;
  minReadySeconds: number;
  revisionHistoryLimit: number;
  progressDeadlineSeconds: number;
  conditions: readonly Condition[];
}

export interface ReplicaSetView {
  object: KubeObject;
  replicas: number;
  template: PodTemplate;
  minReadySeconds: number;
  /** From the status. */
  observed: { replicas: number; ready: number; available: number };
}

/** The value as an object; an empty one where it is none. */
export function record(value: unknown): JsonRecord {
  return recordAt(value) ?? {};
}

function count(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : otherwise;
}

function isContainer(value: unknown): value is Container {
  return isRecord(value) && typeof value.name === 'string' && typeof value.image === 'string';
}

function isPodSpec(value: unknown): value is PodSpec {
  return isRecord(value) && Array.isArray(value.containers) && value.containers.every(isContainer);
}

export function podSpec(pod: KubeObject): PodSpec | undefined {
  return isPodSpec(pod.spec) ? pod.spec : undefined;
}

function podTemplate(value: unknown): PodTemplate | undefined {
  const spec = record(value).spec;
  return isPodSpec(spec) ? { metadata: record(record(value).metadata) as PodTemplate['metadata'], spec } : undefined;
}

/** `25%` or `2` of the wanted replicas; a surge is rounded up and an outage down, as the API documents it. */
function portion(value: unknown, replicas: number, round: (n: number) => number): number {
  if (typeof value === 'string' && /^\d+%$/.test(value)) return round((Number.parseInt(value, 10) * replicas) / 100);
  return count(value, round(replicas / 4));
}

export function readDeployment(object: KubeObject): DeploymentView | undefined {
  const spec = record(object.spec);
  const template = podTemplate(spec.template);
  if (template === undefined) return undefined;
  const replicas = count(spec.replicas, 1);
  const strategy = record(spec.strategy).type === 'Recreate' ? 'Recreate' : 'RollingUpdate';
  const rolling = record(record(spec.strategy).rollingUpdate);
  const maxSurge = strategy === 'Recreate' ? 0 : portion(rolling.maxSurge, replicas, Math.ceil);
  const mayMiss =
    strategy === 'Recreate' ? 0 : Math.min(replicas, portion(rolling.maxUnavailable, replicas, Math.floor));
  return {
    object,
    replicas,
    selector: spec.selector,
    template,
    strategy,
    maxSurge,
    // With neither room above nor below a rollout could never move.
    maxUnavailable: strategy === 'RollingUpdate' && maxSurge === 0 && mayMiss === 0 ? 1 : mayMiss,
    paused: spec.paused === true,
    minReadySeconds: count(spec.minReadySeconds, 0),
    revisionHistoryLimit: count(spec.revisionHistoryLimit, DEFAULT_REVISION_HISTORY_COUNT),
    progressDeadlineSeconds: count(spec.progressDeadlineSeconds, DEFAULT_PROGRESS_DEADLINE_SECONDS),
    conditions: conditionsOf(object),
  };
}

export function readReplicaSet(object: KubeObject): ReplicaSetView | undefined {
  const spec = record(object.spec);
  const template = podTemplate(spec.template);
  if (template === undefined) return undefined;
  const status = record(object.status);
  return {
    object,
    replicas: count(spec.replicas, 1),
    template,
    minReadySeconds: count(spec.minReadySeconds, 0),
    observed: {
      replicas: count(status.replicas, 0),
      ready: count(status.readyReplicas, 0),
      available: count(status.availableReplicas, 0),
    },
  };
}

function conditionsOf(object: KubeObject): readonly Condition[] {
  const conditions = record(object.status).conditions;
  return Array.isArray(conditions) ? (conditions as Condition[]) : [];
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** The one owner that controls the object, if any. */
export function controllerOf(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}
