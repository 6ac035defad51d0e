/** One object in the few fields that a reader needs to find what is wrong. No manifest, no environment, no annotation leaves here. */
import type { Json } from '@countersign/approvals';
import { countEndpoints } from '../../objects/endpoint-count.ts';
import { rolloutOf } from '../../objects/rollout.ts';
import type {
  ConfigMap,
  Deployment,
  EndpointSlice,
  ObjectMeta,
  Pod,
  PodSpec,
  ReplicaSet,
  Service,
} from '../../objects/wire.ts';
import { safeImage, safeLabels, safeMessage, safeWord } from '../safe-text.ts';

export type JsonMap = { readonly [key: string]: Json };

/** Without what says nothing: null, empty text, empty lists and maps. */
export const compact = (map: JsonMap): JsonMap =>
  Object.fromEntries(
    Object.entries(map).filter(
      ([, value]) => value !== null && value !== '' && (typeof value !== 'object' || Object.keys(value).length > 0),
    ),
  );

export const head = (metadata: ObjectMeta | undefined): JsonMap => ({
  name: metadata?.name ?? '',
  labels: safeLabels(metadata?.labels),
  createdAt: metadata?.creationTimestamp ?? '',
});

export const images = (spec: PodSpec | undefined): Json =>
  (spec?.containers ?? []).map(({ name, image }) => ({ name, image: safeImage(image) }));

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly lastTransitionTime?: string | undefined;
}

export const conditions = (all: readonly Condition[] | undefined): Json =>
  (all ?? []).map(({ type, status, reason, message, lastTransitionTime }) => ({
    type: safeWord(type),
    status: safeWord(status),
    reason: safeWord(reason),
    message: safeMessage(message),
    since: lastTransitionTime ?? null,
  }));

export function deploymentSummary(deployment: Deployment): JsonMap {
  const { desired, ready, available, updated, paused, complete } = rolloutOf(deployment);
  return {
    ...head(deployment.metadata),
    replicas: { desired, ready, available, updated },
    rolloutComplete: complete,
    paused,
    containers: images(deployment.spec?.template.spec),
  };
}

export const REVISION = 'deployment.kubernetes.io/revision';

export function replicaSetSummary({ metadata, spec, status }: ReplicaSet): JsonMap {
  const owner = metadata?.ownerReferences?.find(({ controller }) => controller === true);
  return {
    ...head(metadata),
    revision: safeWord(metadata?.annotations?.[REVISION]),
    owner: owner === undefined ? null : { kind: owner.kind, name: owner.name },
    replicas: {
      desired: spec?.replicas ?? 1,
      ready: status?.readyReplicas ?? 0,
      available: status?.availableReplicas ?? 0,
    },
    containers: images(spec?.template?.spec),
  };
}

export function podSummary({ metadata, spec, status }: Pod): JsonMap {
  const states = status?.containerStatuses ?? [];
  return {
    ...head(metadata),
    phase: safeWord(status?.phase),
    deleting: metadata?.deletionTimestamp !== undefined,
    readyContainers: states.filter(({ ready }) => ready).length,
    totalContainers: spec?.containers.length ?? 0,
    restarts: states.reduce((sum, { restartCount }) => sum + restartCount, 0),
    waiting: states.flatMap(({ name, state }) =>
      state?.waiting === undefined ? [] : [{ container: name, reason: safeWord(state.waiting.reason) }],
    ),
  };
}

/** With the state of each container: for the diagnosis of one pod. */
export function podDetail(pod: Pod): JsonMap {
  const { spec, status } = pod;
  return {
    ...podSummary(pod),
    node: safeWord(spec?.nodeName),
    containers: [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].map(({ name, image }) => {
      const now = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])].find(
        (state) => state.name === name,
      );
      const last = now?.lastState?.terminated;
      return {
        name,
        image: safeImage(image),
        ready: now?.ready ?? false,
        restarts: now?.restartCount ?? 0,
        waiting:
          now?.state?.waiting === undefined
            ? null
            : { reason: safeWord(now.state.waiting.reason), message: safeMessage(now.state.waiting.message) },
        lastExit:
          last === undefined
            ? null
            : { reason: safeWord(last.reason), exitCode: last.exitCode, finishedAt: last.finishedAt ?? null },
      };
    }),
    conditions: conditions(status?.conditions),
  };
}

export const serviceSummary = ({ metadata, spec }: Service): JsonMap => ({
  ...head(metadata),
  type: safeWord(spec?.type ?? 'ClusterIP'),
  clusterIP: safeWord(spec?.clusterIP),
  ports: (spec?.ports ?? []).map(({ name, port, protocol, targetPort }) => ({
    name: name ?? null,
    port,
    protocol: protocol ?? 'TCP',
    targetPort: targetPort ?? port,
  })),
  selector: safeLabels(spec?.selector),
});

export const serviceDetail = (service: Service, slices: readonly EndpointSlice[]): JsonMap => {
  const { ready, total } = countEndpoints(service.metadata?.name ?? '', slices);
  return { ...serviceSummary(service), endpoints: { ready, total } };
};

const CONFIG_KEYS_MAX = 100;

/** Names of keys alone: a ConfigMap often holds what should have been a Secret. */
export const configMapSummary = ({ metadata, data, binaryData }: ConfigMap): JsonMap => ({
  ...head(metadata),
  dataKeys: [...Object.keys(data ?? {}), ...Object.keys(binaryData ?? {})]
    .slice(0, CONFIG_KEYS_MAX)
    .map((key) => safeWord(key)),
});

/** Keys and sizes. */
export const configMapDetail = (configMap: ConfigMap): JsonMap => {
  const { metadata, data, binaryData, immutable } = configMap;
  const sized = [
    ...Object.entries(data ?? {}).map(([key, text]) => ({ key: safeWord(key), bytes: Buffer.byteLength(text) })),
    ...Object.entries(binaryData ?? {}).map(([key, text]) => ({
      key: safeWord(key),
      bytes: Buffer.byteLength(text, 'base64'),
    })),
  ];
  return {
    ...head(metadata),
    immutable: immutable === true,
    dataKeys: sized.slice(0, CONFIG_KEYS_MAX).map(({ key }) => key),
    data: sized.slice(0, CONFIG_KEYS_MAX),
    moreKeys: Math.max(0, sized.length - CONFIG_KEYS_MAX),
  };
};
