import { numberAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { type PodTemplate, readReplicaSet } from './kinds.ts';
import { DEFAULT_REVISION_HISTORY_COUNT } from './limits.ts';

export interface StatefulSetView {
  object: KubeObject;
  replicas: number;
  template: PodTemplate;
  serviceName: string;
  /** One pod after the other. */
  ordered: boolean;
  strategy: 'OnDelete' | 'RollingUpdate';
  /** Pods below this place keep the revision that they have. */
  partition: number;
  /** The first pod's number. */
  start: number;
  minReadySeconds: number;
  revisionHistoryLimit: number;
}

export function readStatefulSet(object: KubeObject): StatefulSetView | undefined {
  const view = readReplicaSet(object);
  if (view === undefined) return undefined;
  return {
    object,
    replicas: view.replicas,
    template: view.template,
    minReadySeconds: view.minReadySeconds,
    serviceName: stringAt(object, 'spec', 'serviceName') ?? '',
    ordered: stringAt(object, 'spec', 'podManagementPolicy') !== 'Parallel',
    strategy: recordAt(object, 'spec', 'updateStrategy')?.type === 'OnDelete' ? 'OnDelete' : 'RollingUpdate',
    partition: numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0,
    start: numberAt(object, 'spec', 'ordinals', 'start') ?? 0,
    revisionHistoryLimit: numberAt(object, 'spec', 'revisionHistoryLimit') ?? DEFAULT_REVISION_HISTORY_COUNT,
  };
}

export function podName(set: StatefulSetView, ordinal: number): string {
  return `${set.object.metadata.name}-${ordinal}`;
}

/** -1 for a pod whose name is not one of the set's. */
export function ordinalOf(set: StatefulSetView, pod: KubeObject): number {
  const rest = pod.metadata.name.slice(set.object.metadata.name.length + 1);
  return /^\d+$/.test(rest) ? Number(rest) : -1;
}
