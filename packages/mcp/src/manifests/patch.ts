/** The three patches of Kubernetes as arguments: an RFC 6902 list of operations, or an object that is merged. */
import { holdsRedactedLeaf, type Json, pass, type Result, refuse } from '@countersign/approvals';
import * as z from 'zod';
import { JSON_PATCH_OPERATIONS_MAX, JSON_POINTER_CHARACTERS_MAX } from '../limits.ts';
import { boundsIssue } from './document-bounds.ts';

export const PATCH_TYPES = ['json', 'merge', 'strategic'] as const;
export type PatchType = (typeof PATCH_TYPES)[number];

const pointer = z
  .string()
  .max(JSON_POINTER_CHARACTERS_MAX)
  .regex(/^(\/[^/]*)*$/, 'must be a JSON pointer');
const jsonOperation = z.strictObject({
  op: z.enum(['add', 'remove', 'replace', 'move', 'copy', 'test']),
  path: pointer,
  from: pointer.optional(),
  value: z.unknown().optional(),
});
const operations = z.array(jsonOperation).min(1).max(JSON_PATCH_OPERATIONS_MAX);

export const patchType = z
  .enum(PATCH_TYPES)
  .describe(
    'json: RFC 6902, patch is an array. merge: RFC 7396. strategic: lists merge by their keys. Both: an object.',
  );
export const patch = z.union([operations, z.record(z.string(), z.unknown())]);

/** Issues name fields, never values. */
export function patchOf(type: PatchType, document: unknown): Result<Json, string> {
  const bounds = boundsIssue(document);
  if (bounds !== undefined) return refuse(`patch: ${bounds}`);
  if (holdsRedactedLeaf(document as Json)) return refuse('patch: a redacted value cannot be asked for');
  if (type === 'json') {
    const parsed = operations.safeParse(document);
    return parsed.success ? pass(document as Json) : refuse('patch: a json patch is an array of RFC 6902 operations');
  }
  const isObject = typeof document === 'object' && document !== null && !Array.isArray(document);
  if (!isObject || Object.keys(document).length === 0) return refuse(`patch: a ${type} patch is an object`);
  return pass(document as Json);
}
