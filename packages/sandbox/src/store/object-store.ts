/**
 * The one interface between the API server and the controllers: a versioned store of Kubernetes objects with the semantics of the real API server's
 * registry (resourceVersion as optimistic lock, generation for spec changes, status as its own half of the object).
 * The implementation is `createObjectStore` in create-object-store.ts; errors are `StatusError` from status-error.ts.
 */

import type { ResourceCatalogue } from '../resources/resource-catalogue.ts';

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid: string;
  /** Decimal, from one counter for the whole store; readable as an order, as in etcd. */
  resourceVersion: string;
  generation?: number;
  /** RFC 3339 to the second, as the real API server writes it: 2026-01-02T03:04:05Z. */
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  managedFields?: unknown[];
  finalizers?: string[];
  generateName?: string;
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  [field: string]: unknown;
}

/** An object that the store has not seen yet: it fills what is missing of uid, resourceVersion, creationTimestamp and generation; `generateName` may replace `name`. */
export interface NewObject {
  apiVersion: string;
  kind: string;
  metadata: Partial<ObjectMeta>;
  [field: string]: unknown;
}

/**
 * `<plural>` for the core group, `<plural>.<group>` for the others: 'pods', 'deployments.apps', 'replicasets.apps', 'services',
 * 'endpointslices.discovery.k8s.io', 'events', 'namespaces', 'configmaps', 'secrets', 'serviceaccounts', 'nodes',
 * 'validatingadmissionpolicies.admissionregistration.k8s.io', 'validatingadmissionpolicybindings.admissionregistration.k8s.io' ...
 * 'events.events.k8s.io' is an alias view of 'events': the store keeps core/v1 Events only, the API converts.
 */
export type ResourceKey = string;

export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: ResourceKey;
  object: KubeObject;
  /** The object before a MODIFIED or DELETED event; lets a selector watch tell that an object left the selection. */
  previous?: KubeObject;
}

export interface WriteOptions {
  /** 'status': only status and annotations are taken. 'scale': an update of the main object, recorded in managedFields as made through /scale. */
  subresource?: 'status' | 'scale';
  /** Recorded in managedFields; without it the store records the controllers' manager, as kube-controller-manager would. */
  fieldManager?: string;
  /** The entries as server-side apply has worked them out; without them the store records the write as an update of `fieldManager`. */
  managedFields?: readonly unknown[];
  /** Answers what the write would answer, and stores nothing. A create's answer then has no resourceVersion, an update's the old one, as in the real API. */
  dryRun?: boolean;
  /**
   * A changed annotation counts as a change of the spec. The real API server does so for every write to a Deployment itself, so the API sets it;
   * controllers write the revision annotation through /status there, which bumps no generation, and leave it out here.
   */
  annotationsBumpGeneration?: boolean;
}

export interface DeleteOptions {
  dryRun?: boolean;
}

export interface ObjectStore {
  /** What can be stored here. */
  readonly resources: ResourceCatalogue;
  /** The object, deeply frozen: copy it (structuredClone) before changing it. */
  get(resource: ResourceKey, namespace: string | undefined, name: string): KubeObject | undefined;
  /** All objects of the resource (of one namespace where given), sorted by namespace and name, each deeply frozen. */
  list(resource: ResourceKey, namespace?: string): KubeObject[];
  /** Fills uid, resourceVersion, creationTimestamp and generation 1 (kinds with a spec). Throws StatusError AlreadyExists. */
  create(resource: ResourceKey, object: NewObject, options?: WriteOptions): KubeObject;
  /**
   * Replaces the object. A `metadata.resourceVersion` that is given and differs throws StatusError Conflict; an absent object throws NotFound.
   * `generation` grows only when `spec` changed. `status` is ignored unless `options.subresource` is 'status', and then only status is taken
   * (and generation stays). An update that changes nothing keeps the resourceVersion and emits no event.
   * A deletionTimestamp can be set, never changed or taken back; an object that has one goes when its last finalizer goes.
   */
  update(resource: ResourceKey, object: KubeObject, options?: WriteOptions): KubeObject;
  /** Removes the object at once; what it owns is the garbage collector's affair. Throws StatusError NotFound. Returns what was removed. */
  delete(resource: ResourceKey, namespace: string | undefined, name: string, options?: DeleteOptions): KubeObject;
  /** The resourceVersion of the newest write: what a list of now carries, and what a watch may start from. */
  readonly resourceVersion: string;
  /** Listeners are called synchronously, after the write is in the store, in the order of the writes. Returns the way to unsubscribe. */
  subscribe(listener: (event: StoreEvent) => void): () => void;
}
