import type { KubeObject } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';
import { goDuration, nextBackOffMs } from './back-off.ts';
import { type ContainerStatus, containerId, newContainerStatus, type Terminated } from './container-status.ts';
import { type Crash, crashOf } from './crash.ts';
import { imageId, imageReference, pullError } from './image-reference.ts';
import { type Container, podSpec } from './kinds.ts';
import {
  BACK_OFF_EVENT_EVERY_MS,
  BACK_OFF_FIRST_MS,
  BACK_OFF_FORGIVEN_AFTER_MS,
  BECOMING_READY_MS,
  EXITED_SHOWN_MS,
  IMAGE_PULL_MS,
  PULL_ERROR_SHOWN_MS,
  RUN_BEFORE_CRASH_MS,
} from './limits.ts';

/** Where a container is, and when (epoch milliseconds) it goes on. `up` and `done` wait for nothing. */
export type Step =
  | { at: 'pulling' | 'pull-failed' | 'starting' | 'failing' | 'exited'; dueMs: number }
  | { at: 'pull-back-off' | 'restart-back-off'; dueMs: number; retryMs: number }
  | { at: 'up' }
  | { at: 'done' };

/** What the kubelet keeps in its memory only; after a restart it is `remembered` anew from the status, and back-offs begin again, as the kubelet's do. */
export interface ContainerMemory {
  step: Step;
  pullBackOffMs?: number;
  restartBackOffMs?: number;
}

