import type { ApiResource } from '../resources/api-resource.ts';
import type { KubeObject, NewObject, ResourceKey } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import { type FieldErrors, fieldErrors } from './field-errors.ts';
import { validateDefinition } from './validate-definition.ts';
import { validateMetadata, validateMetadataUpdate } from './validate-metadata.ts';
import { validatePod } from './validate-pod.ts';
import { validateService } from './validate-service.ts';
import { validateWorkload } from './validate-workload.ts';

type Validator = (object: NewObject, before: KubeObject | undefined, errors: FieldErrors) => void;

const validators: Readonly<Record<ResourceKey, Validator>> = {
  pods: validatePod,
  services: validateService,
  'deployments.apps': validateWorkload,
  'replicasets.apps': validateWorkload,
  'statefulsets.apps': validateWorkload,
  'daemonsets.apps': validateWorkload,
  'customresourcedefinitions.apiextensions.k8s.io': validateDefinition,
};

/** Throws StatusError Invalid, with one cause per field that is wrong. `object` has its defaults already. */
export function validate(resource: ApiResource, object: NewObject, before?: KubeObject): void {
  const errors = fieldErrors();
  validateMetadata(resource, object, errors);
  if (before !== undefined) validateMetadataUpdate(object, before, errors);
  validators[resource.key]?.(object, before, errors);
  if (errors.causes.length > 0) throw invalid(resource, object.metadata.name ?? '', errors);
}

/** 422, with one cause per field that is wrong. */
export function invalid(resource: ApiResource, name: string, errors: FieldErrors): StatusError {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const sentences = errors.causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`;
  return new StatusError('Invalid', `${kind} "${name}" is invalid: ${text}`, {
    name,
    ...(resource.group === '' ? {} : { group: resource.group }),
    kind: resource.kind,
    causes: [...errors.causes],
  });
}
