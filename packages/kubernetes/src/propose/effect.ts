/** What a step does to the target's pods, in numbers, from the objects before and after: whichever operation brought it about. */
import { canonicalize, type Json, type Step } from '@countersign/approvals';
import { numberAt, textAt, valueAt } from '../objects/json-at.ts';
import { replicasOf } from './already-so.ts';

export interface Effect {
  readonly podsBefore: number;
  readonly podsAfter: number;
  /** The pod template changes, and the kind's controller replaces the pods. */
  readonly rolls: boolean;
  /** Pods that may be gone at the same time while the change goes on. */
  readonly takenAtOnce: number;
}

const NO_PODS: Effect = { podsBefore: 0, podsAfter: 0, rolls: false, takenAtOnce: 0 };

export function effectOf({ operation, target }: Step, live: Json, dryRun: Json): Effect {
  if (target.kind === 'Pod') {
    const gone = operation.type === 'delete' ? 1 : 0;
    return {
      ...NO_PODS,
      podsBefore: live === null ? 0 : 1,
      podsAfter: live === null ? 1 : 1 - gone,
      takenAtOnce: gone,
    };
  }
  if (!isWorkload(live ?? dryRun)) return NO_PODS;
  const podsBefore = live === null ? 0 : podsOfWorkload(live);
  if (operation.type === 'delete') {
    const stay = operation.propagation === 'Orphan';
    return { podsBefore, podsAfter: stay ? podsBefore : 0, rolls: false, takenAtOnce: stay ? 0 : podsBefore };
  }
  const podsAfter = podsOfWorkload(dryRun);
  const rolls = live !== null && replacesPods(dryRun) && differ(templateOf(live), templateOf(dryRun));
  const takenAtOnce = Math.max(podsBefore - podsAfter, rolls ? unavailableInRollout(dryRun, podsAfter) : 0, 0);
  return { podsBefore, podsAfter, rolls, takenAtOnce };
}

const isWorkload = (object: Json): boolean =>
  ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'].includes(textAt(object, 'kind') ?? '');

/** A ReplicaSet replaces nothing, nor does a workload whose pods somebody deletes by hand, or whose rollout is paused. */
const replacesPods = (object: Json): boolean =>
  textAt(object, 'kind') !== 'ReplicaSet' &&
  textAt(object, 'spec', 'updateStrategy', 'type') !== 'OnDelete' &&
  valueAt(object, 'spec', 'paused') !== true;

const podsOfWorkload = (object: Json): number =>
  textAt(object, 'kind') === 'DaemonSet'
    ? (numberAt(object, 'status', 'desiredNumberScheduled') ?? 0)
    : replicasOf(object);

const templateOf = (object: Json): Json => valueAt(object, 'spec', 'template') ?? null;
const differ = (a: Json, b: Json): boolean => canonicalize(a) !== canonicalize(b);

/** apps/v1's defaults: a Deployment a quarter, rounded down; the others one at a time. */
function unavailableInRollout(object: Json, pods: number): number {
  if (textAt(object, 'spec', 'strategy', 'type') === 'Recreate') return pods;
  const deployment = textAt(object, 'kind') === 'Deployment';
  const asked =
    valueAt(object, 'spec', deployment ? 'strategy' : 'updateStrategy', 'rollingUpdate', 'maxUnavailable') ??
    (deployment ? '25%' : 1);
  const percent = typeof asked === 'string' ? /^(\d{1,3})%$/.exec(asked)?.[1] : undefined;
  if (percent !== undefined) return Math.floor((Number(percent) * pods) / 100);
  return Math.min(pods, typeof asked === 'number' ? asked : Number(asked) || 0);
}
