/** The words that kubectl has for kinds, as a closed table: for a change nothing is guessed and nothing is asked of a cluster. */
import { NotUnderstood, quoted } from './not-understood.ts';

export interface KnownKind {
  readonly kind: string;
  readonly plural: string;
  readonly group: string;
  readonly namespaced: boolean;
}

type Row = readonly [kind: string, plural: string, group: string, short: string];

const NAMESPACED: readonly Row[] = [
  ['Deployment', 'deployments', 'apps', 'deploy'],
  ['StatefulSet', 'statefulsets', 'apps', 'sts'],
  ['DaemonSet', 'daemonsets', 'apps', 'ds'],
  ['ReplicaSet', 'replicasets', 'apps', 'rs'],
  ['Pod', 'pods', '', 'po'],
  ['Service', 'services', '', 'svc'],
  ['ConfigMap', 'configmaps', '', 'cm'],
  ['ServiceAccount', 'serviceaccounts', '', 'sa'],
  ['PersistentVolumeClaim', 'persistentvolumeclaims', '', 'pvc'],
  ['ResourceQuota', 'resourcequotas', '', 'quota'],
  ['LimitRange', 'limitranges', '', 'limits'],
  ['Endpoints', 'endpoints', '', 'ep'],
  ['Event', 'events', '', 'ev'],
  ['Job', 'jobs', 'batch', ''],
  ['CronJob', 'cronjobs', 'batch', 'cj'],
  ['Ingress', 'ingresses', 'networking.k8s.io', 'ing'],
  ['NetworkPolicy', 'networkpolicies', 'networking.k8s.io', 'netpol'],
  ['HorizontalPodAutoscaler', 'horizontalpodautoscalers', 'autoscaling', 'hpa'],
  ['PodDisruptionBudget', 'poddisruptionbudgets', 'policy', 'pdb'],
  ['EndpointSlice', 'endpointslices', 'discovery.k8s.io', ''],
  ['Role', 'roles', 'rbac.authorization.k8s.io', ''],
  ['RoleBinding', 'rolebindings', 'rbac.authorization.k8s.io', ''],
];
const CLUSTER_SCOPED: readonly Row[] = [
  ['Namespace', 'namespaces', '', 'ns'],
  ['Node', 'nodes', '', 'no'],
  ['PersistentVolume', 'persistentvolumes', '', 'pv'],
  ['StorageClass', 'storageclasses', 'storage.k8s.io', 'sc'],
  ['ClusterRole', 'clusterroles', 'rbac.authorization.k8s.io', ''],
  ['ClusterRoleBinding', 'clusterrolebindings', 'rbac.authorization.k8s.io', ''],
  ['CustomResourceDefinition', 'customresourcedefinitions', 'apiextensions.k8s.io', 'crd'],
];

const BY_WORD: ReadonlyMap<string, KnownKind> = new Map(
  [...NAMESPACED.map((row) => [row, true] as const), ...CLUSTER_SCOPED.map((row) => [row, false] as const)].flatMap(
    ([[kind, plural, group, short], namespaced]) => {
      const known = { kind, plural, group, namespaced };
      const names = [plural, kind.toLowerCase()];
      const ofGroup = group === '' ? [] : names.map((name) => `${name}.${group}`);
      return [...names, ...ofGroup, ...(short === '' ? [] : [short])].map((word) => [word, known] as const);
    },
  ),
);

/** `deployments.v1.apps` is `deployments.apps`: the version is the deployment's to choose. */
const withoutVersion = (word: string): string => word.replace(/^([a-z]+)\.v[0-9][a-z0-9]*\./, '$1.');

export const knownKind = (word: string): KnownKind | undefined => BY_WORD.get(withoutVersion(word.toLowerCase()));

/** Of Secrets nothing is read and nothing changed, whatever form the word has. */
export function refuseSecrets(word: string): void {
  if (/^secrets?(\.|$)/.test(word.toLowerCase()))
    throw new NotUnderstood('Secrets are neither read nor changed here', 'Ask an operator of this deployment.');
}

/** One kind that lives in a namespace. */
export function changedKindOf(word: string): KnownKind {
  if (word.includes(','))
    throw new NotUnderstood(
      'it names several types at once',
      'Name each object as type/name, such as deploy/web svc/web.',
    );
  refuseSecrets(word);
  const known = knownKind(word);
  if (known === undefined)
    throw new NotUnderstood(
      `${quoted(word)} is no kind that a command can change here`,
      'Use request_patch_resource, request_apply_manifest or request_delete_manifest with its Kind.',
    );
  if (!known.namespaced)
    throw new NotUnderstood(
      `a ${known.kind} belongs to the whole cluster`,
      'Plans change objects of a namespace only.',
    );
  return known;
}
