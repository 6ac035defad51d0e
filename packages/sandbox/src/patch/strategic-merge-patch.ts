import { isRecord, type JsonRecord } from '../json/record.ts';
import { anything, type FieldSchema, memberSchema, type Schema } from '../schema/schema.ts';
import { StatusError } from '../store/status-error.ts';
import { mergeKeyedList, mergeSet } from './strategic-merge-list.ts';

const listDirective = /^\$(setElementOrder|deleteFromPrimitiveList)\/(.+)$/;

/**
 * Kubernetes' strategic merge patch: like a merge patch, but lists whose elements have a key merge by that key, with the directives
 * `$patch: replace|delete|merge`, `$retainKeys`, `$setElementOrder/<list>` and `$deleteFromPrimitiveList/<list>`. Changes neither argument.
 * Throws BadRequest where a directive or an element is malformed.
 */
export function strategicMergePatch(target: unknown, patch: unknown, schema: Schema): unknown {
  if (!isRecord(patch)) throw new StatusError('BadRequest', 'a strategic merge patch must be an object');
  return mergeObject(isRecord(target) ? target : {}, patch, schema);
}

function mergeObject(target: JsonRecord, patch: JsonRecord, schema: Schema): JsonRecord {
  const { $patch: directive, $retainKeys: retained, ...changes } = patch;
  if (directive === 'replace') return mergeObject({}, changes, schema);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge')
    throw malformed(`unknown $patch directive ${JSON.stringify(directive)}`);
  const merged = new Map(Object.entries(target));
  if (retained !== undefined) retainOnly(merged, retained, changes);
  for (const [field, value] of Object.entries(changes)) {
    if (listDirective.test(field)) continue;
    if (value === null) merged.delete(field);
    else if (Array.isArray(value)) merged.set(field, mergeList(merged.get(field), value, patch, schema, field));
    else if (isRecord(value) && value.$patch === 'delete') merged.delete(field);
    else if (isRecord(value)) {
      const current = merged.get(field);
      merged.set(field, mergeObject(isRecord(current) ? current : {}, value, memberSchema(schema, field) ?? anything));
    } else merged.set(field, value);
  }
  applyLoneListDirectives(merged, patch, schema);
  return Object.fromEntries(merged);
}

/** $retainKeys: members that it does not name go; a member of the patch that it does not name is a contradiction. */
function retainOnly(merged: Map<string, unknown>, retained: unknown, changes: JsonRecord): void {
  if (!Array.isArray(retained)) throw malformed('$retainKeys must be a list');
  for (const field of Object.keys(changes)) {
    if (!field.startsWith('$') && changes[field] !== null && !retained.includes(field)) {
      throw new StatusError('Invalid', `the patch sets ${field}, which its $retainKeys does not name`);
    }
  }
  for (const field of [...merged.keys()]) if (!retained.includes(field)) merged.delete(field);
}

function mergeList(
  current: unknown,
  value: readonly unknown[],
  patch: JsonRecord,
  schema: Schema,
  field: string,
): unknown {
  const order = patch[`$setElementOrder/${field}`];
  const existing = Array.isArray(current) ? current : [];
  const declared: FieldSchema | undefined = schema.shape === 'struct' ? schema.fields.get(field) : undefined;
  if (declared?.patch?.merge !== true || declared.schema.shape !== 'list') return withoutReplaceDirective(value);
  const { key } = declared.patch;
  if (key === undefined) return mergeSet(existing, value, patch[`$deleteFromPrimitiveList/${field}`], order);
  const elements = declared.schema.items;
  const mergeElement = (target: JsonRecord, element: JsonRecord) => mergeObject(target, element, elements);
  return mergeKeyedList(existing, value, { key, field, order, mergeElement });
}

/** An atomic list may still carry a `$patch: replace` element, which says what happens anyway. */
function withoutReplaceDirective(value: readonly unknown[]): unknown[] {
  return value.filter((element) => !(isRecord(element) && element.$patch === 'replace'));
}

/** Directives for a list that the patch itself does not mention: only reorder, or only remove from. */
function applyLoneListDirectives(merged: Map<string, unknown>, patch: JsonRecord, schema: Schema): void {
  for (const member of Object.keys(patch)) {
    const field = listDirective.exec(member)?.[2];
    if (field === undefined || Array.isArray(patch[field])) continue;
    const current = merged.get(field);
    if (Array.isArray(current)) merged.set(field, mergeList(current, [], patch, schema, field));
  }
}

function malformed(why: string): StatusError {
  return new StatusError('BadRequest', `the strategic merge patch is malformed: ${why}`);
}
