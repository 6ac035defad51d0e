import type { JsonRecord } from '../json/record.ts';
import type { ApiResource } from '../resources/api-resource.ts';
import type { ResourceCatalogue } from '../resources/resource-catalogue.ts';
import { subresourceKind } from './discovery.ts';

/**
 * All groups in one document (apidiscovery.k8s.io), which kubectl 1.26 and newer asks for first: two requests instead of one per group.
 * /api answers the core group, /apis the others.
 */
export function aggregatedDiscovery(
  resources: ResourceCatalogue,
  part: 'core' | 'groups',
  version: 'v2' | 'v2beta1',
): JsonRecord {
  const groups = new Map<string, Map<string, ApiResource[]>>();
  for (const resource of resources.all()) {
    if ((resource.group === '') !== (part === 'core')) continue;
    const versions = groups.get(resource.group) ?? new Map<string, ApiResource[]>();
    versions.set(resource.version, [...(versions.get(resource.version) ?? []), resource]);
    groups.set(resource.group, versions);
  }
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: [...groups].map(([name, versions]) => ({
      metadata: name === '' ? {} : { name },
      versions: [...versions].map(([one, served]) => ({
        version: one,
        resources: served.map(entry),
        freshness: 'Current',
      })),
    })),
  };
}

function entry(resource: ApiResource): JsonRecord {
  const { group, version, kind, plural, singular, namespaced, verbs, shortNames, categories } = resource;
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(resource.subresources.length === 0
      ? {}
      : { subresources: resource.subresources.map((one) => subEntry(resource, one)) }),
  };
}

function subEntry(resource: ApiResource, subresource: string): JsonRecord {
  const { group = resource.group, version = resource.version, kind, verbs } = subresourceKind(resource, subresource);
  return { subresource, responseKind: { group, version, kind }, verbs };
}
