import { continueRestartBackOff, decideRestart, exitContainer } from './container-exit.ts';
import { runningStep } from './container-start.ts';
import type { ContainerStatus } from './container-status.ts';
import type { Advance, ContainerContext, ContainerMemory, ContainerProgress, Step } from './container-step.ts';
import { crashOf } from './crash.ts';
import { beginPullBackOff, continuePullBackOff, finishPull } from './image-pull.ts';
import { BACK_OFF_FIRST_MS, IMAGE_PULL_MS } from './limits.ts';

/** What happens when a step falls due. */
const advances: Record<Exclude<Step['at'], 'up' | 'done'>, Advance> = {
  pulling: finishPull,
  'pull-failed': beginPullBackOff,
  'pull-back-off': continuePullBackOff,
  starting: (_context, status, memory) => ({
    status: { ...status, ready: true },
    memory: { ...memory, step: { at: 'up' } },
    notes: [],
  }),
  failing: exitContainer,
  exited: decideRestart,
  'restart-back-off': continueRestartBackOff,
};

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

/** The memory that goes with a stored status: how a container goes on after the sandbox was restarted. */
export function rememberContainer(context: ContainerContext, status: ContainerStatus): ContainerMemory {
  const nowMs = context.now.getTime();
  const { state, ready, restartCount } = status;
  const seen = restartCount > 0 ? { restartBackOffMs: BACK_OFF_FIRST_MS } : {};
  if ('running' in state) {
    const isUp = ready && crashOf(context.pod, context.container) === undefined;
    return { step: isUp ? { at: 'up' } : runningStep(context), ...seen };
  }
  if ('terminated' in state) return { step: { at: 'exited', dueMs: nowMs }, ...seen };
  if (state.waiting.reason === 'CrashLoopBackOff') {
    const retryMs = nowMs + BACK_OFF_FIRST_MS;
    return { step: { at: 'restart-back-off', dueMs: retryMs, retryMs }, restartBackOffMs: BACK_OFF_FIRST_MS };
  }
  return { step: { at: 'pulling', dueMs: nowMs + IMAGE_PULL_MS } };
}
