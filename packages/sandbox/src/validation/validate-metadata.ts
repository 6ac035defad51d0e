import { recordAt, stringAt } from '../json/record.ts';
import { annotationsMaxBytes } from '../limits.ts';
import type { ApiResource } from '../resources/api-resource.ts';
import type { KubeObject, NewObject } from '../store/object-store.ts';
import type { FieldErrors } from './field-errors.ts';
import {
  labelName,
  labelValueRule,
  type NameRule,
  pathSegmentName,
  qualifiedName,
  serviceName,
  subdomainName,
} from './name-rules.ts';

const nameRules: Readonly<Record<string, NameRule>> = {
  namespaces: labelName,
  services: serviceName,
  'roles.rbac.authorization.k8s.io': pathSegmentName,
  'rolebindings.rbac.authorization.k8s.io': pathSegmentName,
  'clusterroles.rbac.authorization.k8s.io': pathSegmentName,
  'clusterrolebindings.rbac.authorization.k8s.io': pathSegmentName,
};

export function validateMetadata(resource: ApiResource, object: NewObject, errors: FieldErrors): void {
  const rule = nameRules[resource.key] ?? subdomainName;
  const { name, generateName } = object.metadata;
  if (name !== undefined && name !== '') {
    const wrong = rule(name);
    if (wrong !== undefined) errors.invalid('metadata.name', name, wrong);
  } else if (generateName !== undefined && generateName !== '') {
    // The five characters that will be added end the name well, so a trailing dash is fine here.
    const wrong = rule(`${generateName}x`);
    if (wrong !== undefined) errors.invalid('metadata.generateName', generateName, wrong);
  } else {
    errors.required('metadata.name', 'name or generateName is required');
  }
  validateLabels(object.metadata.labels, 'metadata.labels', errors);
  let annotationBytes = 0;
  for (const [key, value] of Object.entries(object.metadata.annotations ?? {})) {
    const wrong = qualifiedName(key.toLowerCase());
    if (wrong !== undefined) errors.invalid('metadata.annotations', key, wrong);
    annotationBytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (annotationBytes > annotationsMaxBytes) {
    errors.invalid('metadata.annotations', '', `may not be more than ${annotationsMaxBytes} bytes`);
  }
}

export function validateLabels(labels: unknown, field: string, errors: FieldErrors): void {
  for (const [key, value] of Object.entries(recordAt({ labels }, 'labels') ?? {})) {
    const wrongKey = qualifiedName(key);
    if (wrongKey !== undefined) errors.invalid(field, key, wrongKey);
    const wrongValue = labelValueRule(String(value));
    if (wrongValue !== undefined) errors.invalid(field, value, wrongValue);
  }
}

/** What no update may change; the store would keep the old value, the API says so instead of staying silent. */
export function validateMetadataUpdate(object: NewObject, before: KubeObject, errors: FieldErrors): void {
  for (const member of ['name', 'namespace'] as const) {
    const given = stringAt(object, 'metadata', member);
    if (given !== undefined && given !== '' && given !== before.metadata[member]) {
      errors.invalid(`metadata.${member}`, given, 'field is immutable');
    }
  }
}
