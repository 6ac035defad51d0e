import { isRecord, listAt, recordAt, stringAt } from '../json/record.ts';
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
];

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
];

/** What every kind has. */
export const genericColumns: readonly Column[] = [nameColumn, created];
