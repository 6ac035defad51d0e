import { isDeepStrictEqual } from 'node:util';
import { isRecord, type JsonRecord } from '../json/record.ts';
import { anything, type ListSchema, memberSchema, type Schema, type StructSchema } from '../schema/schema.ts';
import { below, elementStep } from './field-set.ts';

/** What a write did to an object, as paths; no path is in more than one of the sets. */
export interface Comparison {
  readonly added: Set<string>;
  readonly modified: Set<string>;
  readonly removed: Set<string>;
}

/**
 * Compares two versions of an object as the API server does for field ownership: atomic lists, maps and structs as a whole, the order of keyed lists not
 * at all, empty and absent told apart. `undefined` is absent.
 */
export function compare(before: unknown, after: unknown, schema: Schema): Comparison {
  const result: Comparison = { added: new Set(), modified: new Set(), removed: new Set() };
  walk(before, after, schema, '', result);
  return result;
}

function walk(before: unknown, after: unknown, schema: Schema, path: string, result: Comparison): void {
  if (before === undefined && after === undefined) return;
  const isLeaf = !descend(before, after, schema, path, result);
  if (before === undefined) result.added.add(path);
  else if (after === undefined) result.removed.add(path);
  else if (isLeaf && !isDeepStrictEqual(before, after)) result.modified.add(path);
}

/** Compares what lies below, unless the value is a leaf. Answers whether it was not. */
function descend(before: unknown, after: unknown, schema: Schema, path: string, result: Comparison): boolean {
  if (schema.shape === 'scalar') return false;
  if (schema.shape === 'list') {
    if (schema.kind === 'atomic' || (isEmptyList(before) && isEmptyList(after))) return false;
    compareElements(listOf(before), listOf(after), schema, path, result);
    return true;
  }
  if (schema.shape === 'any' && !isRecord(before) && !isRecord(after)) return false;
  if (schema.shape !== 'any' && schema.atomic) return false;
  if (isEmptyMap(before) && isEmptyMap(after)) return false;
  for (const member of membersOf(before, after, schema)) {
    const inner = memberSchema(schema, member) ?? anything;
    walk(memberOf(before, member, schema), memberOf(after, member, schema), inner, below(path, `f:${member}`), result);
  }
  // One side is a map and the other something else: of anything, that is a change of the whole.
  return !(schema.shape === 'any' && isOther(before) !== isOther(after));
}

function compareElements(
  before: readonly unknown[],
  after: readonly unknown[],
  schema: ListSchema,
  path: string,
  result: Comparison,
): void {
  const old = byStep(before, schema);
  const now = byStep(after, schema);
  for (const step of new Set([...old.keys(), ...now.keys()])) {
    const [was = [], is = []] = [old.get(step), now.get(step)];
    const here = below(path, step);
    if (was.length <= 1 && is.length <= 1) {
      walk(was[0], is[0], schema.items, here, result);
    } else if (was.length > 1 && is.length > 1) {
      // Elements of one key are compared, and owned, together.
      if (!isDeepStrictEqual(was, is)) result.modified.add(here);
    } else if (was.length > 1) {
      if (is.length > 0) walk(undefined, is[0], schema.items, here, result);
      result.added.delete(here);
      result.removed.add(here);
    } else {
      if (was.length > 0) walk(was[0], undefined, schema.items, here, result);
      result.removed.delete(here);
      result.added.add(here);
    }
  }
}

function byStep(elements: readonly unknown[], schema: ListSchema): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const element of elements) {
    const step = stepOrUndefined(schema, element);
    if (step !== undefined) found.set(step, [...(found.get(step) ?? []), element]);
  }
  return found;
}

/** A stored element without its key (an older object) is in nobody's set. */
function stepOrUndefined(schema: ListSchema, element: unknown): string | undefined {
  try {
    return elementStep(schema, element);
  } catch {
    return undefined;
  }
}

function membersOf(before: unknown, after: unknown, schema: Schema): Set<string> {
  const given = [before, after].flatMap((value) => (isRecord(value) ? Object.keys(value) : []));
  return new Set([...given, ...(schema.shape === 'struct' ? alwaysFields(schema) : [])]);
}

const alwaysByType = new WeakMap<StructSchema['fields'], readonly string[]>();

function alwaysFields(schema: StructSchema): readonly string[] {
  const known = alwaysByType.get(schema.fields);
  if (known !== undefined) return known;
  const found = [...schema.fields].filter(([, field]) => field.always !== undefined).map(([name]) => name);
  alwaysByType.set(schema.fields, found);
  return found;
}

function memberOf(value: unknown, member: string, schema: Schema): unknown {
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, member)) return value[member];
  const field = schema.shape === 'struct' ? schema.fields.get(member) : undefined;
  if (field?.always === undefined) return undefined;
  return field.always === 'null' ? null : zeroOf(field.schema);
}

/** What the API server's own form holds where JSON has nothing. */
function zeroOf(schema: Schema): unknown {
  switch (schema.shape) {
    case 'struct':
      return {} satisfies JsonRecord;
    case 'scalar':
      return { string: '', int: 0, number: 0, bool: false }[String(schema.type)] ?? null;
    default:
      return null;
  }
}

function isOther(value: unknown): boolean {
  return value !== undefined && value !== null && !isRecord(value);
}

function isEmptyMap(value: unknown): boolean {
  return !isRecord(value) || Object.keys(value).length === 0;
}

function isEmptyList(value: unknown): boolean {
  return !Array.isArray(value) || value.length === 0;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
