import type { JsonRecord } from '../json/record.ts';
import type { ApiResource } from '../resources/api-resource.ts';
import type { FieldSchema, ListSchema, ScalarType, Schema, StructSchema } from '../schema/schema.ts';
import { schemaOf } from '../schema/type-table.ts';

/** The OpenAPI names of our tables' types, as Kubernetes names its own: io.k8s.api.apps.v1.Deployment. */
const packages: Readonly<Record<string, string>> = {
  meta: 'io.k8s.apimachinery.pkg.apis.meta.v1',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1',
  autoscaling: 'io.k8s.api.autoscaling.v2',
};

/** Every type that the resources' objects are made of, by OpenAPI name. */
export function openApiSchemas(resources: readonly ApiResource[]): JsonRecord {
  const found = new Map<string, JsonRecord>();
  for (const resource of resources) {
    const schema = schemaOf(resource);
    if (schema.shape !== 'struct') continue;
    const { group, version, kind } = resource;
    addStruct(openApiName(resource, schema), schema, found);
    Object.assign(found.get(openApiName(resource, schema)) ?? {}, {
      'x-kubernetes-group-version-kind': [{ group, version, kind }],
    });
  }
  return Object.fromEntries(found);
}

export function refTo(resource: ApiResource, schema: Schema): JsonRecord {
  return schema.shape === 'struct'
    ? { $ref: `#/components/schemas/${openApiName(resource, schema)}` }
    : { type: 'object' };
}

function openApiName(resource: ApiResource, schema: StructSchema): string {
  if (schema.name !== '') return namedInOpenApi(schema.name);
  return `${resource.group.split('.').reverse().join('.')}.${resource.version}.${resource.kind}`;
}

function namedInOpenApi(name: string): string {
  const dot = name.indexOf('.');
  const table = name.slice(0, dot);
  return `${packages[table] ?? `io.k8s.api.${table}.v1`}.${name.slice(dot + 1)}`;
}

function addStruct(name: string, schema: StructSchema, found: Map<string, JsonRecord>): void {
  if (found.has(name)) return;
  const written: JsonRecord = {};
  // First, because types refer to themselves.
  found.set(name, written);
  Object.assign(written, structBody(schema, found));
}

function structBody(schema: StructSchema, found: Map<string, JsonRecord>): JsonRecord {
  const fields = [...schema.fields];
  const required = fields.filter(([, field]) => field.required).map(([name]) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, fieldBody(field, found)])),
    ...(required.length === 0 ? {} : { required }),
    ...(schema.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
    ...(schema.open === true ? { 'x-kubernetes-preserve-unknown-fields': true } : {}),
  };
}

function fieldBody({ schema, patch }: FieldSchema, found: Map<string, JsonRecord>): JsonRecord {
  const body = bodyOf(schema, found);
  if (patch === undefined) return body;
  const strategy = [patch.merge ? 'merge' : undefined, patch.retainKeys ? 'retainKeys' : undefined];
  const marks = {
    'x-kubernetes-patch-strategy': strategy.filter((one) => one !== undefined).join(','),
    ...(patch.key === undefined ? {} : { 'x-kubernetes-patch-merge-key': patch.key }),
  };
  return body.$ref === undefined ? { ...body, ...marks } : { allOf: [body], ...marks };
}

function bodyOf(schema: Schema, found: Map<string, JsonRecord>): JsonRecord {
  switch (schema.shape) {
    case 'any':
      return { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
    case 'scalar':
      return scalars[schema.type];
    case 'map':
      return {
        type: 'object',
        additionalProperties: bodyOf(schema.values, found),
        ...(schema.atomic ? { 'x-kubernetes-map-type': 'atomic' } : {}),
      };
    case 'list':
      return { type: 'array', items: bodyOf(schema.items, found), ...listMarks(schema) };
    case 'struct': {
      if (schema.name === '') return structBody(schema, found);
      const name = namedInOpenApi(schema.name);
      addStruct(name, schema, found);
      return { $ref: `#/components/schemas/${name}` };
    }
  }
}

function listMarks({ kind, keys }: ListSchema): JsonRecord {
  return {
    'x-kubernetes-list-type': kind,
    ...(kind === 'map' ? { 'x-kubernetes-list-map-keys': keys.map(({ name }) => name) } : {}),
  };
}

const scalars: Readonly<Record<ScalarType, JsonRecord>> = {
  string: { type: 'string' },
  int: { type: 'integer', format: 'int64' },
  number: { type: 'number', format: 'double' },
  bool: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  quantity: { type: 'string' },
  time: { type: 'string', format: 'date-time' },
  microTime: { type: 'string', format: 'date-time' },
  intOrString: { type: 'string', format: 'int-or-string' },
};
