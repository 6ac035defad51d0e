import { type ApiResource, apiResource } from './api-resource.ts';

/**
 * Every built-in resource that this API serves, in the order in which kubectl should prefer them. The first part has controllers, defaults or rules of its own;
 * the rest is only stored, so that readers who list "everything" meet the kinds that a real cluster has.
 */
export const resourceTable: readonly ApiResource[] = [
  apiResource('v1', 'Namespace', 'namespaces', { namespaced: false, shortNames: ['ns'], subresources: ['status'] }),
  apiResource('v1', 'Node', 'nodes', { namespaced: false, shortNames: ['no'], subresources: ['status'] }),
  apiResource('v1', 'Pod', 'pods', {
    shortNames: ['po'],
    categories: ['all'],
    subresources: ['status', 'log'],
    generation: true,
  }),
  apiResource('v1', 'Service', 'services', { shortNames: ['svc'], categories: ['all'], subresources: ['status'] }),
  apiResource('v1', 'ConfigMap', 'configmaps', { shortNames: ['cm'] }),
  apiResource('v1', 'Secret', 'secrets'),
  apiResource('v1', 'ServiceAccount', 'serviceaccounts', { shortNames: ['sa'], subresources: ['token'] }),
  apiResource('v1', 'Event', 'events', { shortNames: ['ev'] }),
  apiResource('v1', 'Endpoints', 'endpoints', { shortNames: ['ep'] }),
  apiResource('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', {
    shortNames: ['pvc'],
    subresources: ['status'],
  }),
  apiResource('v1', 'ResourceQuota', 'resourcequotas', { shortNames: ['quota'], subresources: ['status'] }),
  apiResource('v1', 'LimitRange', 'limitranges', { shortNames: ['limits'] }),

  apiResource('apps/v1', 'Deployment', 'deployments', {
    shortNames: ['deploy'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    generation: true,
  }),
  apiResource('apps/v1', 'ReplicaSet', 'replicasets', {
    shortNames: ['rs'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    generation: true,
  }),
  apiResource('apps/v1', 'StatefulSet', 'statefulsets', {
    shortNames: ['sts'],
    categories: ['all'],
    subresources: ['status', 'scale'],
    generation: true,
  }),
  apiResource('apps/v1', 'DaemonSet', 'daemonsets', {
    shortNames: ['ds'],
    categories: ['all'],
    subresources: ['status'],
    generation: true,
  }),
  apiResource('apps/v1', 'ControllerRevision', 'controllerrevisions'),

  apiResource('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', {
    shortNames: ['hpa'],
    categories: ['all'],
    subresources: ['status'],
  }),
  apiResource('batch/v1', 'Job', 'jobs', { categories: ['all'], subresources: ['status'], generation: true }),
  apiResource('batch/v1', 'CronJob', 'cronjobs', {
    shortNames: ['cj'],
    categories: ['all'],
    subresources: ['status'],
    generation: true,
  }),
  apiResource('networking.k8s.io/v1', 'Ingress', 'ingresses', {
    shortNames: ['ing'],
    subresources: ['status'],
    generation: true,
  }),
  apiResource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies', {
    shortNames: ['netpol'],
    generation: true,
  }),
  apiResource('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets', {
    shortNames: ['pdb'],
    subresources: ['status'],
    generation: true,
  }),
  apiResource('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices', { generation: true }),
  // The same events as the core group's, in the newer shape; kept once, converted on the way out, so it is read only.
  apiResource('events.k8s.io/v1', 'Event', 'events', { shortNames: ['ev'], verbs: ['get', 'list', 'watch'] }),

  apiResource('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  apiResource('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  apiResource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', { namespaced: false }),
  apiResource('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'clusterrolebindings', { namespaced: false }),
  apiResource('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', 'validatingadmissionpolicies', {
    namespaced: false,
    subresources: ['status'],
    generation: true,
  }),
  apiResource(
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicyBinding',
    'validatingadmissionpolicybindings',
    { namespaced: false, generation: true },
  ),
  apiResource('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions', {
    namespaced: false,
    shortNames: ['crd', 'crds'],
    categories: ['api-extensions'],
    subresources: ['status'],
    generation: true,
  }),
  // Questions, never stored: create answers them.
  apiResource('authorization.k8s.io/v1', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', {
    namespaced: false,
    verbs: ['create'],
  }),
  apiResource('authentication.k8s.io/v1', 'SelfSubjectReview', 'selfsubjectreviews', {
    namespaced: false,
    verbs: ['create'],
  }),
];
