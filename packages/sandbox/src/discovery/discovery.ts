import type { JsonRecord } from '../json/record.ts';
import { type ApiResource, apiVersionOf } from '../resources/api-resource.ts';
import type { ResourceCatalogue } from '../resources/resource-catalogue.ts';

/** The classic discovery documents: /api, /apis, /api/v1, /apis/<group>, /apis/<group>/<version>. */

/** The versions of each group but the core's, the preferred one first. */
function groupVersions(resources: ResourceCatalogue): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, version } of resources.all()) {
    const versions = groups.get(group) ?? [];
    if (group !== '' && !versions.includes(version)) groups.set(group, [...versions, version]);
  }
  return groups;
}

export function apiVersions(serverAddress: string): JsonRecord {
  return {
    kind: 'APIVersions',
    versions: ['v1'],
    serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress }],
  };
}

export function apiGroupList(resources: ResourceCatalogue): JsonRecord {
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [...groupVersions(resources)].map(([name, versions]) => apiGroup(name, versions)),
  };
}

/** One group, or undefined where it is not served. */
export function apiGroupByName(resources: ResourceCatalogue, name: string): JsonRecord | undefined {
  const versions = groupVersions(resources).get(name);
  return versions === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(name, versions) };
}

function apiGroup(name: string, served: readonly string[]): JsonRecord {
  const versions = served.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

/** The resources of one group version ('v1', 'apps/v1'), or undefined where it is not served. */
export function apiResourceList(resources: ResourceCatalogue, groupVersion: string): JsonRecord | undefined {
  const served = resources.all().filter((resource) => apiVersionOf(resource) === groupVersion);
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
