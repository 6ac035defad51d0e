import type { Comparison } from './compare.ts';
import { type FieldSet, fieldPath, isUnder } from './field-set.ts';

/** Which half of an object a write reaches: with a status of its own, a write to the object leaves the status alone, and one to /status all but that. */
export type Part = 'main' | 'status' | 'whole';

/** Identity and bookkeeping: the server's, whoever wrote. */
const serverOwned: FieldSet = new Set([
  '',
  fieldPath('apiVersion'),
  fieldPath('kind'),
  fieldPath('metadata'),
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'generation',
    'resourceVersion',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
  ].map((member) => fieldPath('metadata', member)),
]);

const managedFields = fieldPath('metadata', 'managedFields');
const otherPart: Readonly<Record<Part, string | undefined>> = {
  main: fieldPath('status'),
  status: fieldPath('spec'),
  whole: undefined,
};

export function ownablePaths(paths: FieldSet, part: Part): Set<string> {
  const other = otherPart[part];
  return new Set(
    [...paths].filter(
      (path) =>
        !serverOwned.has(path) && !isUnder(path, managedFields) && (other === undefined || !isUnder(path, other)),
    ),
  );
}

/** What of a comparison anybody can own in this write. */
export function ownable({ added, modified, removed }: Comparison, part: Part): Comparison {
  return {
    added: ownablePaths(added, part),
    modified: ownablePaths(modified, part),
    removed: ownablePaths(removed, part),
  };
}
