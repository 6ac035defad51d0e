import { type Answer, json } from '../server/answer.ts';
import { parseWriteParameters } from '../server/write-parameters.ts';
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
  const updated = writeUpdate(
    context,
    request,
    current,
    incomingObject(request.body, request.path, parameters.fieldValidation),
    parameters,
  );
  const rendering = { resource, acceptance: request.acceptance, includeObject: '', now: context.clock() };
  return json(renderObject(updated, rendering));
}
