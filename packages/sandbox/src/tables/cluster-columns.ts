import { isRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { ageColumn, type Column, nameColumn } from './column.ts';

export const namespaceColumns: readonly Column[] = [
  nameColumn,
  { name: 'Status', cell: (namespace) => stringAt(namespace, 'status', 'phase') ?? '' },
  ageColumn,
];

export const configMapColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Data',
    type: 'integer',
    cell: (map) =>
      Object.keys(recordAt(map, 'data') ?? {}).length + Object.keys(recordAt(map, 'binaryData') ?? {}).length,
  },
  ageColumn,
];

export const secretColumns: readonly Column[] = [
  nameColumn,
  { name: 'Type', cell: (secret) => stringAt(secret, 'type') ?? '' },
  { name: 'Data', type: 'integer', cell: (secret) => Object.keys(recordAt(secret, 'data') ?? {}).length },
  ageColumn,
];

const rolePrefix = 'node-role.kubernetes.io/';

export const nodeColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Status',
    cell: (node) => {
      const ready = listAt(node, 'status', 'conditions').find((one) => stringAt(one, 'type') === 'Ready');
      return isRecord(ready) && ready.status === 'True' ? 'Ready' : 'NotReady';
    },
  },
  {
    name: 'Roles',
    cell: (node) => {
      const roles = Object.keys(node.metadata.labels ?? {}).filter((label) => label.startsWith(rolePrefix));
      return roles.length === 0 ? '<none>' : roles.map((label) => label.slice(rolePrefix.length)).join(',');
    },
  },
  ageColumn,
  { name: 'Version', cell: (node) => stringAt(node, 'status', 'nodeInfo', 'kubeletVersion') ?? '' },
  { name: 'Internal-IP', priority: 1, cell: (node) => addressOf(node, 'InternalIP') },
  { name: 'External-IP', priority: 1, cell: (node) => addressOf(node, 'ExternalIP') },
  { name: 'OS-Image', priority: 1, cell: (node) => infoOf(node, 'osImage') },
  { name: 'Kernel-Version', priority: 1, cell: (node) => infoOf(node, 'kernelVersion') },
  { name: 'Container-Runtime', priority: 1, cell: (node) => infoOf(node, 'containerRuntimeVersion') },
];

function addressOf(node: KubeObject, type: string): string {
  const found = listAt(node, 'status', 'addresses').find((one) => stringAt(one, 'type') === type);
  return stringAt(found, 'address') ?? '<none>';
}

function infoOf(node: KubeObject, member: string): string {
  return stringAt(node, 'status', 'nodeInfo', member) ?? '<unknown>';
}

export const admissionPolicyColumns: readonly Column[] = [
  nameColumn,
  { name: 'Validations', type: 'integer', cell: (policy) => listAt(policy, 'spec', 'validations').length },
  { name: 'ParamKind', cell: (policy) => stringAt(policy, 'spec', 'paramKind', 'kind') ?? '<unset>' },
  ageColumn,
];

export const admissionBindingColumns: readonly Column[] = [
  nameColumn,
  { name: 'PolicyName', cell: (binding) => stringAt(binding, 'spec', 'policyName') ?? '' },
  { name: 'ParamRef', cell: () => '<unset>' },
  ageColumn,
];

const created: Column = { name: 'Created At', cell: (object) => object.metadata.creationTimestamp };

export const roleColumns: readonly Column[] = [nameColumn, created];

export const bindingColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Role',
    cell: (binding) => `${stringAt(binding, 'roleRef', 'kind') ?? ''}/${stringAt(binding, 'roleRef', 'name') ?? ''}`,
  },
  ageColumn,
  { name: 'Users', priority: 1, cell: (binding) => subjectsOf(binding, 'User') },
  { name: 'Groups', priority: 1, cell: (binding) => subjectsOf(binding, 'Group') },
  { name: 'ServiceAccounts', priority: 1, cell: (binding) => subjectsOf(binding, 'ServiceAccount') },
];

function subjectsOf(binding: KubeObject, kind: string): string {
  return listAt(binding, 'subjects')
    .filter((subject) => stringAt(subject, 'kind') === kind)
    .map((subject) => {
      const name = stringAt(subject, 'name') ?? '';
      return kind === 'ServiceAccount' ? `${stringAt(subject, 'namespace') ?? ''}/${name}` : name;
    })
    .join(', ');
}

export const serviceAccountColumns: readonly Column[] = [nameColumn, ageColumn];

/** What every kind has. */
export const genericColumns: readonly Column[] = [nameColumn, created];
