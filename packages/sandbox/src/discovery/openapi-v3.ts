import { createHash } from 'node:crypto';
import type { JsonRecord } from '../json/record.ts';
import { type ApiResource, apiVersionOf } from '../resources/api-resource.ts';
import { resourceTable } from '../resources/resource-table.ts';

/**
 * As much OpenAPI as kubectl needs: which kinds take `fieldValidation` and `dryRun` in which requests. There are no schemas in it: kubectl then
 * leaves validation to the server (and `kubectl explain` has nothing to say).
 */

const pathOf = (groupVersion: string) => (groupVersion.includes('/') ? `apis/${groupVersion}` : `api/${groupVersion}`);

const groupVersions = [...new Set(resourceTable.map(apiVersionOf))];

/** /openapi/v3: where each group version's document is, with its hash, so that clients may cache it. */
export function openApiV3Index(): JsonRecord {
  const paths = groupVersions.map((groupVersion) => {
    const hash = createHash('sha256')
      .update(JSON.stringify(openApiV3(groupVersion)))
      .digest('hex')
      .toUpperCase();
    return [pathOf(groupVersion), { serverRelativeURL: `/openapi/v3/${pathOf(groupVersion)}?hash=${hash}` }];
  });
  return { paths: Object.fromEntries(paths) };
}

/** /openapi/v3/<path> by that path ('api/v1', 'apis/apps/v1'), or undefined where it is not served. */
export function openApiV3ByPath(path: string): JsonRecord | undefined {
  const groupVersion = groupVersions.find((one) => pathOf(one) === path);
  return groupVersion === undefined ? undefined : openApiV3(groupVersion);
}

function openApiV3(groupVersion: string): JsonRecord {
  const served = resourceTable.filter((resource) => apiVersionOf(resource) === groupVersion);
  return {
    openapi: '3.0.0',
    info: { title: 'Countersign sandbox', version: groupVersion },
    paths: Object.fromEntries(served.flatMap(pathsOf)),
    components: { schemas: Object.fromEntries(served.map(schemaOf)) },
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
  return {
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
    ...(writes ? { parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map(parameter) } : {}),
    responses: { '200': { description: 'OK' } },
  };
}

function schemaOf({ group, version, kind }: ApiResource): [string, JsonRecord] {
  const prefix = group === '' ? 'io.k8s.api.core' : `io.k8s.api.${group.split('.')[0]}`;
  const schema = { type: 'object', 'x-kubernetes-group-version-kind': [{ group, version, kind }] };
  return [`${prefix}.${version}.${kind}`, schema];
}
