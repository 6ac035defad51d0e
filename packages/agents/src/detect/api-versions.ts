/** Kind -> API version of the built-in kinds that own pods or have events. Facts name kinds only; a target names both. */
const API_VERSIONS: ReadonlyMap<string, string> = new Map([
  ['Pod', 'v1'],
  ['Service', 'v1'],
  ['PersistentVolumeClaim', 'v1'],
  ['ReplicationController', 'v1'],
  ['Deployment', 'apps/v1'],
  ['ReplicaSet', 'apps/v1'],
  ['StatefulSet', 'apps/v1'],
  ['DaemonSet', 'apps/v1'],
  ['Job', 'batch/v1'],
  ['CronJob', 'batch/v1'],
  ['HorizontalPodAutoscaler', 'autoscaling/v2'],
  ['Ingress', 'networking.k8s.io/v1'],
]);

/** `unknown` for kinds of others (Argo's Rollout): such a target is named to people and never changed. */
export const apiVersionOf = (kind: string): string => API_VERSIONS.get(kind) ?? 'unknown';
