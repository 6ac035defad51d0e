/**
 * What the API server itself fills in where a manifest says nothing (the defaults of Kubernetes' own types, API reference v1.30 and newer).
 * A closed list of paths with the very values: a field that has its default means what its absence means. Any other value at the same
 * place came from somewhere else, and is named.
 */
import { canonicalize, type Json } from '@countersign/approvals';
import { changeableKind } from './changeable-kinds.ts';

/** Paths below the pod's spec; `*` is any item of a list. Several values: the server chooses by the rest of the object. */
const POD: Readonly<Record<string, readonly Json[]>> = {
  restartPolicy: ['Always'],
  dnsPolicy: ['ClusterFirst'],
  schedulerName: ['default-scheduler'],
  terminationGracePeriodSeconds: [30],
  securityContext: [{}],
  'containers/*/imagePullPolicy': ['IfNotPresent', 'Always'],
  'containers/*/terminationMessagePath': ['/dev/termination-log'],
  'containers/*/terminationMessagePolicy': ['File'],
  'containers/*/resources': [{}],
  'containers/*/ports/*/protocol': ['TCP'],
};
const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const PROBE: Readonly<Record<string, readonly Json[]>> = {
  timeoutSeconds: [1],
  periodSeconds: [10],
  successThreshold: [1],
  failureThreshold: [3],
  'httpGet/scheme': ['HTTP'],
};

/** By kind, from the root of the object. */
const OBJECT: Readonly<Record<string, Readonly<Record<string, readonly Json[]>>>> = {
  Deployment: {
    'spec/replicas': [1],
    'spec/revisionHistoryLimit': [10],
    'spec/progressDeadlineSeconds': [600],
    'spec/strategy/type': ['RollingUpdate'],
    'spec/strategy/rollingUpdate/maxSurge': ['25%'],
    'spec/strategy/rollingUpdate/maxUnavailable': ['25%'],
  },
  ReplicaSet: { 'spec/replicas': [1] },
  StatefulSet: {
    'spec/replicas': [1],
    'spec/revisionHistoryLimit': [10],
    'spec/podManagementPolicy': ['OrderedReady'],
    'spec/updateStrategy/type': ['RollingUpdate'],
    'spec/updateStrategy/rollingUpdate/partition': [0],
    'spec/persistentVolumeClaimRetentionPolicy/whenDeleted': ['Retain'],
    'spec/persistentVolumeClaimRetentionPolicy/whenScaled': ['Retain'],
  },
  DaemonSet: {
    'spec/revisionHistoryLimit': [10],
    'spec/updateStrategy/type': ['RollingUpdate'],
    'spec/updateStrategy/rollingUpdate/maxSurge': [0],
    'spec/updateStrategy/rollingUpdate/maxUnavailable': [1],
  },
  Job: {
    'spec/parallelism': [1],
    'spec/completions': [1],
    'spec/backoffLimit': [6],
    'spec/completionMode': ['NonIndexed'],
    'spec/suspend': [false],
    'spec/podReplacementPolicy': ['TerminatingOrFailed', 'Failed'],
  },
  CronJob: {
    'spec/concurrencyPolicy': ['Allow'],
    'spec/suspend': [false],
    'spec/successfulJobsHistoryLimit': [3],
    'spec/failedJobsHistoryLimit': [1],
  },
  Service: {
    'spec/type': ['ClusterIP'],
    'spec/sessionAffinity': ['None'],
    'spec/internalTrafficPolicy': ['Cluster'],
    'spec/ipFamilyPolicy': ['SingleStack'],
    'spec/ipFamilies/*': ['IPv4', 'IPv6'],
    'spec/ports/*/protocol': ['TCP'],
  },
  NetworkPolicy: {
    'spec/ingress/*/ports/*/protocol': ['TCP'],
    'spec/egress/*/ports/*/protocol': ['TCP'],
  },
  HorizontalPodAutoscaler: { 'spec/minReplicas': [1] },
};

/** What nobody can know before the object exists: allocated anew by each dry run and by the write. */
const ALLOCATED = ['metadata/uid', 'metadata/creationTimestamp', 'spec/clusterIP', 'spec/clusterIPs/*'];

/** `tokens`: of the added field. */
export function isApiDefault(kind: string, tokens: readonly string[], value: Json): boolean {
  const path = patternOf(tokens);
  const template = changeableKind(kind)?.template;
  const inPod = template === undefined || template === null ? undefined : below(path, [...template, 'spec'].join('/'));
  const inProbe = PROBES.map((probe) => inPod && below(inPod, `containers/*/${probe}`)).find(
    (rest) => rest !== undefined,
  );
  const allowed =
    (Object.hasOwn(OBJECT, kind) ? OBJECT[kind]?.[path] : undefined) ??
    (inProbe === undefined ? undefined : PROBE[inProbe]) ??
    (inPod === undefined ? undefined : POD[inPod.replace(/^initContainers\//, 'containers/')]) ??
    [];
  return allowed.some((one) => canonicalize(one) === canonicalize(value));
}

export const isAllocated = (tokens: readonly string[]): boolean => ALLOCATED.includes(patternOf(tokens));

const patternOf = (tokens: readonly string[]): string =>
  tokens.map((token) => (/^\d+$/.test(token) ? '*' : token)).join('/');
const below = (path: string, prefix: string): string | undefined =>
  path.startsWith(`${prefix}/`) ? path.slice(prefix.length + 1) : undefined;
