import { createHash } from 'node:crypto';
import type { JsonRecord } from '../json/record.ts';
import { type ApiResource, apiVersionOf } from '../resources/api-resource.ts';
import type { ResourceCatalogue } from '../resources/resource-catalogue.ts';
import { schemaOf } from '../schema/type-table.ts';
import { openApiSchemas, refTo } from './openapi-schemas.ts';

/**
 * OpenAPI as kubectl needs it: which kinds take `fieldValidation` and `dryRun` in which requests, and every type with its fields, merge keys and list types;
 * without the descriptions, so that `kubectl explain` tells the structure only.
 */

const pathOf = (groupVersion: string) => (groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`);

/** Documents by catalogue: built when first asked for, and again when a custom resource came or went. */
const built = new WeakMap<
  ResourceCatalogue,
  { served: readonly ApiResource[]; documents: Map<string, OpenApiDocument> }
>();

interface OpenApiDocument {
  readonly body: JsonRecord;
  readonly hash: string;
}

/** /openapi/v3: where each group version's document is, with its hash, so that clients may cache it. */
export function openApiV3Index(resources: ResourceCatalogue): JsonRecord {
  const paths = [...documentsOf(resources)].map(([path, { hash }]) => [
    path,
    { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` },
  ]);
  return { paths: Object.fromEntries(paths) };
}

/** /openapi/v3/<path> by that path ('api/v1', 'apis/apps/v1'), or undefined where it is not served. */
export function openApiV3ByPath(resources: ResourceCatalogue, path: string): JsonRecord | undefined {
  return documentsOf(resources).get(path)?.body;
}

function documentsOf(resources: ResourceCatalogue): Map<string, OpenApiDocument> {
  const served = resources.all();
  const known = built.get(resources);
  if (known?.served === served) return known.documents;
  const groupVersions = [...new Set(served.map(apiVersionOf))];
  const documents = new Map(
    groupVersions.map((groupVersion): [string, OpenApiDocument] => {
      const body = openApiV3(served, groupVersion);
      const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex').toUpperCase();
      return [pathOf(groupVersion), { body, hash }];
    }),
  );
  built.set(resources, { served, documents });
  return documents;
}

function openApiV3(all: readonly ApiResource[], groupVersion: string): JsonRecord {
  const served = all.filter((resource) => apiVersionOf(resource) === groupVersion);
  return {
    openapi: '3.0.0',
    info: { title: 'Countersign sandbox', version: groupVersion },
    paths: Object.fromEntries(served.flatMap(pathsOf)),
    components: { schemas: openApiSchemas(served) },
  };
}

function pathsOf(resource: ApiResource): [string, JsonRecord][] {
  const base = `/${pathOf(apiVersionOf(resource))}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`;
  const can = (verb: string) => resource.verbs.some((served) => served === verb);
  return [
    [
      base,
      {
        ...(can('create') ? { post: operation(resource, 'post') } : {}),
        ...(can('list') ? { get: operation(resource, 'list') } : {}),
      },
    ],
    [
      `${base}/{name}`,
      {
        ...(can('get') ? { get: operation(resource, 'get') } : {}),
        ...(can('update') ? { put: operation(resource, 'put') } : {}),
        ...(can('patch') ? { patch: operation(resource, 'patch') } : {}),
        ...(can('delete') ? { delete: operation(resource, 'delete') } : {}),
      },
    ],
  ];
}

function operation(resource: ApiResource, action: string): JsonRecord {
  const { group, version, kind } = resource;
  const parameter = (name: string) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } });
  const writes = action === 'post' || action === 'put' || action === 'patch';
  const content = { 'application/json': { schema: refTo(resource, schemaOf(resource)) } };
  return {
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
    ...(writes
      ? {
          parameters: ['dryRun', 'fieldManager', 'fieldValidation', ...(action === 'patch' ? ['force'] : [])].map(
            parameter,
          ),
        }
      : {}),
    ...(action === 'patch' ? { requestBody: { content: patchContent(resource) } } : {}),
    responses: { '200': { description: 'OK', content } },
  };
}

/** kubectl looks here whether a kind takes strategic merge patches. */
function patchContent(resource: ApiResource): JsonRecord {
  const kinds = [
    'application/apply-patch+yaml',
    'application/json-patch+json',
    'application/merge-patch+json',
    ...(resource.custom === undefined ? ['application/strategic-merge-patch+json'] : []),
  ];
  return Object.fromEntries(kinds.map((kind) => [kind, { schema: { type: 'object' } }]));
}
