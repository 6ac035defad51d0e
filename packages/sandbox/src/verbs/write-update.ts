import { admit } from '../admission/admit.ts';
import { applyDefaults } from '../defaults/apply-defaults.ts';
import type { WriteParameters } from '../server/write-parameters.ts';
import type { KubeObject, NewObject, WriteOptions } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import { validate } from '../validation/validate.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';

/**
 * What PUT and PATCH have in common once the new object is known: defaults, validation, conflict check, admission, store. Answers the object as
 * stored (or, on a dry run, as it would be).
 */
export function writeUpdate(
  context: ApiContext,
  request: ApiRequest,
  current: KubeObject,
  wanted: NewObject,
  parameters: WriteParameters & { readonly managedFields?: readonly unknown[] },
): KubeObject {
  const { store } = context;
  const { resource } = request.path;
  const status = request.path.subresource === 'status';
  const next = asUpdateOf(current, wanted);
  const draft = status ? next : applyDefaults(resource.key, next, store);
  if (!status) validate(resource, draft, current);
  const options: WriteOptions = {
    fieldManager: parameters.fieldManager,
    ...(parameters.managedFields === undefined ? {} : { managedFields: parameters.managedFields }),
    ...(status ? { subresource: 'status' as const } : {}),
    annotationsBumpGeneration: resource.key === 'deployments.apps' && !status,
  };
  // The dry run finds conflicts and shows admission the object exactly as it would be stored, managedFields included.
  const candidate = store.update(resource.key, draft, { ...options, dryRun: true });
  admit(store, {
    userName: request.identity.userName,
    operation: 'UPDATE',
    resource,
    subresource: request.path.subresource,
    name: current.metadata.name,
    object: candidate,
    oldObject: current,
    options: parameters.options,
    dryRun: parameters.dryRun,
  });
  return parameters.dryRun ? candidate : store.update(resource.key, draft, options);
}

/** Times of deletion are the server's; ownership must name owners. */
function asUpdateOf(current: KubeObject, wanted: NewObject): KubeObject {
  const { deletionTimestamp: _timestamp, deletionGracePeriodSeconds: _grace, ...metadata } = wanted.metadata;
  const deletion = {
    ...(current.metadata.deletionTimestamp === undefined
      ? {}
      : { deletionTimestamp: current.metadata.deletionTimestamp }),
    ...(current.metadata.deletionGracePeriodSeconds === undefined
      ? {}
      : { deletionGracePeriodSeconds: current.metadata.deletionGracePeriodSeconds }),
  };
  for (const owner of metadata.ownerReferences ?? []) {
    if (typeof owner.uid !== 'string' || typeof owner.name !== 'string' || typeof owner.kind !== 'string') {
      throw new StatusError('BadRequest', 'metadata.ownerReferences: each owner needs apiVersion, kind, name and uid');
    }
  }
  return {
    ...wanted,
    metadata: {
      ...metadata,
      ...deletion,
      name: current.metadata.name,
      // Left out, they mean no precondition; the store takes '' for that.
      uid: metadata.uid ?? '',
      resourceVersion: metadata.resourceVersion ?? '',
      creationTimestamp: current.metadata.creationTimestamp,
    },
  };
}
