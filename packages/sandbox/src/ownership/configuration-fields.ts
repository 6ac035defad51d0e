import { isRecord } from '../json/record.ts';
import { isField, memberSchema, type ScalarType, type Schema } from '../schema/schema.ts';
import { below, elementStep, shownStep } from './field-set.ts';
import { typeName } from './type-name.ts';

/** A configuration that does not fit its type; `message` as the API server words it: `.spec.replicas: expected numeric (int or float), got string`. */
export class ConfigurationError extends Error {}

/** The fields that a configuration states, and thereby owns. Throws ConfigurationError for a field that its type does not have, a value of a wrong type and a key twice. */
export function configurationFields(configuration: unknown, schema: Schema): Set<string> {
  const fields = new Set<string>();
  collect(configuration, schema, '', '', fields);
  return fields;
}

function collect(value: unknown, schema: Schema, path: string, shown: string, fields: Set<string>): void {
  if (schema.shape === 'scalar') {
    if (value !== null && !fits(value, schema.type)) throw mistyped(shown, expected(schema.type), value);
    fields.add(path);
  } else if (schema.shape === 'list') {
    collectList(value, schema, path, shown, fields);
  } else if (schema.shape === 'any' && !isRecord(value)) {
    fields.add(path);
  } else {
    if (value !== null && !isRecord(value)) throw mistyped(shown, 'map', value);
    if (schema.shape !== 'any' && schema.atomic) {
      // Owned as a whole, but its type holds all the same.
      if (isRecord(value)) collectMembers(value, schema, path, shown, new Set());
      fields.add(path);
    } else if (isRecord(value)) collectMembers(value, schema, path, shown, fields);
  }
}

function collectMembers(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  path: string,
  shown: string,
  fields: Set<string>,
): void {
  for (const [member, inner] of Object.entries(value)) {
    const here = below(path, `f:${member}`);
    const shownHere = `${shown}.${member}`;
    const known = memberSchema(schema, member);
    if (known === undefined) throw new ConfigurationError(`${shownHere}: field not declared in schema`);
    collect(inner, known, here, shownHere, fields);
    const isEmpty = inner === null || (isRecord(inner) && Object.keys(inner).length === 0);
    if (isEmpty || !isField(schema, member)) fields.add(here);
  }
}

function collectList(
  value: unknown,
  schema: Extract<Schema, { shape: 'list' }>,
  path: string,
  shown: string,
  fields: Set<string>,
): void {
  if (value !== null && !Array.isArray(value)) throw mistyped(shown, 'list', value);
  const elements: readonly unknown[] = value ?? [];
  if (schema.kind === 'atomic') {
    elements.forEach((element, index) => {
      collect(element, schema.items, '', `${shown}[${index}]`, new Set());
    });
    fields.add(path);
    return;
  }
  const seen = new Set<string>();
  elements.forEach((element, index) => {
    const step = stepOf(schema, element, `${shown}: element ${index}`);
    if (seen.has(step)) throw new ConfigurationError(`${shown}: duplicate entries for key ${shownStep(step)}`);
    seen.add(step);
    const here = below(path, step);
    collect(element, schema.items, here, `${shown}${shownStep(step)}`, fields);
    fields.add(here);
  });
}

function stepOf(schema: Extract<Schema, { shape: 'list' }>, element: unknown, shown: string): string {
  try {
    return elementStep(schema, element);
  } catch (error) {
    throw new ConfigurationError(`${shown}: ${error instanceof Error ? error.message : 'not an element'}`);
  }
}

function fits(value: unknown, type: ScalarType): boolean {
  switch (type) {
    case 'int':
    case 'number':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'intOrString':
    case 'quantity':
      return typeof value === 'string' || typeof value === 'number';
    default:
      return typeof value === 'string';
  }
}

function expected(type: ScalarType): string {
  if (type === 'int' || type === 'number') return 'numeric (int or float)';
  if (type === 'bool') return 'boolean';
  return 'string';
}

function mistyped(shown: string, wanted: string, value: unknown): ConfigurationError {
  return new ConfigurationError(`${shown}: expected ${wanted}, got ${typeName(value)}`);
}
