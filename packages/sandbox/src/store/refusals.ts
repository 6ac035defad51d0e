import type { Conflict } from '../ownership/after-apply.ts';
import { shownPath } from '../ownership/field-set.ts';
import type { Manager } from '../ownership/managers.ts';
import type { KubeObject, ResourceKey } from './object-store.ts';
import { type StatusDetails, StatusError } from './status-error.ts';

/** The store's refusals, worded as the API server words them: clients and people match on these sentences. */
function details(resource: ResourceKey, name: string): StatusDetails {
  const { plural, group } = partsOf(resource);
  return { name, ...(group === '' ? {} : { group }), kind: plural };
}

/** A key is `<plural>` or `<plural>.<group>`. */
function partsOf(resource: ResourceKey): { plural: string; group: string } {
  const dot = resource.indexOf('.');
  return dot === -1
    ? { plural: resource, group: '' }
    : { plural: resource.slice(0, dot), group: resource.slice(dot + 1) };
}

export function notFound(resource: ResourceKey, name: string): StatusError {
  return new StatusError('NotFound', `${resource} "${name}" not found`, details(resource, name));
}

export function alreadyExists(resource: ResourceKey, name: string): StatusError {
  return new StatusError('AlreadyExists', `${resource} "${name}" already exists`, details(resource, name));
}

/** The caller's resourceVersion is not the object's: somebody wrote in between (lost update). */
export function objectModified(resource: ResourceKey, name: string): StatusError {
  const reason = 'the object has been modified; please apply your changes to the latest version and try again';
  return conflict(resource, name, reason);
}

/** A PUT means an object that has been replaced by another one of the same name. */
export function uidMismatch(resource: ResourceKey, current: KubeObject, wanted: string): StatusError {
  const reason = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${current.metadata.uid}`;
  return conflict(resource, current.metadata.name, reason);
}

/** A DELETE means another object, or another version of it, than is there; the API server words it by kind. */
export function preconditionMismatch(
  resource: ResourceKey,
  current: KubeObject,
  member: 'UID' | 'ResourceVersion',
  wanted: string,
): StatusError {
  const { group } = partsOf(resource);
  const { kind } = current;
  const { name, uid, resourceVersion } = current.metadata;
  const found = member === 'UID' ? uid : resourceVersion;
  const happened = member === 'UID' ? 'deleted and then recreated' : 'modified';
  const qualified = group === '' ? kind : `${kind}.${group}`;
  return new StatusError(
    'Conflict',
    `Operation cannot be fulfilled on ${qualified} "${name}": the ${member} in the precondition (${wanted}) does not match the ${member} in record (${found}). The object might have been ${happened}`,
    { ...details(resource, name), kind },
  );
}

/** The caller means an object that is not there any more. */
export function uidOfNothing(resource: ResourceKey, name: string, wanted: string): StatusError {
  return conflict(
    resource,
    name,
    `uid mismatch: the provided object specified uid ${wanted}, and no existing object was found`,
  );
}

/** A server-side apply without force that would change what others own: one cause for each field, with its owner. */
export function applyConflict(conflicts: readonly Conflict[]): StatusError {
  const causes = conflicts.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${shownOwner(owner)}`,
    field: shownPath(path),
  }));
  const [first] = causes;
  const message =
    causes.length === 1 && first !== undefined
      ? `Apply failed with 1 conflict: ${first.message}: ${first.field}`
      : `Apply failed with ${causes.length} conflicts: ${byOwner(conflicts).join('\n')}`;
  return new StatusError('Conflict', message, { causes });
}

function byOwner(conflicts: readonly Conflict[]): string[] {
  const owners = [...new Set(conflicts.map(({ owner }) => shownOwner(owner)))];
  return owners.flatMap((shown) => [
    `conflicts with ${shown}:`,
    ...conflicts.filter(({ owner }) => shownOwner(owner) === shown).map(({ path }) => `- ${shownPath(path)}`),
  ]);
}

function shownOwner({ manager, subresource, operation, apiVersion }: Manager): string {
  const where = subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  return `${JSON.stringify(manager)}${where}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
}

function conflict(resource: ResourceKey, name: string, reason: string): StatusError {
  const message = `Operation cannot be fulfilled on ${resource} "${name}": ${reason}`;
  return new StatusError('Conflict', message, details(resource, name));
}
