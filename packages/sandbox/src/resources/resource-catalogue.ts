import type { ResourceKey } from '../store/object-store.ts';
import type { ApiResource } from './api-resource.ts';
import { resourceTable } from './resource-table.ts';

/** What one API serves at the moment: the built-in resources, and those that CustomResourceDefinitions have brought. */
export interface ResourceCatalogue {
  /** In the order in which kubectl should prefer them; a custom resource once for each version that it serves. */
  all(): readonly ApiResource[];
  /** The version that is stored. */
  byKey(key: ResourceKey): ApiResource | undefined;
  /** The resource of an object's apiVersion and kind, or undefined when this API does not serve it. */
  byKind(apiVersion: string, kind: string): ApiResource | undefined;
  /** The resource at a URL's group, version and plural. */
  byPath(group: string, version: string, plural: string): ApiResource | undefined;
  /** The versions of one custom resource, the stored one first; none takes it away. Built-in resources cannot be redefined. */
  define(key: ResourceKey, versions: readonly ApiResource[]): void;
}

export function createResourceCatalogue(): ResourceCatalogue {
  const custom = new Map<ResourceKey, readonly ApiResource[]>();
  const builtIn = new Map(resourceTable.map((resource) => [resource.key, resource]));
  let all: readonly ApiResource[] = resourceTable;

  return {
    all: () => all,
    byKey: (key) => builtIn.get(key) ?? custom.get(key)?.[0],
    byKind: (apiVersion, kind) => all.find((one) => one.kind === kind && versionOf(one) === apiVersion),
    byPath: (group, version, plural) =>
      all.find((one) => one.plural === plural && one.group === group && one.version === version),
    define(key, versions) {
      if (builtIn.has(key)) return;
      if (versions.length === 0) custom.delete(key);
      else custom.set(key, versions);
      all = [...resourceTable, ...[...custom.values()].flat()];
    },
  };
}

function versionOf({ group, version }: ApiResource): string {
  return group === '' ? version : `${group}/${version}`;
}
