/** Who set what, from managedFields. Names of managers are chosen by their clients: good for telling people, never an authority. */
import type { Json } from '@countersign/approvals';
import { isObject, listAt, objectAt, textAt } from './json-at.ts';

export interface FieldOwner {
  readonly manager: string;
  readonly operation: string;
  readonly subresource: string | null;
  /** RFC 3339; empty where the entry names none. */
  readonly time: string;
}

export function fieldOwners(object: Json): readonly FieldOwner[] {
  return listAt(object, 'metadata', 'managedFields').map((entry) => ({
    manager: textAt(entry, 'manager') ?? '',
    operation: textAt(entry, 'operation') ?? '',
    subresource: textAt(entry, 'subresource') ?? null,
    time: textAt(entry, 'time') ?? '',
  }));
}

/** The newest writer of anything but status. */
export function lastWriter(object: Json): FieldOwner | undefined {
  const writers = fieldOwners(object).filter((owner) => owner.subresource !== 'status' && owner.time !== '');
  return writers.reduce<FieldOwner | undefined>(
    (latest, owner) => (latest === undefined || owner.time >= latest.time ? owner : latest),
    undefined,
  );
}

/** The HorizontalPodAutoscaler writes /scale as part of kube-controller-manager; people who scale by hand have other manager names. */
export function autoscalerOwnsReplicas(object: Json): boolean {
  return listAt(object, 'metadata', 'managedFields').some(
    (entry) =>
      textAt(entry, 'manager') === 'kube-controller-manager' &&
      textAt(entry, 'subresource') === 'scale' &&
      isObject(objectAt(entry, 'fieldsV1', 'f:spec')['f:replicas']),
  );
}
