import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { fill } from './fill.ts';

/** A Service's defaults and its allocated addresses. An update that leaves an allocated address out keeps the one it has. */
export function defaultService(service: JsonRecord, store: ObjectStore): void {
  const spec = recordAt(service, 'spec');
  if (spec === undefined) return;
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' });
  for (const port of listAt(spec, 'ports')) {
    if (isRecord(port)) fill(port, { protocol: 'TCP', targetPort: port.port });
  }
  if (spec.type !== 'ExternalName') defaultAddresses(service, spec, store);
  fill(service, { status: { loadBalancer: {} } });
}

function defaultAddresses(service: JsonRecord, spec: JsonRecord, store: ObjectStore): void {
  const before = store.get(
    'services',
    stringAt(service, 'metadata', 'namespace'),
    stringAt(service, 'metadata', 'name') ?? '',
  );
  fill(spec, { internalTrafficPolicy: 'Cluster' });
  if (spec.clusterIP === '' || spec.clusterIP === undefined) {
    spec.clusterIP = stringAt(before, 'spec', 'clusterIP') ?? freeClusterIp(store);
  }
  spec.clusterIPs = [spec.clusterIP];
  fill(spec, { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return;
  fill(spec, { externalTrafficPolicy: 'Cluster' });
  if (spec.type === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true });
  listAt(spec, 'ports').forEach((port, index) => {
    if (!isRecord(port) || port.nodePort !== undefined) return;
    const kept = listAt(before, 'spec', 'ports')[index];
    port.nodePort = (isRecord(kept) ? kept.nodePort : undefined) ?? freeNodePort(store);
  });
}

/** The first free address of 10.96.0.0/16, behind 10.96.0.1, which belongs to the API server's own Service. */
function freeClusterIp(store: ObjectStore): string {
  const taken = new Set(store.list('services').map((service) => stringAt(service, 'spec', 'clusterIP')));
  for (let host = 10; host < 65_535; host++) {
    const candidate = `10.96.${host >> 8}.${host & 255}`;
    if (!taken.has(candidate)) return candidate;
  }
  throw new Error('the service address range is used up');
}

/** The first free port of Kubernetes' own range, 30000 to 32767. */
function freeNodePort(store: ObjectStore): number {
  const taken = new Set(
    store
      .list('services')
      .flatMap((service) =>
        listAt(service, 'spec', 'ports').map((port) => (isRecord(port) ? port.nodePort : undefined)),
      ),
  );
  for (let candidate = 30_000; candidate <= 32_767; candidate++) if (!taken.has(candidate)) return candidate;
  throw new Error('the node port range is used up');
}
