import { createHash } from 'node:crypto';
import { isRecord } from '../json/record.ts';
import type { KubeObject, NewObject } from '../store/object-store.ts';
import { podSpec, record } from './kinds.ts';
import { ENDPOINTS_PER_SLICE_COUNT } from './limits.ts';
import { isReady, podPhase } from './pod-state.ts';

const SERVICE_NAME = 'kubernetes.io/service-name';
const MANAGED_BY = 'endpointslice.kubernetes.io/managed-by';
const SLICE_CONTROLLER = 'endpointslice-controller.k8s.io';

/** A Service's selector, or undefined when it has none: its endpoints are then somebody else's business. */
export function selectorOf(service: KubeObject): Record<string, string> | undefined {
  const selector = record(service.spec).selector;
  return isRecord(selector) && Object.keys(selector).length > 0 ? (selector as Record<string, string>) : undefined;
}

export function selects(service: KubeObject, pod: KubeObject): boolean {
  const selector = selectorOf(service);
  const labels = pod.metadata.labels ?? {};
  return selector !== undefined && Object.entries(selector).every(([name, value]) => labels[name] === value);
}

/** The slice that a Service should have, from the pods that it selects; without any pod a slice without endpoints, as in a real cluster. */
export function endpointSliceOf(
  service: KubeObject,
  selected: readonly KubeObject[],
): NewObject & { metadata: { name: string } } {
  const { name, namespace, uid } = service.metadata;
  const pods = selected.filter(hasAddress).slice(0, ENDPOINTS_PER_SLICE_COUNT);
  const suffix = createHash('sha256').update(uid).digest('hex').slice(0, 5);
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${suffix}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...service.metadata.labels, [SERVICE_NAME]: name, [MANAGED_BY]: SLICE_CONTROLLER },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }],
    },
    addressType: 'IPv4',
    endpoints: pods.map(endpointOf),
    ports: pods[0] === undefined ? [] : portsOf(service, pods[0]),
  };
}

/** Pods that may be listed: those with an address that have not finished. */
export function hasAddress(pod: KubeObject): boolean {
  const phase = podPhase(pod);
  return typeof record(pod.status).podIP === 'string' && phase !== 'Succeeded' && phase !== 'Failed';
}

function endpointOf(pod: KubeObject) {
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const serving = isReady(pod);
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [record(pod.status).podIP],
    conditions: { ready: serving && !terminating, serving, terminating },
    nodeName: podSpec(pod)?.nodeName,
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

/** The Service's ports as the pod serves them: a named target port is looked up among the pod's container ports. */
export function portsOf(service: KubeObject, pod: KubeObject): { name: string; port: number; protocol: string }[] {
  const ports = record(service.spec).ports;
  if (!Array.isArray(ports)) return [];
  const containerPorts = podSpec(pod)?.containers.flatMap((container) => container.ports ?? []) ?? [];
  return ports.map(record).flatMap(({ name, port, targetPort = port, protocol }) => {
    const found =
      typeof targetPort === 'string'
        ? containerPorts.find((one) => one.name === targetPort)?.containerPort
        : targetPort;
    if (typeof found !== 'number') return [];
    return [
      {
        name: typeof name === 'string' ? name : '',
        port: found,
        protocol: typeof protocol === 'string' ? protocol : 'TCP',
      },
    ];
  });
}
