import type { JsonRecord } from '../json/record.ts';
import { isRecord } from '../json/record.ts';
import { StatusError } from '../store/status-error.ts';
import { jsonPatch } from './json-patch.ts';
import { mergePatch } from './merge-patch.ts';
import { strategicMergePatch } from './strategic-merge-patch.ts';

const kinds: Readonly<Record<string, (target: unknown, patch: unknown) => unknown>> = {
  'application/json-patch+json': jsonPatch,
  'application/merge-patch+json': mergePatch,
  'application/strategic-merge-patch+json': strategicMergePatch,
};

/** Throws UnsupportedMediaType for anything but the three kinds of patches that this API knows; with a clear word for server-side apply. */
export function checkPatchKind(mediaType: string): void {
  if (kinds[mediaType] === undefined) throw unsupported(mediaType);
}

/** Applies a patch by its media type. Throws UnsupportedMediaType for any other, server-side apply among them. */
export function applyPatch(mediaType: string, target: JsonRecord, patch: unknown): JsonRecord {
  const apply = kinds[mediaType];
  if (apply === undefined) throw unsupported(mediaType);
  const patched = apply(target, patch);
  if (!isRecord(patched)) throw new StatusError('BadRequest', 'the patched document is not an object');
  return patched;
}

function unsupported(mediaType: string): StatusError {
  const apply = mediaType === 'application/apply-patch+yaml' || mediaType === 'application/apply-patch+cbor';
  const why = apply
    ? 'this sandbox does not serve server-side apply: field ownership is not simulated; use a real cluster for it'
    : `the body of the request was in an unknown format - accepted media types include: ${Object.keys(kinds).join(', ')}`;
  return new StatusError('UnsupportedMediaType', why);
}
