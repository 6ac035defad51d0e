import { isRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { ageColumn, type Column, nameColumn, pairs } from './column.ts';

export const serviceColumns: readonly Column[] = [
  nameColumn,
  { name: 'Type', cell: (service) => stringAt(service, 'spec', 'type') ?? '' },
  { name: 'Cluster-IP', cell: (service) => stringAt(service, 'spec', 'clusterIP') ?? '<none>' },
  { name: 'External-IP', cell: externalCell },
  { name: 'Port(s)', cell: portsCell },
  ageColumn,
  { name: 'Selector', priority: 1, cell: (service) => pairs(recordAt(service, 'spec', 'selector')) },
];

function externalCell(service: KubeObject): string {
  switch (stringAt(service, 'spec', 'type')) {
    case 'ExternalName':
      return stringAt(service, 'spec', 'externalName') ?? '<none>';
    case 'LoadBalancer': {
      const ingress = listAt(service, 'status', 'loadBalancer', 'ingress').map(
        (one) => stringAt(one, 'ip') ?? stringAt(one, 'hostname'),
      );
      return ingress.length === 0 ? '<pending>' : ingress.join(',');
    }
    default:
      return '<none>';
  }
}

function portsCell(service: KubeObject): string {
  const ports = listAt(service, 'spec', 'ports').filter(isRecord);
  if (ports.length === 0) return '<none>';
  return ports
    .map(
      (port) =>
        `${String(port.port)}${port.nodePort === undefined ? '' : `:${String(port.nodePort)}`}/${String(port.protocol)}`,
    )
    .join(',');
}

export const endpointSliceColumns: readonly Column[] = [
  nameColumn,
  { name: 'AddressType', cell: (slice) => stringAt(slice, 'addressType') ?? '' },
  {
    name: 'Ports',
    cell: (slice) =>
      shortened(
        listAt(slice, 'ports').map((port) => (isRecord(port) ? String(port.port ?? '*') : '')),
        '<unset>',
      ),
  },
  {
    name: 'Endpoints',
    cell: (slice) =>
      shortened(
        listAt(slice, 'endpoints').flatMap((one) => listAt(one, 'addresses').map(String)),
        '<unset>',
      ),
  },
  ageColumn,
];

/** Three, and how many more there are. */
function shortened(items: readonly string[], none: string): string {
  if (items.length === 0) return none;
  const more = items.length - 3;
  return more > 0 ? `${items.slice(0, 3).join(',')} + ${more} more...` : items.join(',');
}

export const endpointsColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Endpoints',
    cell: (endpoints) =>
      shortened(
        listAt(endpoints, 'subsets').flatMap((subset) =>
          listAt(subset, 'addresses').flatMap((address) =>
            listAt(subset, 'ports').map((port) => `${stringAt(address, 'ip')}:${recordAt(port)?.port}`),
          ),
        ),
        '<none>',
      ),
  },
  ageColumn,
];

export const ingressColumns: readonly Column[] = [
  nameColumn,
  { name: 'Class', cell: (ingress) => stringAt(ingress, 'spec', 'ingressClassName') ?? '<none>' },
  { name: 'Hosts', cell: hostsCell },
  {
    name: 'Address',
    cell: (ingress) =>
      listAt(ingress, 'status', 'loadBalancer', 'ingress')
        .map((one) => stringAt(one, 'ip') ?? stringAt(one, 'hostname') ?? '')
        .join(','),
  },
  { name: 'Ports', cell: (ingress) => (listAt(ingress, 'spec', 'tls').length === 0 ? '80' : '80, 443') },
  ageColumn,
];

function hostsCell(ingress: KubeObject): string {
  const hosts = listAt(ingress, 'spec', 'rules').map((rule) => stringAt(rule, 'host') ?? '*');
  return hosts.length === 0 ? '*' : [...new Set(hosts)].join(',');
}

export const networkPolicyColumns: readonly Column[] = [
  nameColumn,
  { name: 'Pod-Selector', cell: (policy) => pairs(recordAt(policy, 'spec', 'podSelector', 'matchLabels')) },
  ageColumn,
];
