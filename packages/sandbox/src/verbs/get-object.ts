import { type Answer, json } from '../server/answer.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { existingObject } from './existing-object.ts';
import { checkReached } from './list-objects.ts';
import { renderObject } from './render.ts';
import { resourceVersionOf } from './selection.ts';

export function getObject(context: ApiContext, request: ApiRequest): Answer {
  checkReached(context, resourceVersionOf(request.query));
  return json(
    renderObject(existingObject(context.store, request.path), {
      resource: request.path.resource,
      acceptance: request.acceptance,
      includeObject: request.query.get('includeObject') ?? '',
      now: context.clock(),
    }),
  );
}
