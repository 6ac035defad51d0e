/** A JSON patch from the dry run's object back to the live one: what the change did, undone field by field, and nothing beside it. */
import { canonicalize, holdsRedactedLeaf, type Json, tokensOf } from '@countersign/approvals';
import jsonPatch, { type Operation as JsonPatchOperation } from 'fast-json-patch';
import { isOwnAnnotation } from '../change/metadata-rules.ts';
import { type PatchedKind, patchIssues } from '../change/patch-rules.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../objects/json-at.ts';

/** Why there is none, or the patch. Both objects in shown form. */
export function patchBack(live: Json, dryRun: Json, kind: PatchedKind): readonly Json[] | string {
  const [before, after] = [settable(live), settable(dryRun)];
  const patch = jsonPatch.compare(copy(after), copy(before)) as unknown as readonly Json[];
  if (holdsRedactedLeaf(patch) || patch.some(reachesIntoHidden)) return 'Going back would move values that are hidden';
  if (patchIssues('json', patch, kind).length > 0) return 'What was there before is beyond what a plan can set';
  return leadsTo(before, after, patch) ? patch : 'No inverse is known';
}

/** A path into what stands for a hidden value: the library compares that stand-in member by member. */
const reachesIntoHidden = (operation: Json): boolean =>
  ['path', 'from'].some((member) =>
    tokensOf(textAt(operation, member) ?? '').some((token) => holdsRedactedLeaf({ [token]: null })),
  );

/** The parts that a plan may set, without our own marks, which stay as evidence. A missing map of annotations is an empty one: it holds our mark now. */
function settable(object: Json): JsonObject {
  if (!isObject(object)) return {};
  const { metadata: _metadata, status: _status, ...rest } = object;
  const { labels } = objectAt(object, 'metadata');
  const annotations = Object.entries(objectAt(object, 'metadata', 'annotations')).filter(
    ([key]) => !isOwnAnnotation(key),
  );
  return {
    ...rest,
    metadata: { ...(labels === undefined ? {} : { labels }), annotations: Object.fromEntries(annotations) },
  };
}

const copy = (object: JsonObject): { [key: string]: Json } => structuredClone(object);

/** A library's word is not taken for it: the patch is tried. */
function leadsTo(before: JsonObject, after: JsonObject, patch: readonly Json[]): boolean {
  const operations = structuredClone(patch) as unknown as JsonPatchOperation[];
  const { newDocument } = jsonPatch.applyPatch(copy(after), operations, true, true, true);
  return canonicalize(newDocument) === canonicalize(before);
}
