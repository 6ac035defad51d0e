import { kubeTime } from '../store/object-versions.ts';
import { goDuration, nextBackOffMs } from './back-off.ts';
import { startContainer } from './container-start.ts';
import { type ContainerStatus, containerId, type Terminated } from './container-status.ts';
import {
  type Advance,
  backOffStep,
  type ContainerContext,
  type ContainerMemory,
  type ContainerProgress,
  type Note,
} from './container-step.ts';
import { type Crash, crashOf } from './crash.ts';
import { podSpec } from './kinds.ts';
import { BACK_OFF_FIRST_MS, EXITED_SHOWN_MS } from './limits.ts';

export const exitContainer: Advance = ({ pod, container, now }, status, memory) => {
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
};

/** An exited container is left alone, restarted, or held back, as restart policy and history want it. */
export const decideRestart: Advance = (context, status, memory) => {
  const { pod, container, now } = context;
  if (!('terminated' in status.state)) return { status, memory: { ...memory, step: { at: 'done' } }, notes: [] };
  const { terminated } = status.state;
  const policy = podSpec(pod)?.restartPolicy ?? 'Always';
  if (policy === 'Never' || (policy === 'OnFailure' && terminated.exitCode === 0)) {
    return { status, memory: { ...memory, step: { at: 'done' } }, notes: [] };
  }
  // The first restart comes at once; only a container that fails again is held back.
  if (memory.restartBackOffMs === undefined) {
    return restart(context, status, { ...memory, restartBackOffMs: BACK_OFF_FIRST_MS });
  }
  const { name, namespace, uid } = pod.metadata;
  const failed = `restarting failed container=${container.name} pod=${name}_${namespace}(${uid})`;
  const waiting = { reason: 'CrashLoopBackOff', message: `back-off ${goDuration(memory.restartBackOffMs)} ${failed}` };
  return {
    status: { ...status, state: { waiting }, lastState: { terminated } },
    memory: { ...memory, step: backOffStep('restart-back-off', now, now.getTime() + memory.restartBackOffMs) },
    notes: [backingOff(context)],
  };
};

export const continueRestartBackOff: Advance = (context, status, memory) => {
  const { step } = memory;
  if (step.at === 'restart-back-off' && context.now.getTime() < step.retryMs) {
    const again = backOffStep('restart-back-off', context.now, step.retryMs);
    return { status, memory: { ...memory, step: again }, notes: [backingOff(context)] };
  }
  return restart(context, status, { ...memory, restartBackOffMs: nextBackOffMs(memory.restartBackOffMs) });
};

function restart(context: ContainerContext, status: ContainerStatus, memory: ContainerMemory): ContainerProgress {
  const lastState = 'terminated' in status.state ? { terminated: status.state.terminated } : status.lastState;
  const again = { ...status, lastState, restartCount: status.restartCount + 1 };
  return startContainer(
    context,
    again,
    memory,
    `Container image "${context.container.image}" already present on machine`,
  );
}

function backingOff({ pod, container }: ContainerContext): Note {
  const where = `${container.name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  return { type: 'Warning', reason: 'BackOff', message: `Back-off restarting failed container ${where}` };
}
