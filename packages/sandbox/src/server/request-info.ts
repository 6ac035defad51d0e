import type { ApiResource } from '../resources/api-resource.ts';
import type { ResourceCatalogue } from '../resources/resource-catalogue.ts';
import { StatusError } from '../store/status-error.ts';

/** A URL below /api or /apis that names a resource. */
export interface ResourcePath {
  readonly resource: ApiResource;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** '' for the object itself. */
  readonly subresource: string;
}

/**
 * Reads `/api/v1/...` and `/apis/<group>/<version>/...`. Undefined where the path is something else (discovery, health); throws NotFound where it
 * looks like a resource that this API does not serve.
 */
export function parseResourcePath(pathname: string, resources: ResourceCatalogue): ResourcePath | undefined {
  const segments = decodeSegments(pathname);
  const core = segments[0] === 'api';
  if (!core && segments[0] !== 'apis') return undefined;
  const [group, version] = core ? ['', segments[1]] : [segments[1], segments[2]];
  const rest = segments.slice(core ? 2 : 3);
  if (group === undefined || version === undefined || rest.length === 0) return undefined;
  // `namespaces/<namespace>/<plural>...` is a place; `namespaces/<name>` and its subresources are the object itself.
  const namespaced = rest[0] === 'namespaces' && rest.length >= 3 && !namespaceSubresources.has(rest[2] ?? '');
  const namespace = namespaced ? rest[1] : undefined;
  const [plural, name, subresource = '', ...more] = namespaced ? rest.slice(2) : rest;
  const resource = resources.byPath(group, version, plural ?? '');
  if (resource === undefined || more.length > 0 || namespace === '' || name === '') throw unknownResource();
  if (namespace !== undefined && !resource.namespaced) throw unknownResource();
  if (name !== undefined && resource.namespaced && namespace === undefined) throw unknownResource();
  if (subresource !== '' && !resource.subresources.some((served) => served === subresource)) throw unknownResource();
  return { resource, namespace, name, subresource };
}

const namespaceSubresources = new Set(['status', 'finalize']);

function decodeSegments(pathname: string): string[] {
  try {
    return pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    throw new StatusError('BadRequest', 'the path is not valid');
  }
}

function unknownResource(): StatusError {
  return new StatusError('NotFound', 'the server could not find the requested resource');
}
