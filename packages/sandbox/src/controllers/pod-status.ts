import type { KubeObject } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';
import type { ContainerStatus } from './container-status.ts';
import { type Condition, conditionOf, type PodSpec, record } from './kinds.ts';
import { NODE_IP } from './node.ts';

/** A bound pod's status from its containers, as the kubelet reports it. A condition's time moves only when its status does. */
export function podStatus(options: {
  pod: KubeObject;
  spec: PodSpec;
  containerStatuses: readonly ContainerStatus[];
  podIP: string;
  now: Date;
}): Record<string, unknown> {
  const { pod, spec, containerStatuses, podIP, now } = options;
  const phase = phaseOf(spec, containerStatuses);
  const finished = phase === 'Succeeded' ? 'PodCompleted' : phase === 'Failed' ? 'PodFailed' : undefined;
  const unready = containerStatuses.filter(({ ready }) => !ready).map(({ name }) => name);
  const blocked = {
    reason: finished ?? 'ContainersNotReady',
    ...(finished === undefined ? { message: `containers with unready status: [${unready.join(' ')}]` } : {}),
  };
  const condition = (type: string, holds: boolean, why: { reason?: string; message?: string } = {}): Condition => {
    const status = holds ? 'True' : 'False';
    const before = conditionOf(pod, type);
    const since = before?.status === status ? before.lastTransitionTime : kubeTime(now);
    return { type, status, lastProbeTime: null, lastTransitionTime: since, ...(holds ? {} : why) };
  };
  return {
    phase,
    conditions: [
      condition('PodReadyToStartContainers', finished === undefined),
      condition('Initialized', true),
      condition('Ready', unready.length === 0, blocked),
      condition('ContainersReady', unready.length === 0, blocked),
      condition('PodScheduled', true),
    ],
    hostIP: NODE_IP,
    hostIPs: [{ ip: NODE_IP }],
    podIP,
    podIPs: [{ ip: podIP }],
    startTime: record(pod.status).startTime ?? kubeTime(now),
    containerStatuses,
    qosClass: record(pod.status).qosClass,
  };
}

/** Pending until each container has started once; afterwards Running, also while they crash; finished when none will be restarted. */
function phaseOf(spec: PodSpec, statuses: readonly ContainerStatus[]): string {
  if (statuses.some(({ state, restartCount }) => 'waiting' in state && restartCount === 0)) return 'Pending';
  const policy = spec.restartPolicy ?? 'Always';
  const exits = statuses.map(({ state }) => ('terminated' in state ? state.terminated.exitCode : undefined));
  const allEnded = exits.every((code) => code !== undefined);
  if (!allEnded || policy === 'Always') return 'Running';
  if (exits.every((code) => code === 0)) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}
