import type { JsonRecord } from '../json/record.ts';
import { type ApiResource, apiVersionOf } from '../resources/api-resource.ts';
import { resourceTable } from '../resources/resource-table.ts';

/** The classic discovery documents: /api, /apis, /api/v1, /apis/<group>, /apis/<group>/<version>. */

const groups = new Map<string, string>();
for (const { group, version } of resourceTable) if (group !== '') groups.set(group, version);

export function apiVersions(serverAddress: string): JsonRecord {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

export function apiGroupList(): JsonRecord {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...groups].map(([name, version]) => apiGroup(name, version)),
  };
}

/** One group, or undefined where it is not served. */
export function apiGroupByName(name: string): JsonRecord | undefined {
  const version = groups.get(name);
  return version === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(name, version) };
}

function apiGroup(name: string, version: string): JsonRecord {
  const preferredVersion = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [preferredVersion], preferredVersion };
}

/** The resources of one group version ('v1', 'apps/v1'), or undefined where it is not served. */
export function apiResourceList(groupVersion: string): JsonRecord | undefined {
  const served = resourceTable.filter((resource) => apiVersionOf(resource) === groupVersion);
  if (served.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: served.flatMap(entries) };
}

function entries(resource: ApiResource): JsonRecord[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories } = resource;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length === 0 ? {} : { shortNames }),
      ...(categories.length === 0 ? {} : { categories }),
    },
    ...resource.subresources.map((subresource) => ({
      name: `${plural}/${subresource}`,
      singularName: '',
      namespaced,
      ...subresourceKind(resource, subresource),
    })),
  ];
}

/** The kind that a subresource speaks, and what can be done to it. */
export function subresourceKind(
  resource: ApiResource,
  subresource: string,
): JsonRecord & { kind: string; verbs: string[] } {
  switch (subresource) {
    case 'scale':
      return { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] };
    case 'token':
      return { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] };
    case 'log':
      return { kind: resource.kind, verbs: ['get'] };
    default:
      return { kind: resource.kind, verbs: ['get', 'patch', 'update'] };
  }
}
