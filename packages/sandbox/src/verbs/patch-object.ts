import { applyPatch } from '../patch/apply-patch.ts';
import { schemaOf } from '../schema/type-table.ts';
import { type Answer, json } from '../server/answer.ts';
import { parseWriteParameters } from '../server/write-parameters.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { existingObject } from './existing-object.ts';
import { incomingObject } from './incoming-object.ts';
import { renderObject } from './render.ts';
import { writeUpdate } from './write-update.ts';

/**
 * PATCH: JSON, merge or strategic merge, by Content-Type. A metadata.resourceVersion or metadata.uid that the patch brings is a precondition (409),
 * because the patched object then says another one than the stored object.
 */
export function patchObject(context: ApiContext, request: ApiRequest): Answer {
  const { resource } = request.path;
  const parameters = parseWriteParameters(request.query, 'PatchOptions', request.userAgent);
  const current = existingObject(context.store, request.path);
  const patched = applyPatch(request.mediaType, current, request.body, schemaOf(resource));
  const updated = writeUpdate(
    context,
    request,
    current,
    incomingObject(patched, request.path, parameters.fieldValidation),
    parameters,
  );
  const rendering = { resource, acceptance: request.acceptance, includeObject: '', now: context.clock() };
  return json(renderObject(updated, rendering));
}
