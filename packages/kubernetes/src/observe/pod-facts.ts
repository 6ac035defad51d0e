/** A pod as detectors read it, and who is answerable for it. */
import type { ObjectMeta, Pod, ReplicaSet } from '../objects/wire.ts';
import { safeMessage } from '../read/safe-text.ts';

export interface ContainerFacts {
  readonly name: string;
  readonly image: string;
  readonly ready: boolean;
  readonly restarts: number;
  readonly waitingReason: string | null;
  readonly waitingMessage: string | null;
  readonly lastExit: {
    readonly reason: string | null;
    readonly exitCode: number;
    readonly finishedAt: string | null;
  } | null;
}

export interface Owner {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface PodFacts {
  readonly name: string;
  readonly uid: string;
  readonly phase: string;
  readonly ready: boolean;
  readonly notReadySince: string | null;
  readonly createdAt: string;
  readonly deleting: boolean;
  readonly containers: readonly ContainerFacts[];
  readonly owner: Owner | null;
  readonly labels: Readonly<Record<string, string>>;
}

export function podFacts({ metadata, spec, status }: Pod, replicaSets: readonly ReplicaSet[]): PodFacts {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    name: metadata?.name ?? '',
    uid: metadata?.uid ?? '',
    phase: status?.phase ?? 'Unknown',
    ready: ready?.status === 'True',
    notReadySince: ready?.status === 'False' ? (ready.lastTransitionTime ?? null) : null,
    createdAt: metadata?.creationTimestamp ?? '',
    deleting: metadata?.deletionTimestamp !== undefined,
    // A failing init container keeps the others from starting: it is a container of the pod like any other.
    containers: [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name, image }) =>
      containerFacts(name, image, status),
    ),
    owner: ownerOf(metadata, replicaSets),
    labels: metadata?.labels ?? {},
  };
}

function containerFacts(name: string, image: string | undefined, status: Pod['status']): ContainerFacts {
  const states = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const now = states.find((state) => state.name === name);
  const waiting = now?.state?.waiting;
  const exit = now?.state?.terminated ?? now?.lastState?.terminated;
  return {
    name,
    image: image ?? '',
    ready: now?.ready ?? false,
    restarts: now?.restartCount ?? 0,
    waitingReason: waiting?.reason ?? null,
    waitingMessage: waiting?.message === undefined ? null : safeMessage(waiting.message),
    lastExit:
      exit === undefined
        ? null
        : { reason: exit.reason ?? null, exitCode: exit.exitCode, finishedAt: exit.finishedAt ?? null },
  };
}

/** The controller, and through a ReplicaSet the Deployment above it. A ReplicaSet that is gone already stands for itself. */
function ownerOf(metadata: ObjectMeta | undefined, replicaSets: readonly ReplicaSet[]): Owner | null {
  const direct = controllerOf(metadata);
  if (direct === null || direct.kind !== 'ReplicaSet') return direct;
  const set = replicaSets.find((candidate) => candidate.metadata?.uid === direct.uid);
  return controllerOf(set?.metadata) ?? direct;
}

export function controllerOf(metadata: ObjectMeta | undefined): Owner | null {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  return owner === undefined ? null : { kind: owner.kind, name: owner.name, uid: owner.uid };
}
