import { listAt, numberAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { ageColumn, type Column, nameColumn, pairs } from './column.ts';

const count = (object: KubeObject, ...path: string[]) => numberAt(object, ...path) ?? 0;

const templateColumns: readonly Column[] = [
  { name: 'Containers', priority: 1, cell: (object) => containerParts(object, 'name') },
  { name: 'Images', priority: 1, cell: (object) => containerParts(object, 'image') },
];

const selectorColumn: Column = {
  name: 'Selector',
  priority: 1,
  cell: (object) => pairs(recordAt(object, 'spec', 'selector', 'matchLabels')),
};

export const deploymentColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Ready',
    description: 'Ready pods of the wanted ones.',
    cell: (deployment) => `${count(deployment, 'status', 'readyReplicas')}/${count(deployment, 'spec', 'replicas')}`,
  },
  { name: 'Up-to-date', type: 'integer', cell: (deployment) => count(deployment, 'status', 'updatedReplicas') },
  { name: 'Available', type: 'integer', cell: (deployment) => count(deployment, 'status', 'availableReplicas') },
  ageColumn,
  ...templateColumns,
  selectorColumn,
];

export const replicaSetColumns: readonly Column[] = [
  nameColumn,
  { name: 'Desired', type: 'integer', cell: (set) => count(set, 'spec', 'replicas') },
  { name: 'Current', type: 'integer', cell: (set) => count(set, 'status', 'replicas') },
  { name: 'Ready', type: 'integer', cell: (set) => count(set, 'status', 'readyReplicas') },
  ageColumn,
  ...templateColumns,
  selectorColumn,
];

export const statefulSetColumns: readonly Column[] = [
  nameColumn,
  { name: 'Ready', cell: (set) => `${count(set, 'status', 'readyReplicas')}/${count(set, 'spec', 'replicas')}` },
  ageColumn,
  ...templateColumns,
];

const labelled = (object: KubeObject, ...path: string[]) => pairs(recordAt(object, ...path));

export const daemonSetColumns: readonly Column[] = [
  nameColumn,
  { name: 'Desired', type: 'integer', cell: (set) => count(set, 'status', 'desiredNumberScheduled') },
  { name: 'Current', type: 'integer', cell: (set) => count(set, 'status', 'currentNumberScheduled') },
  { name: 'Ready', type: 'integer', cell: (set) => count(set, 'status', 'numberReady') },
  { name: 'Up-to-date', type: 'integer', cell: (set) => count(set, 'status', 'updatedNumberScheduled') },
  { name: 'Available', type: 'integer', cell: (set) => count(set, 'status', 'numberAvailable') },
  { name: 'Node Selector', cell: (set) => labelled(set, 'spec', 'template', 'spec', 'nodeSelector') },
  ageColumn,
  ...templateColumns,
  selectorColumn,
];

export const controllerRevisionColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Controller',
    cell: ({ metadata }) => {
      const owner = metadata.ownerReferences?.find((one) => one.controller === true);
      return owner === undefined ? '<none>' : `${owner.kind.toLowerCase()}.apps/${owner.name}`;
    },
  },
  { name: 'Revision', type: 'integer', cell: (revision) => count(revision, 'revision') },
  ageColumn,
];

/** Of the pod template at this path. */
export function containerParts(
  object: KubeObject,
  member: 'name' | 'image',
  path: readonly string[] = ['spec', 'template'],
): string {
  return listAt(object, ...path, 'spec', 'containers')
    .map((container) => stringAt(container, member) ?? '')
    .join(',');
}
