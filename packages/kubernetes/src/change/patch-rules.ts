/** What somebody's patch may do: change labels, annotations and the desired state of the one object, and nothing beside it. */
import { canonicalize, type Json, tokensOf } from '@countersign/approvals';
import { ISSUES_MAX, JSON_PATCH_OPERATIONS_MAX } from '../limits.ts';
import { isList, isObject, type JsonObject, textAt } from '../objects/json-at.ts';
import { isOwnAnnotation, metadataIssues, shownMember } from './metadata-rules.ts';

export type PatchType = 'json' | 'merge' | 'strategic';

export interface PatchedKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** Empty: the patch may be planned. Names fields, never values. The document's size has been judged before. */
export function patchIssues(type: PatchType, patch: Json, kind: PatchedKind): readonly string[] {
  const issues = type === 'json' ? jsonPatchIssues(patch) : mergeIssues(type, patch, kind);
  return [...new Set(issues)].slice(0, ISSUES_MAX).map((issue) => `patch: ${issue}`);
}

function mergeIssues(type: 'merge' | 'strategic', patch: Json, kind: PatchedKind): readonly string[] {
  if (!isObject(patch) || Object.keys(patch).length === 0) return ['it is no object with members'];
  return Object.entries(patch).flatMap(([member, value]): readonly string[] => {
    if (member === 'metadata') return metadataIssues(value, { nullable: true });
    if (member === 'apiVersion' || member === 'kind')
      return value === kind[member] ? [] : [`${member}: it is another one than the target's`];
    if (member === 'status') return ["status: it is the controllers' to set"];
    // At the top a directive would replace or delete the whole object.
    if (member.startsWith('$')) return ['directives at the top are not served here'];
    return type === 'strategic' ? directiveIssues(value) : [];
  });
}

/** Directives of a strategic merge that we know; any other is a member whose effect nobody here could foretell. */
function directiveIssues(value: Json): readonly string[] {
  if (isList(value)) return value.flatMap(directiveIssues);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly string[] => {
    if (!key.startsWith('$')) return directiveIssues(inner);
    return isKnownDirective(key, inner) ? [] : ['it holds a directive that is not known'];
  });
}

function isKnownDirective(key: string, value: Json): boolean {
  if (key === '$patch') return value === 'delete' || value === 'replace' || value === 'merge';
  if (key === '$retainKeys') return isList(value) && value.every((item) => typeof item === 'string');
  return /^\$(setElementOrder|deleteFromPrimitiveList)\/[A-Za-z][A-Za-z0-9]*$/.test(key) && isList(value);
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'];
/** RFC 6901, at least one token: the whole document is nobody's to replace. */
const POINTER = /^(\/([^~/]|~[01])*)+$/;

/**
 * What a plan's JSON patch begins with on an object that has no annotations, so that there is a map for our mark. Nobody may ask for it:
 * on an object that has some it would take all of them away.
 */
export const EMPTY_ANNOTATIONS: Json = { op: 'add', path: '/metadata/annotations', value: {} };

/** The asked-for part of a plan's JSON patch. */
export const askedOperations = (patch: readonly Json[]): readonly Json[] => {
  const [first, ...rest] = patch;
  return first !== undefined && canonicalize(first) === canonicalize(EMPTY_ANNOTATIONS) ? rest : patch;
};

function jsonPatchIssues(patch: Json): readonly string[] {
  if (!isList(patch) || patch.length === 0) return ['it is no list of operations'];
  if (patch.length > JSON_PATCH_OPERATIONS_MAX) return [`it has more than ${JSON_PATCH_OPERATIONS_MAX} operations`];
  return patch.flatMap((item, at) => operationIssues(item).map((issue) => `operation ${at + 1}: ${issue}`));
}

function operationIssues(item: Json): readonly string[] {
  if (!isObject(item)) return ['it is no object'];
  const op = textAt(item, 'op') ?? '';
  if (!OPERATIONS.includes(op)) return ['op: it is not known'];
  const takesFrom = op === 'move' || op === 'copy';
  const takesValue = op === 'add' || op === 'replace' || op === 'test';
  const members = ['op', 'path', ...(takesFrom ? ['from'] : []), ...(takesValue ? ['value'] : [])];
  if (
    Object.keys(item).some((member) => !members.includes(member)) ||
    members.some((member) => !Object.hasOwn(item, member))
  )
    return [`it has other members than ${members.join(', ')}`];
  return [...pathIssues(item, 'path'), ...(takesFrom ? pathIssues(item, 'from') : []), ...mapIssues(item)];
}

function pathIssues(item: JsonObject, member: 'path' | 'from'): readonly string[] {
  const path = textAt(item, member);
  if (path === undefined || !POINTER.test(path)) return [`${member}: it is no JSON pointer into the object`];
  const [top = '', second, key] = tokensOf(path);
  if (tokensOf(path).includes('__proto__')) return [`${member}: __proto__ is no field`];
  if (!/^[a-z][A-Za-z]*$/.test(top)) return [`${member}: it leads to no field`];
  if (top === 'apiVersion' || top === 'kind' || top === 'status') return [`${member}: ${top} may not be touched`];
  if (top !== 'metadata') return [];
  if (second === 'labels') return [];
  // The map as a whole holds our marks.
  if (second !== 'annotations' || key === undefined)
    return [`${member}: of metadata only labels and single annotations may be touched (${shownMember(second ?? '')})`];
  return isOwnAnnotation(key) ? [`${member}: countersign.dev/* are Countersign's`] : [];
}

/** A label or annotation is a text; a map of labels holds texts. */
function mapIssues(item: JsonObject): readonly string[] {
  const [top, second, key] = tokensOf(textAt(item, 'path') ?? '');
  if (top !== 'metadata' || !Object.hasOwn(item, 'value')) return [];
  if (key !== undefined) return typeof item.value === 'string' ? [] : ['value: it is no text'];
  return second === 'labels' ? metadataIssues({ labels: item.value ?? null }, { nullable: false }) : [];
}
