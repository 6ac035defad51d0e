/**
 * Hidden leaves of a manifest or template: the intent, which everybody sees, carries their commitments; the values go into the raw
 * evidence, and back into the request when it is sent. Whether they stay as they are in the cluster is judged by the dry run.
 */
import { type Json, type Operation, type OperationLeaves, pointerOf, show, tokensOf } from '@countersign/approvals';
import { isObject, type JsonObject, valueAt } from '../objects/json-at.ts';
import { redact } from '../redaction/redact.ts';

/** The same pointer gives the same salt as often as it is asked for within one step. */
export type SaltOf = (pointer: string) => string;

export interface HiddenOperation {
  readonly operation: Operation;
  readonly leaves: OperationLeaves;
}

/** `at`: where the template lies in its object. */
export function hideLeaves(operation: Operation, saltOf: SaltOf, at: readonly string[] = []): HiddenOperation {
  if (operation.type === 'apply') {
    const { document, leaves } = hiddenDocument(operation.manifest, [], saltOf);
    return { operation: { ...operation, manifest: { ...document } }, leaves };
  }
  if (operation.type === 'rollback') {
    const { document, leaves } = hiddenDocument(operation.template, at, saltOf);
    return { operation: { ...operation, template: { ...document } }, leaves };
  }
  return { operation, leaves: {} };
}

/** The document as it lies at `at` of an object: what is hidden goes by where it lies. */
function hiddenDocument(
  document: JsonObject,
  at: readonly string[],
  saltOf: SaltOf,
): { readonly document: JsonObject; readonly leaves: OperationLeaves } {
  const object = at.reduceRight<Json>((inner, member) => ({ [member]: inner }), document);
  const paths = redact(object).map(({ path }) => tokensOf(path).slice(at.length));
  const leaves = Object.fromEntries(
    paths.map((tokens) => {
      const pointer = pointerOf(tokens);
      return [pointer, { salt: saltOf(pointer), value: valueAt(document, ...tokens) ?? null }];
    }),
  );
  const salts = Object.fromEntries(Object.entries(leaves).map(([pointer, { salt }]) => [pointer, salt]));
  const hidden = show(document, salts);
  return { document: isObject(hidden) ? hidden : {}, leaves };
}
