import { isDeepStrictEqual } from 'node:util';
import { isRecord, type JsonRecord, listAt, recordAt } from '../json/record.ts';
import type { KubeObject, NewObject } from '../store/object-store.ts';
import type { FieldErrors } from './field-errors.ts';
import { validatePodSpec } from './validate-pod-spec.ts';

/** A pod's spec, of which an update may change little more than images. */
export function validatePod(pod: NewObject, before: KubeObject | undefined, errors: FieldErrors): void {
  const spec = recordAt(pod, 'spec');
  validatePodSpec(spec, 'spec', errors);
  if (before === undefined) return;
  if (!isDeepStrictEqual(immutablePart(recordAt(before, 'spec')), immutablePart(spec))) {
    errors.forbidden(
      'spec',
      'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
    );
  }
}

function immutablePart(spec: JsonRecord | undefined): JsonRecord {
  const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, ...rest } = spec ?? {};
  const withoutImage = (container: unknown) => (isRecord(container) ? { ...container, image: '' } : container);
  return {
    ...rest,
    containers: listAt(rest, 'containers').map(withoutImage),
    initContainers: listAt(rest, 'initContainers').map(withoutImage),
  };
}
