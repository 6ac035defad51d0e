/** Whether an operation would change nothing, told before anybody is asked to approve it. */
import type { Json, Operation } from '@countersign/approvals';
import { RESTARTED_AT } from '../change/patch-body.ts';
import { podContainers } from '../deny-rules/pod-containers.ts';
import { numberAt, objectAt, textAt } from '../objects/json-at.ts';

/** Images of an object's ordinary containers by name, in order: what set-image can change. */
export const containerImages = (object: Json): ReadonlyMap<string, string> =>
  new Map(
    podContainers(object)
      .filter(({ list }) => list === 'containers')
      .map(({ name, container }) => [name, textAt(container, 'image') ?? '']),
  );

export function alreadySo(operation: Operation, live: Json): boolean {
  switch (operation.type) {
    case 'restart':
      return textAt(live, 'spec', 'template', 'metadata', 'annotations', RESTARTED_AT) === operation.restartedAt;
    case 'scale':
      return replicasOf(live) === operation.replicas;
    case 'set-image':
      return containerImages(live).get(operation.container) === operation.image;
    case 'label':
      return holds(live, 'labels', operation.labels);
    case 'annotate':
      return holds(live, 'annotations', operation.annotations);
    // The dry run tells: then nothing but our mark is in its diff.
    case 'patch':
    case 'apply':
    case 'rollback':
    case 'delete':
      return false;
  }
}

/** Null stands for an entry that is not there. */
function holds(live: Json, map: 'labels' | 'annotations', wanted: Readonly<Record<string, string | null>>): boolean {
  const has = objectAt(live, 'metadata', map);
  return Object.entries(wanted).every(([key, value]) => (Object.hasOwn(has, key) ? has[key] : null) === value);
}

/** Absent means 1 (apps/v1). */
export const replicasOf = (object: Json): number => numberAt(object, 'spec', 'replicas') ?? 1;
