import { isDeepStrictEqual } from 'node:util';
import { isRecord, type JsonRecord } from '../json/record.ts';
import { isAtomicMap, isEmbeddedStruct, isSet, listSchema } from '../schema/list-schema.ts';

/**
 * An object taken apart into the paths that managedFields speaks of: steps 'f:<member>', 'k:<keys as JSON>', 'v:<value as JSON>' and '.' (the element
 * itself), joined by a character that no member name holds. The value is what lies there, to compare two versions of an object.
 */
export type FieldPaths = ReadonlyMap<string, unknown>;

const separator = '\u0000';

/** Members that the server owns; nobody's managedFields name them. */
const serverOwned = new Set([
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'managedFields',
  'generateName',
  'selfLink',
]);

/** The paths of everything below the root except apiVersion, kind, the server's own metadata and, unless asked for, status. */
export function fieldPaths(object: JsonRecord, part: 'main' | 'status'): FieldPaths {
  const paths = new Map<string, unknown>();
  for (const [member, value] of Object.entries(object)) {
    if (member === 'apiVersion' || member === 'kind') continue;
    if ((member === 'status') !== (part === 'status')) continue;
    if (member === 'metadata' && isRecord(value)) {
      const own = Object.fromEntries(Object.entries(value).filter(([name]) => !serverOwned.has(name)));
      if (Object.keys(own).length > 0) collect(paths, [], '', member, own);
    } else {
      collect(paths, [], '', member, value);
    }
  }
  return paths;
}

function collect(
  paths: Map<string, unknown>,
  prefix: readonly string[],
  parent: string,
  field: string,
  value: unknown,
) {
  const here = [...prefix, `f:${field}`];
  if (isRecord(value) && Object.keys(value).length > 0 && !isAtomicMap(field)) {
    if (!isEmbeddedStruct(field)) paths.set([...here, '.'].join(separator), true);
    for (const [member, inner] of Object.entries(value)) collect(paths, here, field, member, inner);
    return;
  }
  if (Array.isArray(value) && value.length > 0) {
    if (isSet(field)) {
      paths.set([...here, '.'].join(separator), true);
      for (const element of value) paths.set([...here, `v:${JSON.stringify(element)}`].join(separator), true);
      return;
    }
    const schema = listSchema(parent, field);
    if (schema !== undefined && value.every(isRecord)) {
      if (field !== 'containers') paths.set([...here, '.'].join(separator), true);
      for (const element of value) {
        const keys = Object.fromEntries(
          schema.mapKeys.filter((key) => element[key] !== undefined).map((key) => [key, element[key]]),
        );
        const item = [...here, `k:${JSON.stringify(keys)}`];
        if (field === 'ownerReferences') {
          paths.set(item.join(separator), element);
          continue;
        }
        paths.set([...item, '.'].join(separator), true);
        for (const [member, inner] of Object.entries(element)) collect(paths, item, field, member, inner);
      }
      return;
    }
  }
  paths.set(here.join(separator), value);
}

/** What a write did: paths that it set to a new value, and paths that it removed. */
export function fieldChanges(before: FieldPaths, after: FieldPaths): { changed: Set<string>; removed: Set<string> } {
  const changed = new Set<string>();
  for (const [path, value] of after) {
    if (!before.has(path) || !isDeepStrictEqual(before.get(path), value)) changed.add(path);
  }
  const removed = new Set([...before.keys()].filter((path) => !after.has(path)));
  return { changed, removed };
}

/** The fieldsV1 tree of a set of paths. */
export function fieldsV1Of(paths: Iterable<string>): JsonRecord {
  const root: JsonRecord = {};
  for (const path of [...paths].sort()) {
    let node = root;
    for (const step of path.split(separator)) {
      const next = node[step];
      const child = isRecord(next) ? next : {};
      node[step] = child;
      node = child;
    }
  }
  return root;
}

/** The set of paths of a fieldsV1 tree: its leaves. */
export function pathsOfFieldsV1(tree: unknown, prefix: readonly string[] = []): string[] {
  if (!isRecord(tree) || Object.keys(tree).length === 0) return prefix.length === 0 ? [] : [prefix.join(separator)];
  return Object.entries(tree).flatMap(([step, child]) => pathsOfFieldsV1(child, [...prefix, step]));
}
