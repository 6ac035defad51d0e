import { isRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject, NewObject } from '../store/object-store.ts';
import type { FieldErrors } from './field-errors.ts';
import { subdomainName } from './name-rules.ts';

/** A CustomResourceDefinition: its name, its names, one stored version, a schema for each. The schemas themselves are taken as they come. */
export function validateDefinition(definition: NewObject, before: KubeObject | undefined, errors: FieldErrors): void {
  const group = stringAt(definition, 'spec', 'group') ?? '';
  const plural = stringAt(definition, 'spec', 'names', 'plural') ?? '';
  if (definition.metadata.name !== `${plural}.${group}`) {
    errors.invalid('metadata.name', definition.metadata.name, 'must be spec.names.plural+"."+spec.group');
  }
  if (group === '') errors.required('spec.group');
  else if (!group.includes('.') || subdomainName(group) !== undefined)
    errors.invalid('spec.group', group, 'should be a domain with at least one dot');
  const scope = stringAt(definition, 'spec', 'scope') ?? '';
  if (!['Cluster', 'Namespaced'].includes(scope)) errors.unsupported('spec.scope', scope, ['Cluster', 'Namespaced']);
  for (const name of ['plural', 'kind']) {
    if ((stringAt(definition, 'spec', 'names', name) ?? '') === '') errors.required(`spec.names.${name}`);
  }
  validateVersions(listAt(definition, 'spec', 'versions'), errors);
  const oldScope = stringAt(before, 'spec', 'scope');
  if (oldScope !== undefined && oldScope !== scope) errors.invalid('spec.scope', scope, 'field is immutable');
}

function validateVersions(versions: readonly unknown[], errors: FieldErrors): void {
  const stored = versions.filter((version) => isRecord(version) && version.storage === true);
  if (stored.length !== 1)
    errors.invalid('spec.versions', versions.length, 'must have exactly one version marked as storage version');
  versions.forEach((version, index) => {
    const schema = recordAt(version, 'schema', 'openAPIV3Schema');
    if (schema === undefined) errors.required(`spec.versions[${index}].schema.openAPIV3Schema`, 'schemas are required');
  });
}
