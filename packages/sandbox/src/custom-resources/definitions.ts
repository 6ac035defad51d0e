import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import { type ApiResource, apiResource, type Subresource } from '../resources/api-resource.ts';
import type { KubeObject } from '../store/object-store.ts';
import { objectSchema } from './definition-schema.ts';
import { printerColumns } from './printer-columns.ts';

/** The resources that a CustomResourceDefinition brings: one for each served version, the stored one first. */
export function definedResources(definition: KubeObject): readonly ApiResource[] {
  const versions = listAt(definition, 'spec', 'versions').filter(isRecord);
  return versions
    .filter(({ served }) => served === true)
    .sort((a, b) => Number(b.storage === true) - Number(a.storage === true))
    .map((version) => resourceOf(definition, version));
}

/** `<plural>.<group>`: the definition's own name. */
export function definedKey(definition: KubeObject): string {
  return `${stringAt(definition, 'spec', 'names', 'plural')}.${stringAt(definition, 'spec', 'group')}`;
}

function resourceOf(definition: KubeObject, version: JsonRecord): ApiResource {
  const names = recordAt(definition, 'spec', 'names');
  const kind = stringAt(names, 'kind') ?? '';
  const subresources = recordAt(version, 'subresources') ?? {};
  const served: Subresource[] = subresources.status === undefined ? [] : ['status'];
  const groupVersion = `${stringAt(definition, 'spec', 'group')}/${stringAt(version, 'name')}`;
  const resource = apiResource(groupVersion, kind, stringAt(names, 'plural') ?? '', {
    namespaced: stringAt(definition, 'spec', 'scope') === 'Namespaced',
    shortNames: listAt(names, 'shortNames').map(String),
    categories: listAt(names, 'categories').map(String),
    subresources: served,
    generation: true,
  });
  return {
    ...resource,
    singular: stringAt(names, 'singular') ?? resource.singular,
    custom: {
      listKind: stringAt(names, 'listKind') ?? `${kind}List`,
      schema: objectSchema(recordAt(version, 'schema', 'openAPIV3Schema')),
      columns: printerColumns(listAt(version, 'additionalPrinterColumns')),
    },
  };
}
