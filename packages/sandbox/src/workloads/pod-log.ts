import { type ContainerStatus, containerStatusOf, type Terminated } from '../controllers/container-status.ts';
import { podSpec } from '../controllers/kinds.ts';
import type { KubeObject, ObjectStore } from '../store/object-store.ts';
import { FIRST_LOG_LINE_AFTER_MS, LOG_LINE_EVERY_MS, LOG_LINES_COUNT } from './limits.ts';
import { type Program, programOf, type Run } from './program-log.ts';

export interface PodLogLine {
  at: Date;
  text: string;
}

/**
 * The log of one container: what its program printed when it started, a line of work every few seconds until `now`, and its last words if it crashed.
 * The same store and the same `now` give the same lines. Without `now` only the start is shown. `previous`: the run before the last restart.
 * Empty where the container has not run; `logRefusal` says why.
 */
export function podLogLines(
  store: ObjectStore,
  namespace: string,
  podName: string,
  container: string,
  previous: boolean,
  now?: Date,
): PodLogLine[] {
  const pod = store.get('pods', namespace, podName);
  const status = pod === undefined ? undefined : containerStatusOf(pod, container);
  const life = status === undefined ? undefined : lifeOf(status, previous);
  if (pod === undefined || status === undefined || life === undefined) return [];

  const startedAt = new Date(life.startedAt);
  const run: Run = { image: status.image, seed: `${pod.metadata.uid}/${container}/${life.startedAt}`, startedAt };
  const program = programOf(status.image);
  const lines = program.onStart(run).map((text) => ({ at: startedAt, text }));
  if (life.lastRun === undefined) return [...lines, ...work(program, run, now ?? startedAt)];
  const at = new Date(life.lastRun.finishedAt);
  const { message } = life.lastRun;
  return message === undefined ? lines : [...lines, ...program.onCrash(run, at, message).map((text) => ({ at, text }))];
}

/** The texts of `podLogLines`. */
export function podLog(
  store: ObjectStore,
  namespace: string,
  podName: string,
  container: string,
  previous: boolean,
  now?: Date,
): string[] {
  return podLogLines(store, namespace, podName, container, previous, now).map(({ text }) => text);
}

/** Why a container has no log to show, in the kubelet's words; undefined when it has one. */
export function logRefusal(pod: KubeObject, container: string, previous: boolean): string | undefined {
  const { name } = pod.metadata;
  if (!podSpec(pod)?.containers.some((one) => one.name === container))
    return `container ${container} is not valid for pod ${name}`;
  const status = containerStatusOf(pod, container);
  if (status !== undefined && lifeOf(status, previous) !== undefined) return undefined;
  if (previous) return `previous terminated container "${container}" in pod "${name}" not found`;
  const reason = status !== undefined && 'waiting' in status.state ? status.state.waiting.reason : 'ContainerCreating';
  const why = reason === 'ErrImagePull' || reason === 'ImagePullBackOff' ? 'trying and failing to pull image' : reason;
  return `container "${container}" in pod "${name}" is waiting to start: ${why}`;
}

interface Life {
  startedAt: string;
  /** How the run ended; undefined while it goes on. */
  lastRun?: Terminated;
}

/** The run that a log request means: the present one, or between two runs the last; with `previous` the one before. */
function lifeOf(status: ContainerStatus, previous: boolean): Life | undefined {
  const before =
    'terminated' in status.lastState
      ? { startedAt: status.lastState.terminated.startedAt, lastRun: status.lastState.terminated }
      : undefined;
  if (previous) return before;
  if ('running' in status.state) return { startedAt: status.state.running.startedAt };
  if ('terminated' in status.state)
    return { startedAt: status.state.terminated.startedAt, lastRun: status.state.terminated };
  return before;
}

function work(program: Program, run: Run, now: Date): PodLogLine[] {
  const firstMs = run.startedAt.getTime() + FIRST_LOG_LINE_AFTER_MS;
  const done = Math.max(0, Math.floor((now.getTime() - firstMs) / LOG_LINE_EVERY_MS) + 1);
  const from = Math.max(0, done - LOG_LINES_COUNT);
  return Array.from({ length: done - from }, (_unused, offset) => {
    const at = new Date(firstMs + (from + offset) * LOG_LINE_EVERY_MS);
    return { at, text: program.onWork(run, at, from + offset) };
  });
}
