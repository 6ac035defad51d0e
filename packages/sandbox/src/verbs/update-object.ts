import { type Answer, json } from '../server/answer.ts';
import { parseWriteParameters } from '../server/write-parameters.ts';
import { fieldErrors } from '../validation/field-errors.ts';
import { invalid } from '../validation/validate.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { existingObject } from './existing-object.ts';
import { incomingObject } from './incoming-object.ts';
import { renderObject } from './render.ts';
import { writeUpdate } from './write-update.ts';

/** PUT: the whole object, or with /status the status of it. A metadata.resourceVersion in it is a precondition (409). */
export function updateObject(context: ApiContext, request: ApiRequest): Answer {
  const { resource } = request.path;
  const parameters = parseWriteParameters(request.query, 'UpdateOptions', request.userAgent);
  const current = existingObject(context.store, request.path);
  const wanted = incomingObject(request.body, request.path, parameters.fieldValidation);
  // A custom resource is never replaced unseen.
  if (resource.custom !== undefined && (wanted.metadata.resourceVersion ?? '') === '') {
    const errors = fieldErrors();
    errors.invalid('metadata.resourceVersion', 0, 'must be specified for an update');
    throw invalid({ ...resource, kind: resource.plural }, current.metadata.name, errors);
  }
  const updated = writeUpdate(context, request, current, wanted, parameters);
  const rendering = { resource, acceptance: request.acceptance, includeObject: '', now: context.clock() };
  return json(renderObject(updated, rendering));
}
