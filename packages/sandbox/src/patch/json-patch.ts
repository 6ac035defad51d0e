import jsonPatchLibrary, { type Operation } from 'fast-json-patch';
import { isRecord } from '../json/record.ts';
import { jsonPatchMaxOperations } from '../limits.ts';
import { StatusError } from '../store/status-error.ts';

/**
 * RFC 6902. A patch that is no list of operations is BadRequest; one that does not apply (a failed test, a path that is not there) is Invalid,
 * which is how the API server tells a wrong request from a wrong assumption about the object. Changes neither argument.
 */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch) || !patch.every(isRecord)) {
    throw new StatusError('BadRequest', 'a JSON patch must be an array of operations');
  }
  if (patch.length > jsonPatchMaxOperations) {
    throw new StatusError(
      'RequestEntityTooLarge',
      `the allowed maximum operations in a JSON patch is ${jsonPatchMaxOperations}, got ${patch.length}`,
    );
  }
  const document = structuredClone(target);
  try {
    // banPrototypeModifications (the last argument): a path through __proto__ or constructor.prototype would reach this process's own objects.
    return jsonPatchLibrary.applyPatch(document, structuredClone(patch) as unknown as Operation[], true, true, true)
      .newDocument;
  } catch {
    throw new StatusError('Invalid', 'the server rejected our request due to an error in our request', {});
  }
}
