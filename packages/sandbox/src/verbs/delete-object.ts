import { admit } from '../admission/admit.ts';
import { numberAt } from '../json/record.ts';
import { type Answer, json } from '../server/answer.ts';
import type { KubeObject } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';
import { preconditionMismatch } from '../store/refusals.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { type ParsedDeleteOptions, parseDeleteOptions } from './delete-options.ts';
import { existingObject } from './existing-object.ts';
import { renderObject } from './render.ts';

const defaultGraceSeconds = 30;
const protectedNamespaces = new Set(['default', 'kube-system']);

/**
 * DELETE. What goes at once is answered with a Status, what goes later (a pod that may still end its work, an object that a finalizer holds) with the
 * object. Dependents go with their owner in either propagation policy but Orphan; this API does not simulate the order that Foreground promises.
 */
export function deleteObject(context: ApiContext, request: ApiRequest): Answer {
  const { store } = context;
  const { resource, namespace, name = '' } = request.path;
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
  const later = deleteLater(context, request, current, options);
  if (later !== undefined) return json(renderObject(later, rendering));
  if (resource.key === 'namespaces' && !options.dryRun) emptyNamespace(context, name);
  store.delete(resource.key, namespace, name, { dryRun: options.dryRun, orphanDependents: options.orphanDependents });
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

/** Marks an object that cannot go at once, and answers it; undefined where it can. */
function deleteLater(
  context: ApiContext,
  request: ApiRequest,
  current: KubeObject,
  options: ParsedDeleteOptions,
): KubeObject | undefined {
  const { resource } = request.path;
  const held = (current.metadata.finalizers ?? []).length > 0;
  const grace =
    resource.key === 'pods'
      ? (options.gracePeriodSeconds ??
        numberAt(current, 'spec', 'terminationGracePeriodSeconds') ??
        defaultGraceSeconds)
      : 0;
  if (!held && grace === 0) return undefined;
  if (current.metadata.deletionTimestamp !== undefined) return current;
  const deletion = {
    deletionTimestamp: kubeTime(new Date(context.clock().getTime() + grace * 1000)),
    deletionGracePeriodSeconds: grace,
  };
  const marked = { ...current, metadata: { ...current.metadata, ...deletion } };
  return context.store.update(resource.key, marked, { dryRun: options.dryRun });
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
