/**
 * Whether a revision is known to have run well. The API keeps no such record of a ReplicaSet that was scaled to nothing, so it is told
 * by traces: pods that are available now; the controller's own word; the events of its pods, while the cluster keeps them (an hour by
 * default). Whoever may write events could forge the last; what follows from it is a proposal that a person judges.
 */
import type { EventFacts } from '../objects/event-facts.ts';
import type { ReplicaSet } from '../objects/wire.ts';

const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';

interface Progressing {
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
}

export function wasHealthy(
  set: ReplicaSet,
  progressing: Progressing | undefined,
  events: readonly EventFacts[],
  current: boolean,
): boolean {
  const name = set.metadata?.name ?? '';
  if ((set.status?.availableReplicas ?? 0) > 0) return true;
  if (
    progressing?.reason === 'NewReplicaSetAvailable' &&
    progressing.message === `ReplicaSet "${name}" has successfully progressed.`
  ) {
    // It holds until the next revision begins; the pods may have failed since.
    return true;
  }
  // Pods of the current revision that just started may fail in the next second; those of an older one have had their time.
  return !current && podsStartedWell(name, Number(set.metadata?.annotations?.[DESIRED_REPLICAS] ?? 1), events);
}

/** As many of its pods as it was meant to have started their containers, and nothing warned about any of them. */
function podsStartedWell(set: string, desired: number, events: readonly EventFacts[]): boolean {
  const ofPods = events.filter(({ involved }) => involved.kind === 'Pod' && isPodOf(set, involved.name));
  if (ofPods.some(({ type }) => type === 'Warning')) return false;
  const started = new Set(ofPods.filter(({ reason }) => reason === 'Started').map(({ involved }) => involved.name));
  return started.size > 0 && started.size >= desired;
}

/** A ReplicaSet's pods are named after it with five more characters. */
const isPodOf = (set: string, pod: string): boolean =>
  pod.startsWith(`${set}-`) && /^[a-z0-9]{5}$/.test(pod.slice(set.length + 1));
