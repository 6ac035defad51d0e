import { isRecord, type JsonRecord } from '../json/record.ts';
import { anything, isField, memberSchema, type Schema } from '../schema/schema.ts';
import { below, elementStep, type FieldSet, schemaAtStep, stepsOf } from './field-set.ts';

/** The object without the values at these paths. Atomic values go only as a whole; what is emptied becomes null. Changes nothing in place. */
export function removeFields(object: unknown, fields: FieldSet, schema: Schema): unknown {
  const parents = new Set<string>();
  for (const path of fields) for (const prefix of prefixesOf(path)) parents.add(prefix);
  return remove(object, '', schema, fields, parents);
}

function remove(value: unknown, path: string, schema: Schema, fields: FieldSet, parents: ReadonlySet<string>): unknown {
  if (!parents.has(path)) return value;
  if (schema.shape === 'list' && schema.kind !== 'atomic' && Array.isArray(value)) {
    const kept = value.flatMap((element: unknown) => {
      const here = below(path, stepOf(schema, element));
      return fields.has(here) ? [] : [remove(element, here, schema.items, fields, parents)];
    });
    return kept.length === 0 ? null : kept;
  }
  if (!isRecord(value) || schema.shape === 'scalar' || schema.shape === 'list') return value;
  if (schema.shape !== 'any' && schema.atomic) return value;
  const kept: JsonRecord = {};
  for (const [member, inner] of Object.entries(value)) {
    const here = below(path, `f:${member}`);
    if (fields.has(here)) continue;
    kept[member] = remove(inner, here, memberSchema(schema, member) ?? anything, fields, parents);
  }
  return Object.keys(kept).length === 0 && path !== '' ? null : kept;
}

function stepOf(schema: Extract<Schema, { shape: 'list' }>, element: unknown): string {
  try {
    return elementStep(schema, element);
  } catch {
    return '';
  }
}

/** The set and every declared field above its paths: whoever owned all that is in a struct owned the struct. Keys of maps and elements of lists are not implied. */
export function withFieldsAbove(fields: FieldSet, schema: Schema): Set<string> {
  const whole = new Set(fields);
  for (const path of fields) {
    let at: Schema | undefined = schema;
    let prefix = '';
    for (const step of stepsOf(path)) {
      prefix = below(prefix, step);
      if (prefix === path || at === undefined) break;
      if (step.startsWith('f:') && isField(at, step.slice(2))) whole.add(prefix);
      at = schemaAtStep(at, step);
    }
  }
  return whole;
}

/** The root and every path above this one. */
function prefixesOf(path: string): string[] {
  const prefixes = [''];
  let prefix = '';
  for (const step of stepsOf(path).slice(0, -1)) {
    prefix = below(prefix, step);
    prefixes.push(prefix);
  }
  return prefixes;
}
