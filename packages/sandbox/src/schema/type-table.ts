import type { ApiResource } from '../resources/api-resource.ts';
import { anything, type FieldSchema, type Schema, type StructSchema } from './schema.ts';
import { parseTypeLine, type TypeLines } from './type-line.ts';
import { admissionregistrationTypes, apiextensionsTypes, metaTypes, rbacTypes, storageTypes } from './types/cluster.ts';
import { coreTypes } from './types/core.ts';
import { coordinationTypes, discoveryTypes, eventsTypes, networkingTypes } from './types/network.ts';
import { appsTypes, autoscalingTypes, batchTypes, policyTypes, schedulingTypes } from './types/workloads.ts';

const tables: Readonly<Record<string, TypeLines>> = {
  meta: metaTypes,
  core: coreTypes,
  apps: appsTypes,
  batch: batchTypes,
  autoscaling: autoscalingTypes,
  policy: policyTypes,
  scheduling: schedulingTypes,
  networking: networkingTypes,
  discovery: discoveryTypes,
  events: eventsTypes,
  coordination: coordinationTypes,
  rbac: rbacTypes,
  admissionregistration: admissionregistrationTypes,
  apiextensions: apiextensionsTypes,
  storage: storageTypes,
};

const known = new Map<string, StructSchema>();

/** A type by its full name, `<table>.<name>`. Its fields are read when they are first asked for: types refer to each other, and to themselves. */
function namedType(name: string): StructSchema {
  const found = known.get(name);
  if (found !== undefined) return found;
  const line = typeLine(name);
  if (line === undefined) throw new Error(`no such type: ${name}`);
  const table = name.slice(0, name.indexOf('.'));
  let fields: StructSchema['fields'] | undefined;
  const schema: StructSchema = {
    shape: 'struct',
    name,
    atomic: line.startsWith('~'),
    get fields() {
      fields ??= parseTypeLine(line, table, namedType);
      return fields;
    },
  };
  known.set(name, schema);
  return schema;
}

/** The type of a built-in resource's objects, apiVersion and kind left out; undefined where the table has none. */
/** The metadata of every object. */
export function metadataSchema(): Schema {
  return namedType('meta.ObjectMeta');
}

function typeOf(resource: Pick<ApiResource, 'group' | 'version' | 'kind'>): StructSchema | undefined {
  const table = resource.group === '' ? 'core' : (resource.group.split('.')[0] ?? '');
  const name = `${table}.${resource.kind}`;
  return typeLine(name) === undefined ? undefined : namedType(name);
}

function typeLine(name: string): string | undefined {
  const dot = name.indexOf('.');
  const table = tables[name.slice(0, dot)];
  const own = name.slice(dot + 1);
  return table !== undefined && Object.hasOwn(table, own) ? table[own] : undefined;
}

const objects = new Map<string, StructSchema>();

/** How objects of a resource merge and who owns what of them; of a type that is not in the table nothing is known. */
export function schemaOf(resource: Pick<ApiResource, 'group' | 'version' | 'kind' | 'custom'> | undefined): Schema {
  if (resource?.custom !== undefined) return resource.custom.schema;
  const type = resource === undefined ? undefined : typeOf(resource);
  if (type === undefined) return anything;
  const known = objects.get(type.name);
  if (known !== undefined) return known;
  const text: FieldSchema = {
    schema: { shape: 'scalar', type: 'string' },
    always: undefined,
    omitsZero: true,
    required: false,
  };
  const fields = new Map([['apiVersion', text], ['kind', text], ...type.fields]);
  const schema: StructSchema = { shape: 'struct', name: type.name, atomic: false, fields };
  objects.set(type.name, schema);
  return schema;
}
