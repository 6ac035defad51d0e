import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import { anything, type FieldSchema, type ListSchema, type Schema, type StructSchema } from '../schema/schema.ts';
import { metadataSchema } from '../schema/type-table.ts';

const text: Schema = { shape: 'scalar', type: 'string' };

/** The schema of a custom resource's objects from its openAPIV3Schema; without one, anything. */
export function objectSchema(openApi: JsonRecord | undefined): Schema {
  if (openApi === undefined) return anything;
  const own = schemaFrom(openApi);
  const given = own.shape === 'struct' ? [...own.fields] : [];
  const fields = new Map([
    ...given,
    ['apiVersion', field(text, false)],
    ['kind', field(text, false)],
    ['metadata', field(metadataSchema(), false)],
  ] as const);
  const open = openApi['x-kubernetes-preserve-unknown-fields'] === true || own.shape === 'any';
  return { shape: 'struct', name: '', atomic: false, fields, ...(open ? { open } : {}) };
}

function schemaFrom(openApi: JsonRecord): Schema {
  if (openApi['x-kubernetes-int-or-string'] === true) return { shape: 'scalar', type: 'intOrString' };
  switch (openApi.type) {
    case 'string':
      return text;
    case 'integer':
      return { shape: 'scalar', type: 'int' };
    case 'number':
      return { shape: 'scalar', type: 'number' };
    case 'boolean':
      return { shape: 'scalar', type: 'bool' };
    case 'array':
      return listFrom(openApi);
    case 'object':
      return objectFrom(openApi);
    default:
      return anything;
  }
}

function listFrom(openApi: JsonRecord): ListSchema {
  const kind = stringAt(openApi, 'x-kubernetes-list-type') ?? 'atomic';
  const items = schemaFrom(recordAt(openApi, 'items') ?? {});
  if (kind === 'set') return { shape: 'list', items, kind, keys: [] };
  if (kind !== 'map') return { shape: 'list', items, kind: 'atomic', keys: [] };
  const keys = listAt(openApi, 'x-kubernetes-list-map-keys').map((key) => {
    const fallback = recordAt(openApi, 'items', 'properties', String(key))?.default;
    return { name: String(key), ...(typeof fallback === 'string' ? { fallback } : {}) };
  });
  return { shape: 'list', items, kind, keys };
}

function objectFrom(openApi: JsonRecord): Schema {
  const atomic = openApi['x-kubernetes-map-type'] === 'atomic';
  const values = openApi.additionalProperties;
  if (isRecord(values) || values === true)
    return { shape: 'map', values: isRecord(values) ? schemaFrom(values) : anything, atomic };
  const open = openApi['x-kubernetes-preserve-unknown-fields'] === true;
  const properties = recordAt(openApi, 'properties');
  if (properties === undefined && open) return anything;
  const required = listAt(openApi, 'required');
  const fields = Object.entries(properties ?? {}).map(([name, inner]): [string, FieldSchema] => [
    name,
    field(schemaFrom(isRecord(inner) ? inner : {}), required.includes(name)),
  ]);
  const schema: StructSchema = {
    shape: 'struct',
    name: '',
    atomic,
    fields: new Map(fields),
    ...(open ? { open } : {}),
  };
  return schema;
}

function field(schema: Schema, required: boolean): FieldSchema {
  return { schema, always: undefined, omitsZero: false, required };
}
