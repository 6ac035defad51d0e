import type { JsonRecord } from '../json/record.ts';
import type { NewObject, ObjectStore, ResourceKey } from '../store/object-store.ts';
import {
  defaultAdmissionPolicy,
  defaultBinding,
  defaultClaim,
  defaultDefinition,
  defaultEndpointSlice,
  defaultNamespace,
  defaultNetworkPolicy,
  defaultSecret,
} from './cluster-defaults.ts';
import { fill } from './fill.ts';
import { defaultPod } from './pod-defaults.ts';
import { defaultService } from './service-defaults.ts';
import {
  defaultAutoscaler,
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultDisruptionBudget,
  defaultJob,
  defaultReplicaSet,
  defaultStatefulSet,
} from './workload-defaults.ts';

const byResource: Readonly<Record<ResourceKey, (object: JsonRecord, store: ObjectStore) => void>> = {
  namespaces: defaultNamespace,
  pods: defaultPod,
  services: defaultService,
  secrets: defaultSecret,
  'deployments.apps': defaultDeployment,
  'replicasets.apps': defaultReplicaSet,
  'statefulsets.apps': defaultStatefulSet,
  'daemonsets.apps': defaultDaemonSet,
  'jobs.batch': defaultJob,
  'cronjobs.batch': defaultCronJob,
  'horizontalpodautoscalers.autoscaling': defaultAutoscaler,
  'poddisruptionbudgets.policy': defaultDisruptionBudget,
  persistentvolumeclaims: defaultClaim,
  resourcequotas: (quota) => fill(quota, { status: {} }),
  'ingresses.networking.k8s.io': (ingress) => fill(ingress, { status: { loadBalancer: {} } }),
  'networkpolicies.networking.k8s.io': defaultNetworkPolicy,
  'endpointslices.discovery.k8s.io': defaultEndpointSlice,
  'rolebindings.rbac.authorization.k8s.io': defaultBinding,
  'clusterrolebindings.rbac.authorization.k8s.io': defaultBinding,
  'customresourcedefinitions.apiextensions.k8s.io': defaultDefinition,
  'validatingadmissionpolicies.admissionregistration.k8s.io': defaultAdmissionPolicy,
};

/**
 * The object as the API would store it: every field that the kind has a default for is filled in. Runs for every writer, the controllers and the
 * seed too, so that all objects look as if a real API server had stored them. Takes a shape as it comes: validation has its say elsewhere.
 */
export function applyDefaults<T extends NewObject>(resource: ResourceKey, object: T, store: ObjectStore): T {
  const complete = byResource[resource];
  if (complete === undefined) return object;
  const draft = structuredClone(object);
  complete(draft, store);
  return draft;
}
