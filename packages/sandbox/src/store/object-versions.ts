import { isDeepStrictEqual } from 'node:util';
import { isRecord, type JsonRecord } from '../json/record.ts';
import { entriesAfterUpdate } from '../ownership/after-update.ts';
import { managersOf, saysSame } from '../ownership/managers.ts';
import type { ApiResource } from '../resources/api-resource.ts';
import { schemaOf } from '../schema/type-table.ts';
import type { KubeObject, NewObject, ObjectMeta, WriteOptions } from './object-store.ts';

/** What kube-controller-manager calls itself in managedFields; the writer where nobody else is named. */
const controllerManager = 'kube-controller-manager';

/** RFC 3339 to the second, as Kubernetes writes times. */
export function kubeTime(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

export interface Birth {
  uid: string;
  name: string;
  resourceVersion: string;
  now: Date;
}

/** The first version of an object: identity, times, generation and managedFields filled in. */
export function firstVersion(
  resource: ApiResource | undefined,
  object: NewObject,
  birth: Birth,
  options: WriteOptions,
): KubeObject {
  const given = object.metadata;
  const metadata = tidy({
    ...given,
    name: birth.name,
    uid: birth.uid,
    resourceVersion: birth.resourceVersion,
    creationTimestamp: kubeTime(birth.now),
    generation: resource?.generation === true ? 1 : undefined,
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
  });
  return withManagedFields(resource, undefined, { ...object, metadata }, birth.now, options);
}

/**
 * The next version of an object, with the current resourceVersion still on it; `current` itself when the write changes nothing, so that a
 * repeated write is no event.
 */
export function nextVersion(
  resource: ApiResource | undefined,
  current: KubeObject,
  object: KubeObject,
  now: Date,
  options: WriteOptions,
): KubeObject {
  const next = options.subresource === 'status' ? withStatusOf(current, object) : withMainOf(current, object);
  const isSame = isDeepStrictEqual(withoutServerParts(next), withoutServerParts(current));
  const owned = withManagedFields(resource, current, next, now, options, object.metadata.managedFields);
  if (isSame && saysSame(owned.metadata.managedFields, current.metadata.managedFields)) return current;
  if (resource?.generation === true && bumpsGeneration(current, owned, options)) {
    owned.metadata.generation = (current.metadata.generation ?? 0) + 1;
  }
  return owned;
}

/** Annotations pass too, as in the API server: the Deployment controller notes its revision there with the status. */
function withStatusOf(current: KubeObject, object: KubeObject): KubeObject {
  const next: KubeObject = {
    ...current,
    metadata: tidy({ ...current.metadata, annotations: object.metadata.annotations }),
  };
  if (object.status === undefined) delete next.status;
  else next.status = object.status;
  return next;
}

function withMainOf(current: KubeObject, object: KubeObject): KubeObject {
  const next: KubeObject = {
    ...object,
    apiVersion: current.apiVersion,
    kind: current.kind,
    metadata: tidy({
      ...object.metadata,
      // Identity and times are the server's: a writer can repeat them, never change them.
      name: current.metadata.name,
      namespace: current.metadata.namespace,
      generateName: current.metadata.generateName,
      uid: current.metadata.uid,
      resourceVersion: current.metadata.resourceVersion,
      generation: current.metadata.generation,
      creationTimestamp: current.metadata.creationTimestamp,
      deletionTimestamp: current.metadata.deletionTimestamp ?? object.metadata.deletionTimestamp,
      deletionGracePeriodSeconds:
        current.metadata.deletionGracePeriodSeconds ?? object.metadata.deletionGracePeriodSeconds,
      managedFields: current.metadata.managedFields,
    }),
  };
  if (current.status === undefined) delete next.status;
  else next.status = current.status;
  return next;
}

function bumpsGeneration(current: KubeObject, next: KubeObject, options: WriteOptions): boolean {
  if (next.metadata.deletionTimestamp !== current.metadata.deletionTimestamp) return true;
  if (!isDeepStrictEqual(desiredState(current), desiredState(next))) return true;
  return (
    options.annotationsBumpGeneration === true &&
    !isDeepStrictEqual(current.metadata.annotations, next.metadata.annotations)
  );
}

/** All but metadata and status: `spec`, or what stands in its place (an EndpointSlice has no spec). */
function desiredState(object: KubeObject): JsonRecord {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}

function withoutServerParts(object: KubeObject): JsonRecord {
  const { resourceVersion: _version, managedFields: _fields, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** The metadata in the API's order, without undefined or empty members: the real server never writes `labels: {}`. */
function tidy(
  metadata: Partial<{ [member in keyof ObjectMeta]: ObjectMeta[member] | undefined }> & {
    name: string;
    uid: string;
    resourceVersion: string;
    creationTimestamp: string;
  },
): ObjectMeta {
  const {
    name,
    generateName,
    namespace,
    uid,
    resourceVersion,
    generation,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    labels,
    annotations,
    ownerReferences,
    finalizers,
    managedFields,
  } = metadata;
  return {
    name,
    ...(generateName === undefined || generateName === '' ? {} : { generateName }),
    ...(namespace === undefined || namespace === '' ? {} : { namespace }),
    uid,
    resourceVersion,
    ...(generation === undefined ? {} : { generation }),
    creationTimestamp,
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
    ...(labels === undefined || labels === null || Object.keys(labels).length === 0 ? {} : { labels }),
    ...(annotations === undefined || annotations === null || Object.keys(annotations).length === 0
      ? {}
      : { annotations }),
    ...(ownerReferences === undefined || ownerReferences === null || ownerReferences.length === 0
      ? {}
      : { ownerReferences }),
    ...(finalizers === undefined || finalizers === null || finalizers.length === 0 ? {} : { finalizers }),
    ...(managedFields === undefined || managedFields === null || managedFields.length === 0 ? {} : { managedFields }),
  };
}

function withManagedFields(
  resource: ApiResource | undefined,
  before: KubeObject | undefined,
  after: KubeObject,
  now: Date,
  options: WriteOptions,
  given?: readonly unknown[],
): KubeObject {
  const main = resource?.subresources.includes('status') === true ? 'main' : 'whole';
  const { managedFields: _replaced, ...metadata } = after.metadata;
  const bare: KubeObject = { ...after, metadata };
  const managedFields =
    options.managedFields ??
    entriesAfterUpdate({
      before,
      after: bare,
      entries: entriesBefore(before, given),
      schema: schemaOf(resource),
      part: options.subresource === 'status' ? 'status' : main,
      manager: options.fieldManager ?? controllerManager,
      apiVersion: after.apiVersion,
      subresource: options.subresource ?? '',
      time: kubeTime(now),
    });
  const next: KubeObject = {
    apiVersion: after.apiVersion,
    kind: after.kind,
    metadata: managedFields.length === 0 ? metadata : { ...metadata, managedFields: [...managedFields] },
  };
  // The API's customary order: spec before status, whatever the writer's order was.
  for (const [member, value] of Object.entries(after))
    if (!(member in next) && member !== 'status') next[member] = value;
  if (isRecord(after.status)) next.status = after.status;
  return next;
}

/** A writer may change entries like any other field, or empty them; who leaves them out, or writes what cannot be read, leaves them alone. */
function entriesBefore(before: KubeObject | undefined, given: readonly unknown[] | undefined): readonly unknown[] {
  if (before === undefined) return [];
  const isReset =
    given !== undefined && (given.length === 0 || (given.length === 1 && isDeepStrictEqual(given[0], {})));
  if (isReset) return [];
  const readable = managersOf(given);
  return given !== undefined && readable !== undefined && readable.size > 0
    ? given
    : (before.metadata.managedFields ?? []);
}
