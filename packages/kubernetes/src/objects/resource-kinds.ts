/** Where each kind that the adapter reads lives in the API. A kind that is not here has no URL, whatever a caller names. */
export interface ResourceKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** Some clusters do not serve it; then there are no such objects. */
  readonly optional?: true;
}

const resource = (apiVersion: string, kind: string, plural: string): ResourceKind => ({ apiVersion, kind, plural });

export const DEPLOYMENTS = resource('apps/v1', 'Deployment', 'deployments');
export const STATEFUL_SETS = resource('apps/v1', 'StatefulSet', 'statefulsets');
export const DAEMON_SETS = resource('apps/v1', 'DaemonSet', 'daemonsets');
export const REPLICA_SETS = resource('apps/v1', 'ReplicaSet', 'replicasets');
export const CONTROLLER_REVISIONS = resource('apps/v1', 'ControllerRevision', 'controllerrevisions');
export const JOBS = resource('batch/v1', 'Job', 'jobs');
export const CRON_JOBS = resource('batch/v1', 'CronJob', 'cronjobs');
export const VOLUME_CLAIMS = resource('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims');
export const NODES = resource('v1', 'Node', 'nodes');
export const PODS = resource('v1', 'Pod', 'pods');
export const SERVICES = resource('v1', 'Service', 'services');
export const CONFIG_MAPS = resource('v1', 'ConfigMap', 'configmaps');
export const INGRESSES = resource('networking.k8s.io/v1', 'Ingress', 'ingresses');
export const NETWORK_POLICIES = resource('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies');
export const EVENTS = resource('v1', 'Event', 'events');
export const ENDPOINT_SLICES = resource('discovery.k8s.io/v1', 'EndpointSlice', 'endpointslices');
export const AUTOSCALERS: ResourceKind = {
  ...resource('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  optional: true,
};
export const DISRUPTION_BUDGETS: ResourceKind = {
  ...resource('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  optional: true,
};

const ADMISSION = 'admissionregistration.k8s.io/v1';
export const ADMISSION_POLICIES = resource(ADMISSION, 'ValidatingAdmissionPolicy', 'validatingadmissionpolicies');
export const ADMISSION_BINDINGS = resource(
  ADMISSION,
  'ValidatingAdmissionPolicyBinding',
  'validatingadmissionpolicybindings',
);

const root = ({ apiVersion }: ResourceKind): readonly string[] =>
  apiVersion.includes('/') ? ['apis', ...apiVersion.split('/')] : ['api', apiVersion];

/** Path segments of a namespace's collection. The transport encodes each segment. */
export const collectionPath = (kind: ResourceKind, namespace: string): readonly string[] => [
  ...root(kind),
  'namespaces',
  namespace,
  kind.plural,
];
export const objectPath = (kind: ResourceKind, namespace: string, name: string): readonly string[] => [
  ...collectionPath(kind, namespace),
  name,
];
export const clusterCollectionPath = (kind: ResourceKind): readonly string[] => [...root(kind), kind.plural];
export const clusterObjectPath = (kind: ResourceKind, name: string): readonly string[] => [
  ...root(kind),
  kind.plural,
  name,
];
