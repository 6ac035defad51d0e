import { admit } from '../admission/admit.ts';
import { applyDefaults } from '../defaults/apply-defaults.ts';
import { type Answer, json } from '../server/answer.ts';
import { parseWriteParameters } from '../server/write-parameters.ts';
import type { NewObject } from '../store/object-store.ts';
import { notFound } from '../store/refusals.ts';
import { StatusError } from '../store/status-error.ts';
import { validate } from '../validation/validate.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { incomingObject } from './incoming-object.ts';
import { renderObject } from './render.ts';

/** Creates an object, or with dryRun=All answers what would be created. In the order of the real API server: defaults, validation, admission, store. */
export function createObject(context: ApiContext, request: ApiRequest): Answer {
  const { store } = context;
  const { path, identity } = request;
  const { resource } = path;
  const parameters = parseWriteParameters(request.query, 'CreateOptions', request.userAgent);
  const incoming = incomingObject(request.body, path, parameters.fieldValidation);
  if ((incoming.metadata.resourceVersion ?? '') !== '') {
    throw new StatusError('BadRequest', 'resourceVersion should not be set on objects to be created');
  }
  if (path.namespace !== undefined && store.get('namespaces', undefined, path.namespace) === undefined) {
    throw notFound('namespaces', path.namespace);
  }
  const draft = applyDefaults(resource.key, withoutStatus(incoming, resource.subresources.includes('status')), store);
  validate(resource, draft);
  admit(store, {
    userName: identity.userName,
    operation: 'CREATE',
    resource,
    subresource: '',
    name: draft.metadata.name ?? '',
    object: draft,
    oldObject: undefined,
    options: parameters.options,
    dryRun: parameters.dryRun,
  });
  const created = store.create(resource.key, draft, {
    fieldManager: parameters.fieldManager,
    dryRun: parameters.dryRun,
  });
  const rendering = { resource, acceptance: request.acceptance, includeObject: '', now: context.clock() };
  return json(renderObject(created, rendering), 201);
}

/** Status is what controllers report; what a creator says of it is dropped. */
function withoutStatus(object: NewObject, hasStatus: boolean): NewObject {
  if (!hasStatus) return object;
  const { status: _dropped, ...rest } = object;
  return { ...rest, apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
}
