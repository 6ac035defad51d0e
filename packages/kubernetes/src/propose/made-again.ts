/** A manifest that makes a deleted object again: its pre-image without what the server sets. */
import { holdsRedactedLeaf, type Json, type Target } from '@countersign/approvals';
import { unfitDocument } from '../change/document-size.ts';
import { manifestIssues } from '../change/manifest-rules.ts';
import { isOwnAnnotation } from '../change/metadata-rules.ts';
import { changeableKind, controllerOf } from '../objects/changeable-kinds.ts';
import { isObject, type JsonObject, listAt, objectAt } from '../objects/json-at.ts';

/** What a tool or controller noted on the old object; on a new one it would be wrong. */
const NOTES: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deployment.kubernetes.io/revision',
]);

/** Why it cannot be made again, or the manifest. `live` in shown form. */
export function madeAgain(target: Target, live: Json): JsonObject | string {
  const kind = changeableKind(target.kind);
  if (kind === undefined || !isObject(live)) return 'No inverse is known';
  const controller = controllerOf(live);
  if (controller !== undefined) return 'It has no inverse: its controller decides whether there is a new one';
  if (!kind.operations.includes('apply')) return `It has no inverse: no plan makes a ${target.kind}`;
  // The API server gives each Job a selector and labels of its own, which no other Job may have.
  if (target.kind === 'Job') return 'It has no inverse: a Job cannot be made again with the selector that it had';
  if (listAt(live, 'metadata', 'ownerReferences').length > 0 || listAt(live, 'metadata', 'finalizers').length > 0)
    return 'It has no inverse: no plan sets the owners or finalizers that it had';
  const manifest = cleaned(live, target);
  if (holdsRedactedLeaf(manifest)) return 'It has no inverse: the object holds values that are hidden';
  const fits = unfitDocument(manifest) === undefined && manifestIssues(manifest, target, kind.template).length === 0;
  return fits ? manifest : 'What was there before is beyond what a plan can set';
}

function cleaned(live: JsonObject, { apiVersion, kind, namespace, name }: Target): JsonObject {
  const { status: _status, metadata: _metadata, ...rest } = live;
  const { labels } = objectAt(live, 'metadata');
  const annotations = Object.entries(objectAt(live, 'metadata', 'annotations')).filter(
    ([key]) => !isOwnAnnotation(key) && !NOTES.has(key),
  );
  return {
    ...rest,
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations.length === 0 ? {} : { annotations: Object.fromEntries(annotations) }),
    },
  };
}
