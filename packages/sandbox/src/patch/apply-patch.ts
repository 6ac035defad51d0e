import type { JsonRecord } from '../json/record.ts';
import { isRecord } from '../json/record.ts';
import type { Schema } from '../schema/schema.ts';
import { StatusError } from '../store/status-error.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

const kinds: Readonly<Record<string, (target: unknown, patch: unknown, schema: Schema) => unknown>> = {
  'application/json-patch+json': jsonPatch,
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': strategicMergePatch,
};

export const applyMediaType = 'application/apply-patch+yaml';

/** Throws UnsupportedMediaType for anything but the four kinds of patches that this API knows. */
export function checkPatchKind(mediaType: string): void {
  if (kinds[mediaType] === undefined && mediaType !== applyMediaType) throw unsupported();
}

/** Applies a patch by its media type; server-side apply is a verb of its own. Throws UnsupportedMediaType for any other. */
export function applyPatch(mediaType: string, target: JsonRecord, patch: unknown, schema: Schema): JsonRecord {
  const kind = kinds[mediaType];
  if (kind === undefined) throw unsupported();
  const patched = kind(target, patch, schema);
  if (!isRecord(patched)) throw new StatusError('BadRequest', 'the patched document is not an object');
  return patched;
}

function unsupported(): StatusError {
  const known = [...Object.keys(kinds), applyMediaType].join(', ');
  return new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${known}`,
  );
}

/** Of a custom resource nobody knows merge keys: no strategic merge patch. Throws UnsupportedMediaType. */
export function checkPatchOfCustom(mediaType: string): void {
  if (mediaType !== 'application/strategic-merge-patch+json') return;
  const known = [...Object.keys(kinds), applyMediaType].filter((kind) => kind !== mediaType).join(', ');
  throw new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${known}`,
  );
}
