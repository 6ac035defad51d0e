import { isRecord, type JsonRecord, stringAt } from '../json/record.ts';
import { fieldChanges, fieldPaths, fieldsV1Of, pathsOfFieldsV1 } from './field-paths.ts';

export interface ManagedFieldsWrite {
  /** The object before the write; undefined for a create. */
  readonly before: JsonRecord | undefined;
  readonly after: JsonRecord;
  readonly entries: readonly unknown[];
  readonly manager: string;
  readonly apiVersion: string;
  readonly subresource: 'status' | 'scale' | undefined;
  /** RFC 3339 to the second. */
  readonly time: string;
}

/**
 * The managedFields after a write of kind Update: the writer takes over what it changed, everybody loses what it removed. An entry that the write
 * did not touch keeps its time. Server-side apply (operation Apply, conflicts, force) is not served by this API.
 */
export function managedFieldsAfter(write: ManagedFieldsWrite): JsonRecord[] {
  const part = write.subresource === 'status' ? 'status' : 'main';
  const before = write.before === undefined ? new Map<string, unknown>() : fieldPaths(write.before, part);
  const { changed, removed } = fieldChanges(before, fieldPaths(write.after, part));
  const kept: JsonRecord[] = [];
  let own: JsonRecord | undefined;
  for (const entry of write.entries) {
    if (!isRecord(entry)) continue;
    if (isOwn(entry, write)) own = entry;
    else kept.push(without(entry, changed, removed));
  }
  const held = own === undefined ? [] : pathsOfFieldsV1(own.fieldsV1).filter((path) => !removed.has(path));
  const owned = new Set([...held, ...changed]);
  const result = kept.filter((entry) => isRecord(entry.fieldsV1) && Object.keys(entry.fieldsV1).length > 0);
  if (owned.size === 0) return result;
  const touched = own === undefined || changed.size > 0 || held.length !== pathsOfFieldsV1(own.fieldsV1).length;
  result.push({
    manager: write.manager,
    operation: 'Update',
    apiVersion: write.apiVersion,
    time: touched ? write.time : (stringAt(own, 'time') ?? write.time),
    fieldsType: 'FieldsV1',
    fieldsV1: fieldsV1Of(owned),
    ...(write.subresource === undefined ? {} : { subresource: write.subresource }),
  });
  return result.sort(byTimeAndManager);
}

function isOwn(entry: JsonRecord, write: ManagedFieldsWrite): boolean {
  return (
    entry.manager === write.manager &&
    entry.operation === 'Update' &&
    entry.apiVersion === write.apiVersion &&
    entry.subresource === write.subresource
  );
}

function without(entry: JsonRecord, changed: ReadonlySet<string>, removed: ReadonlySet<string>): JsonRecord {
  const paths = pathsOfFieldsV1(entry.fieldsV1);
  const left = paths.filter((path) => !changed.has(path) && !removed.has(path));
  return left.length === paths.length ? entry : { ...entry, fieldsV1: fieldsV1Of(left) };
}

function byTimeAndManager(a: JsonRecord, b: JsonRecord): number {
  const key = (entry: JsonRecord) =>
    `${stringAt(entry, 'time') ?? ''} ${stringAt(entry, 'manager') ?? ''} ${stringAt(entry, 'subresource') ?? ''}`;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
