/** Ingresses, EndpointSlices and autoscalers: who is reached through what, and what decides how many there are. */
import type { Json } from '@countersign/approvals';
import type { EndpointSlice, HorizontalPodAutoscaler, Ingress, VolumeClaim } from '../../objects/wire.ts';
import { safeWord } from '../safe-text.ts';
import { conditions, head, type JsonMap } from './core.ts';

const RULES_MAX = 50;

/** Where an Ingress sends what, one entry per backend. */
export interface IngressRoute {
  readonly host: string;
  readonly path: string;
  /** Undefined for a backend that is no Service. */
  readonly service: string | undefined;
  /** Number or name of the Service's port. */
  readonly port: number | string | undefined;
}

export function routesOf({ spec }: Ingress): readonly IngressRoute[] {
  const fallback = spec?.defaultBackend;
  const ofRules = (spec?.rules ?? []).flatMap(({ host, http }) =>
    (http?.paths ?? []).map(({ path, backend }) => ({ host: host ?? '*', path: path ?? '/', backend })),
  );
  const all = fallback === undefined ? ofRules : [...ofRules, { host: '*', path: '(default)', backend: fallback }];
  return all.map(({ host, path, backend }) => ({
    host,
    path,
    service: backend.service?.name,
    port: backend.service?.port?.number ?? backend.service?.port?.name,
  }));
}

export const routeJson = ({ host, path, service, port }: IngressRoute): Json => ({
  host: safeWord(host),
  path: safeWord(path),
  service: service === undefined ? null : safeWord(service),
  port: typeof port === 'string' ? safeWord(port) : (port ?? null),
});

export const ingressSummary = (ingress: Ingress): JsonMap => {
  const { metadata, spec, status } = ingress;
  const routes = routesOf(ingress);
  return {
    ...head(metadata),
    class: safeWord(spec?.ingressClassName),
    routes: routes.slice(0, RULES_MAX).map(routeJson),
    moreRoutes: Math.max(0, routes.length - RULES_MAX),
    tls: (spec?.tls ?? []).slice(0, RULES_MAX).map(({ hosts, secretName }) => ({
      hosts: (hosts ?? []).slice(0, RULES_MAX).map((host) => safeWord(host)),
      certificate: safeWord(secretName),
    })),
    addresses: (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => safeWord(ip ?? hostname)),
  };
};

export const endpointSliceSummary = ({ metadata, addressType, endpoints, ports }: EndpointSlice): JsonMap => {
  const all = endpoints ?? [];
  return {
    ...head(metadata),
    addressType: safeWord(addressType),
    service: safeWord(metadata?.labels?.['kubernetes.io/service-name']),
    endpoints: { ready: all.filter(({ conditions: is }) => is?.ready !== false).length, total: all.length },
    ports: (ports ?? []).map(({ name, port, protocol }) => ({
      name: safeWord(name),
      port: port ?? null,
      protocol: safeWord(protocol ?? 'TCP'),
    })),
  };
};

type Metric = NonNullable<NonNullable<HorizontalPodAutoscaler['spec']>['metrics']>[number];
type CurrentMetric = NonNullable<NonNullable<HorizontalPodAutoscaler['status']>['currentMetrics']>[number];

/** `cpu 80 %`, `requests-per-second 100`: what is measured, and the target or the value. */
function metricJson({ type, resource, containerResource, pods, object, external }: Metric | CurrentMetric): Json {
  const one = resource ?? containerResource ?? pods ?? object ?? external;
  if (one === undefined) return { type: safeWord(type) };
  const name = 'name' in one ? one.name : one.metric.name;
  const value = 'target' in one ? one.target : one.current;
  return {
    type: safeWord(type),
    name: safeWord(name),
    utilizationPercent: value.averageUtilization ?? null,
    value: safeWord(value.averageValue ?? value.value ?? ''),
  };
}

export const autoscalerSummary = ({ metadata, spec, status }: HorizontalPodAutoscaler): JsonMap => ({
  ...head(metadata),
  target: { kind: safeWord(spec?.scaleTargetRef.kind), name: safeWord(spec?.scaleTargetRef.name) },
  replicas: {
    min: spec?.minReplicas ?? 1,
    max: spec?.maxReplicas ?? 0,
    current: status?.currentReplicas ?? 0,
    desired: status?.desiredReplicas ?? 0,
  },
  targets: (spec?.metrics ?? []).map(metricJson),
  current: (status?.currentMetrics ?? []).map(metricJson),
  lastScaledAt: status?.lastScaleTime ?? null,
  conditions: conditions(status?.conditions),
});

export const volumeClaimSummary = ({ metadata, spec, status }: VolumeClaim): JsonMap => ({
  ...head(metadata),
  phase: safeWord(status?.phase),
  storageClass: safeWord(spec?.storageClassName),
  requested: safeWord(spec?.resources?.requests?.storage),
  capacity: safeWord(status?.capacity?.storage),
  accessModes: (spec?.accessModes ?? []).map((mode) => safeWord(mode)),
  volume: safeWord(spec?.volumeName),
  conditions: conditions(status?.conditions),
});
