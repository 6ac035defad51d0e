import type { ApiResource } from '../resources/api-resource.ts';
import type { ResourceKey } from '../store/object-store.ts';
import { cronJobColumns, jobColumns } from './batch-columns.ts';
import {
  admissionBindingColumns,
  admissionPolicyColumns,
  bindingColumns,
  configMapColumns,
  genericColumns,
  namespaceColumns,
  nodeColumns,
  roleColumns,
  secretColumns,
  serviceAccountColumns,
} from './cluster-columns.ts';
import { type Column, nameColumn } from './column.ts';
import { eventColumns } from './event-columns.ts';
import {
  endpointSliceColumns,
  endpointsColumns,
  ingressColumns,
  networkPolicyColumns,
  serviceColumns,
} from './network-columns.ts';
import { podColumns } from './pod-columns.ts';
import { autoscalerColumns, claimColumns, disruptionBudgetColumns, quotaColumns } from './policy-columns.ts';
import {
  controllerRevisionColumns,
  daemonSetColumns,
  deploymentColumns,
  replicaSetColumns,
  statefulSetColumns,
} from './workload-columns.ts';

const byResource: Readonly<Record<ResourceKey, readonly Column[]>> = {
  pods: podColumns,
  'deployments.apps': deploymentColumns,
  'replicasets.apps': replicaSetColumns,
  'statefulsets.apps': statefulSetColumns,
  'daemonsets.apps': daemonSetColumns,
  'controllerrevisions.apps': controllerRevisionColumns,
  'jobs.batch': jobColumns,
  'cronjobs.batch': cronJobColumns,
  'horizontalpodautoscalers.autoscaling': autoscalerColumns,
  'poddisruptionbudgets.policy': disruptionBudgetColumns,
  persistentvolumeclaims: claimColumns,
  resourcequotas: quotaColumns,
  serviceaccounts: serviceAccountColumns,
  endpoints: endpointsColumns,
  'ingresses.networking.k8s.io': ingressColumns,
  'networkpolicies.networking.k8s.io': networkPolicyColumns,
  services: serviceColumns,
  'endpointslices.discovery.k8s.io': endpointSliceColumns,
  events: eventColumns,
  'events.events.k8s.io': eventColumns,
  namespaces: namespaceColumns,
  nodes: nodeColumns,
  configmaps: configMapColumns,
  secrets: secretColumns,
  'roles.rbac.authorization.k8s.io': roleColumns,
  'clusterroles.rbac.authorization.k8s.io': roleColumns,
  'rolebindings.rbac.authorization.k8s.io': bindingColumns,
  'clusterrolebindings.rbac.authorization.k8s.io': bindingColumns,
  'validatingadmissionpolicies.admissionregistration.k8s.io': admissionPolicyColumns,
  'validatingadmissionpolicybindings.admissionregistration.k8s.io': admissionBindingColumns,
};

export function columnsOf({ key, custom }: ApiResource): readonly Column[] {
  return custom === undefined ? (byResource[key] ?? genericColumns) : [nameColumn, ...custom.columns];
}
