/** What one container shows. Decided by the reasons that kubelet itself sets and by numbers; messages are never read. */
import { CRASH_RECENT_SECONDS, CRASH_RESTARTS_MIN, POD_FRESH_SECONDS } from '../limits.ts';
import type { ContainerFacts, PodFacts } from '../ports.ts';
import type { Symptom } from './finding.ts';
import { type NamespaceView, secondsSince } from './namespace-view.ts';

/** Kubelet has tried and backed off, or will not try: waiting does not help. */
const IMAGE_GIVEN_UP: ReadonlySet<string> = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull']);
const CONFIG_ERRORS: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

export function symptomOf(container: ContainerFacts, pod: PodFacts, view: NamespaceView): Symptom | undefined {
  const fresh = secondsSince(view, pod.createdAt) < POD_FRESH_SECONDS;
  const waiting = container.waitingReason;
  if (waiting !== null && IMAGE_GIVEN_UP.has(waiting)) return 'image-pull';
  // The first failure may be the registry's hiccup; from the second on kubelet alternates between the two words.
  if (waiting === 'ErrImagePull' && !fresh) return 'image-pull';
  if (waiting !== null && CONFIG_ERRORS.has(waiting) && !fresh) return 'config-error';

  const looping = container.restarts >= CRASH_RESTARTS_MIN;
  const crashedLately = exitedLately(container, view) && (container.lastExit?.exitCode ?? 0) !== 0;
  // An OOM kill counts once: memory that ran out runs out again.
  if (container.lastExit?.reason === 'OOMKilled' && (exitedLately(container, view) || waiting === 'CrashLoopBackOff'))
    return 'oom-killed';
  if (looping && (waiting === 'CrashLoopBackOff' || crashedLately)) return 'crash-loop';
  return undefined;
}

function exitedLately(container: ContainerFacts, view: NamespaceView): boolean {
  const finishedAt = container.lastExit?.finishedAt;
  return typeof finishedAt === 'string' && secondsSince(view, finishedAt) < CRASH_RECENT_SECONDS;
}
