import { createHash } from 'node:crypto';
import { recordAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { type Container, record } from './kinds.ts';

export interface Terminated {
  exitCode: number;
  reason: string;
  message?: string;
  startedAt: string;
  finishedAt: string;
  containerID: string;
}

type ContainerState =
  | { waiting: { reason: string; message?: string } }
  | { running: { startedAt: string } }
  | { terminated: Terminated };

/** One entry of a pod's status.containerStatuses. */
export interface ContainerStatus {
  name: string;
  state: ContainerState;
  lastState: Record<string, never> | { terminated: Terminated };
  ready: boolean;
  started: boolean;
  restartCount: number;
  image: string;
  imageID: string;
  containerID?: string;
}

export function newContainerStatus(container: Container): ContainerStatus {
  return {
    name: container.name,
    state: { waiting: { reason: 'ContainerCreating' } },
    lastState: {},
    ready: false,
    started: false,
    restartCount: 0,
    image: container.image,
    imageID: '',
  };
}

/** The stored status of a container, or undefined before the kubelet has written one. */
export function containerStatusOf(pod: KubeObject, name: string): ContainerStatus | undefined {
  const statuses = record(pod.status).containerStatuses;
  const found: unknown = Array.isArray(statuses) ? statuses.find((status) => record(status).name === name) : undefined;
  return recordAt(found, 'state') === undefined ? undefined : (found as ContainerStatus);
}

/** Distinct for each start of each container, and the same in every reading. */
export function containerId(pod: KubeObject, container: string, restartCount: number): string {
  const digest = createHash('sha256').update(`${pod.metadata.uid}/${container}/${restartCount}`).digest('hex');
  return `containerd://${digest}`;
}
