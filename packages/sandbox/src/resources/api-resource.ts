import type { Schema } from '../schema/schema.ts';
import type { ResourceKey } from '../store/object-store.ts';
import type { Column } from '../tables/column.ts';

export type Verb = 'create' | 'delete' | 'get' | 'list' | 'patch' | 'update' | 'watch';
export type Subresource = 'status' | 'scale' | 'log' | 'token';

/** What the API knows of one resource: enough for discovery, routing and the store's rules. */
export interface ApiResource {
  readonly key: ResourceKey;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly Verb[];
  readonly subresources: readonly Subresource[];
  /** Whether the real API server maintains metadata.generation for this kind. Services and ConfigMaps, for instance, have none. */
  readonly generation: boolean;
  /** Of a resource that a CustomResourceDefinition brought: what the definition says of its objects. */
  readonly custom?: CustomResource;
}

export interface CustomResource {
  readonly listKind: string;
  readonly schema: Schema;
  /** Behind the name; without any, the age. */
  readonly columns: readonly Column[];
}

const writable: readonly Verb[] = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

type Optional = Partial<
  Pick<ApiResource, 'shortNames' | 'categories' | 'namespaced' | 'verbs' | 'subresources' | 'generation'>
>;

/** Fills the defaults: namespaced, writable, no subresource, no generation. `groupVersion` is an object's apiVersion ('v1', 'apps/v1'). */
export function apiResource(groupVersion: string, kind: string, plural: string, optional: Optional = {}): ApiResource {
  const slash = groupVersion.indexOf('/');
  const group = slash === -1 ? '' : groupVersion.slice(0, slash);
  return {
    key: group === '' ? plural : `${plural}.${group}`,
    group,
    version: groupVersion.slice(slash + 1),
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: optional.shortNames ?? [],
    categories: optional.categories ?? [],
    namespaced: optional.namespaced ?? true,
    verbs: optional.verbs ?? writable,
    subresources: optional.subresources ?? [],
    generation: optional.generation ?? false,
  };
}

/** An object's apiVersion for this resource: 'v1', 'apps/v1'. */
export function apiVersionOf(resource: ApiResource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}
