import { applyMediaType } from '../patch/apply-patch.ts';
import type { Subresource } from '../resources/api-resource.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext, ApiRequest } from '../verbs/api-request.ts';
import { applyObject } from '../verbs/apply-object.ts';
import { createObject } from '../verbs/create-object.ts';
import { deleteObject } from '../verbs/delete-object.ts';
import { getObject } from '../verbs/get-object.ts';
import { listObjects } from '../verbs/list-objects.ts';
import { patchObject } from '../verbs/patch-object.ts';
import { podLogs } from '../verbs/pod-logs.ts';
import { getScale, writeScale } from '../verbs/scale.ts';
import { selfSubjectAccessReview, selfSubjectReview } from '../verbs/self-subject-reviews.ts';
import { tokenRequest } from '../verbs/token-request.ts';
import { updateObject } from '../verbs/update-object.ts';
import { watchObjects } from '../verbs/watch-objects.ts';
import type { Answer } from './answer.ts';
import type { ResourcePath } from './request-info.ts';

/** RBAC's verb for a request. Throws MethodNotAllowed for a method that means nothing at this URL. */
export function verbOf(method: string, path: ResourcePath, query: URLSearchParams): string {
  const single = path.name !== undefined;
  switch (method) {
    case 'GET':
      if (single) return 'get';
      return query.get('watch') === 'true' || query.get('watch') === '1' ? 'watch' : 'list';
    case 'POST':
      if (!single || path.subresource === 'token') return 'create';
      break;
    case 'PUT':
      if (single) return 'update';
      break;
    case 'PATCH':
      if (single) return 'patch';
      break;
    case 'DELETE':
      return single ? 'delete' : 'deletecollection';
  }
  throw methodNotAllowed();
}

const servedAt: Readonly<Record<Subresource, readonly string[]>> = {
  status: ['get', 'update', 'patch'],
  scale: ['get', 'update', 'patch'],
  log: ['get'],
  token: ['create'],
};

/** Whether this API serves the verb there. Throws MethodNotAllowed, which comes after the question whether the caller may. */
export function checkServed(verb: string, { resource, subresource }: ResourcePath): void {
  const served = subresource === '' ? resource.verbs : servedAt[subresource as Subresource];
  if (!served.some((one) => one === verb)) throw methodNotAllowed();
}

/** Runs a verb that has been checked. */
export function dispatch(context: ApiContext, verb: string, request: ApiRequest): Answer {
  const { resource, subresource } = request.path;
  if (resource.key === 'selfsubjectaccessreviews.authorization.k8s.io')
    return selfSubjectAccessReview(context, request);
  if (resource.key === 'selfsubjectreviews.authentication.k8s.io') return selfSubjectReview(context, request);
  if (subresource === 'log') return podLogs(context, request);
  if (subresource === 'token') return tokenRequest(context, request);
  switch (verb) {
    case 'get':
      return subresource === 'scale' ? getScale(context, request) : getObject(context, request);
    case 'list':
      return listObjects(context, request);
    case 'watch':
      return watchObjects(context, request);
    case 'create':
      return createObject(context, request);
    case 'update':
      return subresource === 'scale' ? writeScale(context, request, 'update') : updateObject(context, request);
    case 'patch':
      if (subresource === 'scale') return writeScale(context, request, 'patch');
      return request.mediaType === applyMediaType ? applyObject(context, request) : patchObject(context, request);
    case 'delete':
      return deleteObject(context, request);
    default:
      throw methodNotAllowed();
  }
}

function methodNotAllowed(): StatusError {
  return new StatusError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
