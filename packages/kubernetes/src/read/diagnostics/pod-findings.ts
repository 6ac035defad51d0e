/** What is wrong with one pod, from its status alone. Pure. */
import type { Pod } from '../../objects/wire.ts';
import { safeImage, safeWord } from '../safe-text.ts';
import type { Finding } from './findings.ts';

type ContainerStatus = NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number];
type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

export function podFindings(pod: Pod): readonly Finding[] {
  const { status, metadata } = pod;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return [
    ...(metadata?.deletionTimestamp === undefined ? scheduling(pod) : [terminating(pod)]),
    ...(status?.phase === 'Failed' && status.reason !== undefined
      ? [error('pod.failed', `The pod failed: ${safeWord(status.reason)}.`, status.message)]
      : []),
    ...containers.flatMap((container) => containerFindings(container, status?.phase)),
  ];
}

const error = (code: string, message: string, said?: string, next?: string): Finding => ({
  code,
  severity: 'error',
  message,
  said,
  next,
});

function scheduling({ status }: Pod): readonly Finding[] {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (status?.phase !== 'Pending' || scheduled?.status !== 'False') return [];
  return [error('pod.unschedulable', 'No node takes the pod.', scheduled.message)];
}

function terminating({ metadata }: Pod): Finding {
  const held = (metadata?.finalizers ?? []).map(safeWord).join(', ');
  return {
    code: 'pod.terminating',
    severity: 'warning',
    message: held === '' ? 'The pod is being deleted.' : `The pod is being deleted and waits for ${held}.`,
  };
}

const IMAGE =
  /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError|RegistryUnavailable)$/;
const CONFIG = /^(CreateContainerConfigError)$/;
const START = /^(CreateContainerError|RunContainerError|StartError|ContainerCannotRun|PostStartHookError)$/;
const LOGS = 'get_pod_logs with previous: true shows the run that ended.';

function containerFindings(container: ContainerStatus, phase: string | undefined): readonly Finding[] {
  const { name, state, lastState, restartCount, image, ready } = container;
  const waiting = state?.waiting;
  const reason = waiting?.reason ?? '';
  const which = `Container ${safeWord(name)}`;
  if (IMAGE.test(reason)) {
    const message = `${which} has no image: ${safeImage(image)} (${safeWord(reason)}).`;
    return [error('container.image', message, waiting?.message)];
  }
  if (CONFIG.test(reason)) {
    return [error('container.config', `${which} lacks something that it refers to.`, waiting?.message)];
  }
  if (START.test(reason)) return [error('container.start', `${which} could not be started.`, waiting?.message)];
  const ended = state?.terminated ?? lastState?.terminated;
  const ending = ended === undefined ? '' : `: ${endingOf(ended)}`;
  if (ended?.reason === 'OOMKilled') {
    return [
      error('container.out-of-memory', `${which} ran out of memory (limit reached or node short).`, undefined, LOGS),
    ];
  }
  if (reason === 'CrashLoopBackOff') {
    return [error('container.crash-looping', `${which} keeps ending${ending}.`, ended?.message ?? undefined, LOGS)];
  }
  if (state?.terminated !== undefined && state.terminated.exitCode !== 0) {
    return [error('container.failed', `${which} ended${ending}.`, state.terminated.message, 'get_pod_logs')];
  }
  const findings: Finding[] = [];
  if (restartCount > 0 && ended !== undefined && ended.exitCode !== 0) {
    const message = `${which} was restarted; the last run ended${ending}.`;
    findings.push({ code: 'container.restarted', severity: 'warning', message, next: LOGS });
  }
  if (state?.running !== undefined && !ready && phase === 'Running') {
    const message = `${which} runs but is not ready: its readiness or startup probe does not pass.`;
    findings.push(error('container.not-ready', message, undefined, 'get_k8s_events with involvedObject.name'));
  }
  return findings;
}

const endingOf = ({ reason, exitCode, signal }: Terminated): string =>
  `${reason === undefined ? '' : `${safeWord(reason)}, `}exit code ${exitCode}${signal ? `, signal ${signal}` : ''}`;

/** The container whose log may say why, and whether its last run or the one that runs now. */
export function failingContainer({ status }: Pod): { readonly name: string; readonly previous: boolean } | undefined {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const ended = all.find(({ state, lastState, restartCount }) => {
    const last = state?.terminated ?? lastState?.terminated;
    return last !== undefined && (last.exitCode !== 0 || restartCount > 0);
  });
  if (ended !== undefined) return { name: ended.name, previous: ended.state?.terminated === undefined };
  const unready = all.find(({ state, ready }) => state?.running !== undefined && !ready);
  return unready === undefined ? undefined : { name: unready.name, previous: false };
}

/** Unhealthy first, then the newest; equal ones by name, so that the same pods always come in the same order. */
export function worstFirst(a: Pod, b: Pod): number {
  const unready = (pod: Pod): number => (isReady(pod) ? 1 : 0);
  const at = (pod: Pod): string => pod.metadata?.creationTimestamp ?? '';
  const name = (pod: Pod): string => pod.metadata?.name ?? '';
  return unready(a) - unready(b) || compare(at(b), at(a)) || compare(name(a), name(b));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Done counts as well. */
export const isReady = ({ status }: Pod): boolean =>
  status?.phase === 'Succeeded' ||
  status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
