import { goDuration, nextBackOffMs } from './back-off.ts';
import { startContainer } from './container-start.ts';
import { newContainerStatus } from './container-status.ts';
import {
  type Advance,
  backOffStep,
  type ContainerContext,
  type ContainerProgress,
  type Note,
} from './container-step.ts';
import { imageReference, pullError } from './image-reference.ts';
import { IMAGE_PULL_MS, PULL_ERROR_SHOWN_MS } from './limits.ts';

/** A container that was never looked at: the pull begins. */
export function beginContainer({ container, now }: ContainerContext): ContainerProgress {
  return {
    status: newContainerStatus(container),
    memory: { step: { at: 'pulling', dueMs: now.getTime() + IMAGE_PULL_MS } },
    notes: [pulling(container.image)],
  };
}

/** The pull is over: the container starts, or the registry has no such image. */
export const finishPull: Advance = (context, status, memory) => {
  const { container, images, now } = context;
  if (images.has(imageReference(container.image))) {
    const took = goDuration(IMAGE_PULL_MS);
    const pulled = `Successfully pulled image "${container.image}" in ${took} (${took} including waiting)`;
    return startContainer(context, status, memory, pulled);
  }
  const error = pullError(container.image);
  return {
    status: { ...status, image: container.image, state: { waiting: { reason: 'ErrImagePull', message: error } } },
    memory: { ...memory, step: { at: 'pull-failed', dueMs: now.getTime() + PULL_ERROR_SHOWN_MS } },
    notes: [
      { type: 'Warning', reason: 'Failed', message: `Failed to pull image "${container.image}": ${error}` },
      { type: 'Warning', reason: 'Failed', message: 'Error: ErrImagePull' },
    ],
  };
};

export const beginPullBackOff: Advance = ({ container, now }, status, memory) => {
  const pullBackOffMs = nextBackOffMs(memory.pullBackOffMs);
  const message = `${backOff(container.image)}: ErrImagePull: ${pullError(container.image)}`;
  return {
    status: { ...status, state: { waiting: { reason: 'ImagePullBackOff', message } } },
    memory: { ...memory, pullBackOffMs, step: backOffStep('pull-back-off', now, now.getTime() + pullBackOffMs) },
    notes: stillBackingOff(container.image),
  };
};

export const continuePullBackOff: Advance = ({ container, now }, status, memory) => {
  const { step } = memory;
  if (step.at === 'pull-back-off' && now.getTime() < step.retryMs) {
    const again = backOffStep('pull-back-off', now, step.retryMs);
    return { status, memory: { ...memory, step: again }, notes: stillBackingOff(container.image) };
  }
  const retry = { at: 'pulling', dueMs: now.getTime() + IMAGE_PULL_MS } as const;
  return { status, memory: { ...memory, step: retry }, notes: [pulling(container.image)] };
};

function pulling(image: string): Note {
  return { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` };
}

function backOff(image: string): string {
  return `Back-off pulling image "${image}"`;
}

function stillBackingOff(image: string): readonly Note[] {
  return [
    { type: 'Normal', reason: 'BackOff', message: backOff(image) },
    { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
  ];
}
