import { admit } from '../admission/admit.ts';
import { isRecord, type JsonRecord, numberAt, recordAt, stringAt } from '../json/record.ts';
import { applyPatch } from '../patch/apply-patch.ts';
import { schemaOf } from '../schema/type-table.ts';
import { type Answer, json } from '../server/answer.ts';
import { parseWriteParameters } from '../server/write-parameters.ts';
import type { KubeObject, WriteOptions } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { existingObject } from './existing-object.ts';

const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

export function getScale(context: ApiContext, request: ApiRequest): Answer {
  return json(scaleOf(existingObject(context.store, request.path)));
}

/** PUT and PATCH of /scale: changes spec.replicas of the object behind it, with the Scale's resourceVersion as precondition. */
export function writeScale(context: ApiContext, request: ApiRequest, method: 'update' | 'patch'): Answer {
  const { store } = context;
  const { resource, name = '' } = request.path;
  const parameters = parseWriteParameters(request.query, 'UpdateOptions', request.userAgent);
  const current = existingObject(store, request.path);
  const before = scaleOf(current);
  const wanted =
    method === 'patch' ? applyPatch(request.mediaType, before, request.body, schemaOf(scaleKind)) : request.body;
  const replicas = wantedReplicas(wanted, name);
  const next: KubeObject = {
    ...current,
    metadata: {
      ...current.metadata,
      uid: stringAt(wanted, 'metadata', 'uid') ?? '',
      resourceVersion: stringAt(wanted, 'metadata', 'resourceVersion') ?? '',
    },
    spec: { ...recordAt(current, 'spec'), replicas },
  };
  const options: WriteOptions = { subresource: 'scale', fieldManager: parameters.fieldManager };
  const candidate = store.update(resource.key, next, { ...options, dryRun: true });
  admit(store, {
    userName: request.identity.userName,
    operation: 'UPDATE',
    resource,
    subresource: 'scale',
    name,
    object: scaleOf(candidate),
    oldObject: before,
    options: parameters.options,
    dryRun: parameters.dryRun,
  });
  return json(scaleOf(parameters.dryRun ? candidate : store.update(resource.key, next, options)));
}

function wantedReplicas(wanted: unknown, name: string): number {
  if (!isRecord(wanted) || (stringAt(wanted, 'kind') ?? 'Scale') !== 'Scale') {
    throw new StatusError('BadRequest', 'the body must be a Scale of autoscaling/v1');
  }
  const given = recordAt(wanted, 'spec')?.replicas ?? 0;
  if (typeof given !== 'number' || !Number.isInteger(given)) {
    throw new StatusError('BadRequest', 'spec.replicas of a Scale must be an integer');
  }
  if (given < 0) {
    const message = `Invalid value: ${given}: must be greater than or equal to 0`;
    const causes = [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }];
    throw new StatusError('Invalid', `Scale.autoscaling "${name}" is invalid: spec.replicas: ${message}`, {
      name,
      group: 'autoscaling',
      kind: 'Scale',
      causes,
    });
  }
  return given;
}

/** autoscaling/v1 Scale, which carries no labels and no annotations of its object. */
function scaleOf(object: KubeObject): JsonRecord {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = recordAt(object, 'spec', 'selector', 'matchLabels') ?? {};
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, 'spec', 'replicas') ?? 0 },
    status: {
      replicas: numberAt(object, 'status', 'replicas') ?? 0,
      selector: Object.entries(labels)
        .map(([key, value]) => `${key}=${String(value)}`)
        .join(','),
    },
  };
}
