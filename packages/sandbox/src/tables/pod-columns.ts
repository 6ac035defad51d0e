import { isRecord, type JsonRecord, listAt, numberAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { ageColumn, type Column, nameColumn, since } from './column.ts';

export const podColumns: readonly Column[] = [
  nameColumn,
  { name: 'Ready', description: 'Ready containers of all containers.', cell: readyCell },
  { name: 'Status', description: 'What the pod is doing, or what keeps it from it.', cell: statusCell },
  { name: 'Restarts', description: 'Restarts of all containers, and when the last one was.', cell: restartsCell },
  ageColumn,
  { name: 'IP', priority: 1, cell: (pod) => stringAt(pod, 'status', 'podIP') ?? '<none>' },
  { name: 'Node', priority: 1, cell: (pod) => stringAt(pod, 'spec', 'nodeName') ?? '<none>' },
  { name: 'Nominated Node', priority: 1, cell: (pod) => stringAt(pod, 'status', 'nominatedNodeName') ?? '<none>' },
  { name: 'Readiness Gates', priority: 1, cell: () => '<none>' },
];

function containerStatuses(pod: KubeObject): readonly JsonRecord[] {
  return listAt(pod, 'status', 'containerStatuses').filter(isRecord);
}

function readyCell(pod: KubeObject): string {
  const ready = containerStatuses(pod).filter((status) => status.ready === true).length;
  return `${ready}/${listAt(pod, 'spec', 'containers').length}`;
}

/** The container's trouble says more than the pod's phase: CrashLoopBackOff, ImagePullBackOff, Error ... */
function statusCell(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  let reason = stringAt(pod, 'status', 'reason') ?? stringAt(pod, 'status', 'phase') ?? 'Unknown';
  let running = false;
  for (const status of [...containerStatuses(pod)].reverse()) {
    const waiting = stringAt(status, 'state', 'waiting', 'reason');
    const terminated = recordAt(status, 'state', 'terminated');
    if (waiting !== undefined) reason = waiting;
    else if (terminated !== undefined)
      reason = stringAt(terminated, 'reason') ?? `ExitCode:${numberAt(terminated, 'exitCode') ?? 0}`;
    else if (status.ready === true) running = true;
  }
  return reason === 'Completed' && running ? 'Running' : reason;
}

function restartsCell(pod: KubeObject, now: Date): string {
  let restarts = 0;
  let last: string | undefined;
  for (const status of containerStatuses(pod)) {
    restarts += numberAt(status, 'restartCount') ?? 0;
    const finished = stringAt(status, 'lastState', 'terminated', 'finishedAt');
    if (finished !== undefined && (last === undefined || finished > last)) last = finished;
  }
  return restarts > 0 && last !== undefined ? `${restarts} (${since(last, now)} ago)` : String(restarts);
}
