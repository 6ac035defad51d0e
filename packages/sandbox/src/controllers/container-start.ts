import { kubeTime } from '../store/object-versions.ts';
import { type ContainerStatus, containerId } from './container-status.ts';
import type { ContainerContext, ContainerMemory, ContainerProgress, Step } from './container-step.ts';
import { crashOf } from './crash.ts';
import { imageId } from './image-reference.ts';
import { BECOMING_READY_MS, RUN_BEFORE_CRASH_MS } from './limits.ts';

/** The container runs now. `pulled`: what the kubelet says about its image. */
export function startContainer(
  context: ContainerContext,
  status: ContainerStatus,
  memory: ContainerMemory,
  pulled: string,
): ContainerProgress {
  const { pod, container, now } = context;
  const { pullBackOffMs: _forgotten, ...kept } = memory;
  return {
    status: {
      ...status,
      state: { running: { startedAt: kubeTime(now) } },
      ready: false,
      started: true,
      image: container.image,
      imageID: imageId(container.image),
      containerID: containerId(pod, container.name, status.restartCount),
    },
    memory: { ...kept, step: runningStep(context) },
    notes: [
      { type: 'Normal', reason: 'Pulled', message: pulled },
      { type: 'Normal', reason: 'Created', message: `Created container: ${container.name}` },
      { type: 'Normal', reason: 'Started', message: `Started container ${container.name}` },
    ],
  };
}

/** What a running container that is not ready yet comes to. One that is going to crash never answers its readiness probe, so it never takes traffic. */
export function runningStep({ pod, container, now }: ContainerContext): Step {
  return crashOf(pod, container) === undefined
    ? { at: 'starting', dueMs: now.getTime() + BECOMING_READY_MS }
    : { at: 'failing', dueMs: now.getTime() + RUN_BEFORE_CRASH_MS };
}
