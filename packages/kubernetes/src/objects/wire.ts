/**
 * The API's objects as they travel: the client library's types with its `Date`s as the RFC 3339 texts that they are on the wire. The
 * library's own deserialiser is not used: it drops every field that it does not know, and an approver must see what the server said.
 */
import type {
  CoreV1Event,
  V1ConfigMap,
  V1CronJob,
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Ingress,
  V1Job,
  V1Node,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodSpec,
  V1ReplicaSet,
  V1Service,
  V1StatefulSet,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';

/** What JSON.parse makes of an object whose client type is T. */
export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Wire<Item>[]
    : T extends object
      ? { readonly [Member in keyof T]: Wire<T[Member]> }
      : T;

export type ObjectMeta = Wire<V1ObjectMeta>;
export type Deployment = Wire<V1Deployment>;
export type ReplicaSet = Wire<V1ReplicaSet>;
export type Pod = Wire<V1Pod>;
export type PodSpec = Wire<V1PodSpec>;
export type Service = Wire<V1Service>;
export type ConfigMap = Wire<V1ConfigMap>;
export type EndpointSlice = Wire<V1EndpointSlice>;
export type KubeEvent = Wire<CoreV1Event>;
export type HorizontalPodAutoscaler = Wire<V2HorizontalPodAutoscaler>;
export type StatefulSet = Wire<V1StatefulSet>;
export type DaemonSet = Wire<V1DaemonSet>;
export type Job = Wire<V1Job>;
export type CronJob = Wire<V1CronJob>;
export type Ingress = Wire<V1Ingress>;
export type VolumeClaim = Wire<V1PersistentVolumeClaim>;
export type Node = Wire<V1Node>;
