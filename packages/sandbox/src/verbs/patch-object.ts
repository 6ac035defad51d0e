import { type JsonRecord, stringAt } from '../json/record.ts';
import { applyPatch } from '../patch/apply-patch.ts';
import type { ApiResource } from '../resources/api-resource.ts';
import { schemaOf } from '../schema/type-table.ts';
import { type Answer, json } from '../server/answer.ts';
import { parseWriteParameters } from '../server/write-parameters.ts';
import type { KubeObject } from '../store/object-store.ts';
import { fieldErrors } from '../validation/field-errors.ts';
import { invalid } from '../validation/validate.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { existingObject } from './existing-object.ts';
import { incomingObject } from './incoming-object.ts';
import { renderObject, viewed } from './render.ts';
import { writeUpdate } from './write-update.ts';

/**
 * PATCH: JSON, merge or strategic merge, by Content-Type. A metadata.resourceVersion that the patch brings is a precondition (409), because the patched
 * object then says another one than the stored object; so does another metadata.uid, which the API server calls an invalid change (422).
 */
export function patchObject(context: ApiContext, request: ApiRequest): Answer {
  const { resource } = request.path;
  const parameters = parseWriteParameters(request.query, 'PatchOptions', request.userAgent);
  const current = existingObject(context.store, request.path);
  const patched = applyPatch(request.mediaType, viewed(resource, current), request.body, schemaOf(resource));
  checkPatchedUid(resource, current, patched);
  const wanted = incomingObject(patched, request.path, parameters.fieldValidation, 'patch');
  const updated = writeUpdate(context, request, current, wanted, parameters);
  const rendering = { resource, acceptance: request.acceptance, includeObject: '', now: context.clock() };
  return json(renderObject(updated, rendering));
}

/** A resourceVersion that is old comes first: then the patch is late, not wrong. Throws Invalid. */
export function checkPatchedUid(resource: ApiResource, current: KubeObject, patched: JsonRecord): void {
  const uid = stringAt(patched, 'metadata', 'uid') ?? '';
  const version = stringAt(patched, 'metadata', 'resourceVersion') ?? '';
  if (uid === '' || uid === current.metadata.uid) return;
  if (version !== '' && version !== current.metadata.resourceVersion) return;
  const errors = fieldErrors();
  errors.invalid('metadata.uid', uid, 'field is immutable');
  throw invalid(resource, current.metadata.name, errors);
}
