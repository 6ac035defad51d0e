/** Manifests -> one step per object, in the order of the documents. */
import { type ChangeRequest, pass, type Refusal, type Result } from '@countersign/approvals';
import { type AskedManifests, askedManifests } from './asked-manifests.ts';

export type Deletion = Extract<ChangeRequest['operation'], { readonly type: 'delete' }>;

export function appliesOf(asked: AskedManifests): Result<readonly ChangeRequest[], Refusal> {
  const read = askedManifests(asked);
  if (!read.ok) return read;
  return pass(
    read.value.map(({ kind, namespace, name, object }) => ({
      kind,
      namespace,
      name,
      operation: { type: 'apply', manifest: object },
    })),
  );
}

export function deletionsOf(asked: AskedManifests, operation: Deletion): Result<readonly ChangeRequest[], Refusal> {
  const read = askedManifests(asked);
  return read.ok ? pass(read.value.map(({ kind, namespace, name }) => ({ kind, namespace, name, operation }))) : read;
}