export interface Note {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

export interface ContainerContext {
  pod: KubeObject;
  container: Container;
  /** Full references, see image-reference.ts. */
  images: ReadonlySet<string>;
  now: Date;
}

export interface ContainerProgress {
  status: ContainerStatus;
  memory: ContainerMemory;
  /** What the kubelet has to say about it, in order. */
  notes: readonly Note[];
}

type Advance = (context: ContainerContext, status: ContainerStatus, memory: ContainerMemory) => ContainerProgress;

/** A container that was never looked at: the pull begins. */
export function beginContainer({ container, now }: ContainerContext): ContainerProgress {
  return {
    status: newContainerStatus(container),
    memory: { step: { at: 'pulling', dueMs: now.getTime() + IMAGE_PULL_MS } },
    notes: [{ type: 'Normal', reason: 'Pulling', message: `Pulling image "${container.image}"` }],
  };
}

/** The memory that goes with a stored status: how a container goes on after the sandbox was restarted. */
export function rememberContainer(
  { pod, container, now }: ContainerContext,
  { state, ready, restartCount }: ContainerStatus,
): ContainerMemory {
  const nowMs = now.getTime();
  const seen = restartCount > 0 ? { restartBackOffMs: BACK_OFF_FIRST_MS } : {};
  if ('running' in state) {
    if (crashOf(pod, container) !== undefined)
      return { step: { at: 'failing', dueMs: nowMs + RUN_BEFORE_CRASH_MS }, ...seen };
    return { step: ready ? { at: 'up' } : { at: 'starting', dueMs: nowMs + BECOMING_READY_MS }, ...seen };
  }
  if ('terminated' in state) return { step: { at: 'exited', dueMs: nowMs }, ...seen };
  if (state.waiting.reason === 'CrashLoopBackOff') {
    const retryMs = nowMs + BACK_OFF_FIRST_MS;
    return { step: { at: 'restart-back-off', dueMs: retryMs, retryMs }, restartBackOffMs: BACK_OFF_FIRST_MS };
  }
  return { step: { at: 'pulling', dueMs: nowMs + IMAGE_PULL_MS } };
}

/** Takes a container over every step that is due by now. */
export function advanceContainer(
  context: ContainerContext,
  status: ContainerStatus,
  memory: ContainerMemory,
): ContainerProgress {
  let progress: ContainerProgress = { status, memory, notes: [] };
  for (;;) {
    const { step } = progress.memory;
    if (step.at === 'up' || step.at === 'done' || step.dueMs > context.now.getTime()) return progress;
    const next = advances[step.at](context, progress.status, progress.memory);
    progress = { ...next, notes: [...progress.notes, ...next.notes] };
  }
}

const advances: Record<Exclude<Step['at'], 'up' | 'done'>, Advance> = {
  pulling(context, status, memory) {
    const { container, images, now } = context;
    if (images.has(imageReference(container.image))) {
      const took = goDuration(IMAGE_PULL_MS);
      const pulled = `Successfully pulled image "${container.image}" in ${took} (${took} including waiting)`;
      return started(context, status, memory, pulled);
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
  },

  'pull-failed'({ container, now }, status, memory) {
    const pullBackOffMs = nextBackOffMs(memory.pullBackOffMs);
    const message = `Back-off pulling image "${container.image}"`;
    const waiting = { reason: 'ImagePullBackOff', message: `${message}: ErrImagePull: ${pullError(container.image)}` };
    return {
      status: { ...status, state: { waiting } },
      memory: { ...memory, pullBackOffMs, step: backOffStep('pull-back-off', now, now.getTime() + pullBackOffMs) },
      notes: [
        { type: 'Normal', reason: 'BackOff', message },
        { type: 'Warning', reason: 'Failed', message: 'Error: ImagePullBackOff' },
      ],
    };
  },

  'pull-back-off'({ container, now }, status, memory) {
    const { step } = memory;
    if (step.at === 'pull-back-off' && now.getTime() < step.retryMs) {
      const again: Note = { type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${container.image}"` };
      return { status, memory: { ...memory, step: backOffStep('pull-back-off', now, step.retryMs) }, notes: [again] };
    }
    return {
      status,
      memory: { ...memory, step: { at: 'pulling', dueMs: now.getTime() + IMAGE_PULL_MS } },
      notes: [{ type: 'Normal', reason: 'Pulling', message: `Pulling image "${container.image}"` }],
    };
  },

  starting: (_context, status, memory) => ({
    status: { ...status, ready: true },
    memory: { ...memory, step: { at: 'up' } },
    notes: [],
  }),

  failing(context, status, memory) {
    const { pod, container, now } = context;
    const crash: Crash = crashOf(pod, container) ?? { exitCode: 0, message: '' };
    const terminated: Terminated = {
      exitCode: crash.exitCode,
      reason: crash.exitCode === 0 ? 'Completed' : 'Error',
      ...(crash.message === '' ? {} : { message: crash.message }),
      startedAt: 'running' in status.state ? status.state.running.startedAt : kubeTime(now),
      finishedAt: kubeTime(now),
      containerID: containerId(pod, container.name, status.restartCount),
    };
    return {
      status: { ...status, ready: false, started: false, state: { terminated } },
      memory: { ...memory, step: { at: 'exited', dueMs: now.getTime() + EXITED_SHOWN_MS } },
      notes: [],
    };
  },

  exited(context, status, memory) {
    const { pod, container, now } = context;
    if (!('terminated' in status.state)) return { status, memory: { ...memory, step: { at: 'done' } }, notes: [] };
    const { terminated } = status.state;
    const policy = podSpec(pod)?.restartPolicy ?? 'Always';
    if (policy === 'Never' || (policy === 'OnFailure' && terminated.exitCode === 0)) {
      return { status, memory: { ...memory, step: { at: 'done' } }, notes: [] };
    }
    const ranMs = Date.parse(terminated.finishedAt) - Date.parse(terminated.startedAt);
    // The first restart comes at once; only a container that fails again is held back.
    if (memory.restartBackOffMs === undefined || ranMs >= BACK_OFF_FORGIVEN_AFTER_MS) {
      return restarted(context, status, { ...memory, restartBackOffMs: BACK_OFF_FIRST_MS });
    }
    const { name, namespace, uid } = pod.metadata;
    const failed = `restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`;
    const waiting = {
      reason: 'CrashLoopBackOff',
      message: `back-off ${goDuration(memory.restartBackOffMs)} ${failed}`,
    };
    return {
      status: { ...status, state: { waiting }, lastState: { terminated } },
      memory: { ...memory, step: backOffStep('restart-back-off', now, now.getTime() + memory.restartBackOffMs) },
      notes: [crashNote(context)],
    };
  },

  'restart-back-off'(context, status, memory) {
    const { step } = memory;
    if (step.at === 'restart-back-off' && context.now.getTime() < step.retryMs) {
      const again = backOffStep('restart-back-off', context.now, step.retryMs);
      return { status, memory: { ...memory, step: again }, notes: [crashNote(context)] };
    }
    return restarted(context, status, { ...memory, restartBackOffMs: nextBackOffMs(memory.restartBackOffMs) });
  },
};

/** Wakes up in between a long back-off to say so again, as the kubelet does. */
function backOffStep(at: 'pull-back-off' | 'restart-back-off', now: Date, retryMs: number): Step {
  return { at, retryMs, dueMs: Math.min(retryMs, now.getTime() + BACK_OFF_EVENT_EVERY_MS) };
}

function crashNote({ pod, container }: ContainerContext): Note {
  const where = `${container.name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  return { type: 'Warning', reason: 'BackOff', message: `Back-off restarting failed container ${where}` };
}

function restarted(context: ContainerContext, status: ContainerStatus, memory: ContainerMemory): ContainerProgress {
  const lastState = 'terminated' in status.state ? { terminated: status.state.terminated } : status.lastState;
  const again = { ...status, lastState, restartCount: status.restartCount + 1 };
  return started(context, again, memory, `Container image "${context.container.image}" already present on machine`);
}

function started(
  context: ContainerContext,
  status: ContainerStatus,
  memory: ContainerMemory,
  pulled: string,
): ContainerProgress {
  const { pod, container, now } = context;
  // A container that is going to crash never answers its readiness probe, so it never takes traffic.
  const step: Step =
    crashOf(pod, container) === undefined
      ? { at: 'starting', dueMs: now.getTime() + BECOMING_READY_MS }
      : { at: 'failing', dueMs: now.getTime() + RUN_BEFORE_CRASH_MS };
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
    memory: { ...kept, step },
    notes: [
      { type: 'Normal', reason: 'Pulled', message: pulled },
      { type: 'Normal', reason: 'Created', message: `Created container: ${container.name}` },
      { type: 'Normal', reason: 'Started', message: `Started container ${container.name}` },
    ],
  };
}
