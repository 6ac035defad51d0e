import { numberAt, stringAt } from '../json/record.ts';
import type { KubeObject, ObjectStore, ResourceKey } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeletionRequest {
  /** Undefined: what the kind's default is. */
  readonly propagation: Propagation | undefined;
  readonly gracePeriodSeconds: number | undefined;
  readonly dryRun?: boolean;
}

const defaultGraceSeconds = 30;
const foregroundFinalizer = 'foregroundDeletion';
const orphanFinalizer = 'orphan';

/** Whether the garbage collector still has to delete, or to release, what the object owns. */
export function awaitsDependents(object: KubeObject): Propagation | undefined {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (deletionTimestamp === undefined) return undefined;
  if (finalizers.includes(orphanFinalizer)) return 'Orphan';
  return finalizers.includes(foregroundFinalizer) ? 'Foreground' : undefined;
}

/** The object without the finalizer by which the garbage collector held it. */
export function withoutCollectorsHold(object: KubeObject): KubeObject {
  const finalizers = (object.metadata.finalizers ?? []).filter(
    (one) => one !== orphanFinalizer && one !== foregroundFinalizer,
  );
  return { ...object, metadata: { ...object.metadata, finalizers } };
}

/**
 * A DELETE as the API server takes it: the object goes at once, or it is marked and goes later: a pod that may still end its work, an object that a
 * finalizer holds, an owner whose dependents go first (Foreground) or are released (Orphan). Answers the marked object, or undefined when it is gone.
 */
export function requestDeletion(
  store: ObjectStore,
  resource: ResourceKey,
  object: KubeObject,
  request: DeletionRequest,
  now: Date,
): KubeObject | undefined {
  const { namespace, name } = object.metadata;
  const dryRun = request.dryRun === true;
  const finalizers = finalizersFor(resource, object, request.propagation);
  const grace = resource === 'pods' ? graceSeconds(object, request.gracePeriodSeconds) : 0;
  if (finalizers.length === 0 && grace === 0) {
    store.delete(resource, namespace, name, { dryRun });
    return undefined;
  }
  const before = object.metadata.deletionGracePeriodSeconds;
  const isMarked = object.metadata.deletionTimestamp !== undefined && before !== undefined && before <= grace;
  const deletion = {
    deletionTimestamp: kubeTime(new Date(now.getTime() + grace * 1000)),
    deletionGracePeriodSeconds: grace,
  };
  const marked = {
    ...object,
    metadata: { ...object.metadata, finalizers, ...(isMarked ? {} : deletion) },
  };
  // Nobody owns a deletion: the entries stay as they are.
  const managedFields = object.metadata.managedFields ?? [];
  return store.update(resource, marked, { dryRun, managedFields });
}

/** What a policy says replaces what an earlier one said; without one the object's own finalizer, or the kind's default, decides. */
function finalizersFor(resource: ResourceKey, object: KubeObject, propagation: Propagation | undefined): string[] {
  const given = object.metadata.finalizers ?? [];
  // Jobs have left their pods behind since batch/v1 was made; everything newer takes them along.
  const policy = propagation ?? (resource === 'jobs.batch' && given.length === 0 ? 'Orphan' : undefined);
  if (policy === undefined) return given;
  const others = given.filter((one) => one !== orphanFinalizer && one !== foregroundFinalizer);
  if (policy === 'Background') return others;
  return [...others, policy === 'Orphan' ? orphanFinalizer : foregroundFinalizer];
}

/** A pod that was never bound, or has ended, has nothing to end. */
function graceSeconds(pod: KubeObject, given: number | undefined): number {
  const phase = stringAt(pod, 'status', 'phase');
  if (stringAt(pod, 'spec', 'nodeName') === undefined || phase === 'Succeeded' || phase === 'Failed') return 0;
  return given ?? numberAt(pod, 'spec', 'terminationGracePeriodSeconds') ?? defaultGraceSeconds;
}
