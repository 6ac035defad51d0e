/** One quorum read's answer as the core wants it. */
import { type Json, type LiveObject, MARK_ANNOTATIONS, Unavailable } from '@countersign/approvals';
import { numberAt, textAt } from './json-at.ts';

/** An object without uid or resourceVersion is no answer of an API server: rather no answer than a write without a precondition. */
export function liveObjectOf(object: Json): LiveObject {
  const uid = textAt(object, 'metadata', 'uid');
  const resourceVersion = textAt(object, 'metadata', 'resourceVersion');
  if (!uid || !resourceVersion) throw new Unavailable('the cluster answered an object without identity');
  return {
    uid,
    resourceVersion,
    generation: numberAt(object, 'metadata', 'generation') ?? null,
    marks: MARK_ANNOTATIONS.flatMap((key) => textAt(object, 'metadata', 'annotations', key) ?? []),
    deleting: textAt(object, 'metadata', 'deletionTimestamp') !== undefined,
    object,
  };
}
