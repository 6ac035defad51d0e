import { admit } from '../admission/admit.ts';
import { requestDeletion } from '../deletion/request-deletion.ts';
import { type Answer, json } from '../server/answer.ts';
import { preconditionMismatch } from '../store/refusals.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { parseDeleteOptions } from './delete-options.ts';
import { existingObject } from './existing-object.ts';
import { renderObject } from './render.ts';

const protectedNamespaces = new Set(['default', 'kube-system']);

/** DELETE. What goes at once is answered with a Status, a pod and what goes later with the object. What it owns is the garbage collector's affair. */
export function deleteObject(context: ApiContext, request: ApiRequest): Answer {
  const { store } = context;
  const { resource, name = '' } = request.path;
  const options = parseDeleteOptions(request.body, request.query);
  const current = existingObject(store, request.path);
  if (options.uid !== undefined && options.uid !== current.metadata.uid)
    throw preconditionMismatch(resource.key, current, 'UID', options.uid);
  if (options.resourceVersion !== undefined && options.resourceVersion !== current.metadata.resourceVersion) {
    throw preconditionMismatch(resource.key, current, 'ResourceVersion', options.resourceVersion);
  }
  if (resource.key === 'namespaces' && protectedNamespaces.has(name)) {
    throw new StatusError('Forbidden', `namespaces "${name}" is forbidden: this namespace may not be deleted`);
  }
  admit(store, {
    userName: request.identity.userName,
    operation: 'DELETE',
    resource,
    subresource: '',
    name,
    object: undefined,
    oldObject: current,
    options: options.options,
    dryRun: options.dryRun,
  });
  const rendering = { resource, acceptance: request.acceptance, includeObject: '', now: context.clock() };
  if (resource.key === 'namespaces' && !options.dryRun) emptyNamespace(context, name);
  const marked = requestDeletion(store, resource.key, current, options, context.clock());
  if (marked !== undefined) {
    return json(renderObject(marked, rendering), options.keepsNoOrphans ? 202 : 200);
  }
  if (resource.key === 'pods') return json(renderObject(current, rendering));
  return json({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: {
      name,
      ...(resource.group === '' ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: current.metadata.uid,
    },
  });
}

/** What the real cluster's namespace controller does over time happens at once here. */
function emptyNamespace({ store }: ApiContext, namespace: string): void {
  for (const { key, namespaced } of store.resources.all()) {
    if (!namespaced || key === 'events.events.k8s.io') continue;
    for (const object of store.list(key, namespace)) {
      // A cascade may have taken it already.
      if (store.get(key, namespace, object.metadata.name) !== undefined)
        store.delete(key, namespace, object.metadata.name);
    }
  }
}
