import { isRecord, listAt, numberAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject } from '../store/object-store.ts';
import { ageColumn, type Column, nameColumn } from './column.ts';

const shown = (value: unknown) => (value === undefined ? 'N/A' : String(value));

export const disruptionBudgetColumns: readonly Column[] = [
  nameColumn,
  { name: 'Min Available', cell: (budget) => shown(recordAt(budget, 'spec')?.minAvailable) },
  { name: 'Max Unavailable', cell: (budget) => shown(recordAt(budget, 'spec')?.maxUnavailable) },
  {
    name: 'Allowed Disruptions',
    type: 'integer',
    cell: (budget) => numberAt(budget, 'status', 'disruptionsAllowed') ?? 0,
  },
  ageColumn,
];

export const autoscalerColumns: readonly Column[] = [
  nameColumn,
  {
    name: 'Reference',
    cell: (autoscaler) => {
      const target = recordAt(autoscaler, 'spec', 'scaleTargetRef');
      return `${stringAt(target, 'kind') ?? ''}/${stringAt(target, 'name') ?? ''}`;
    },
  },
  { name: 'Targets', cell: targetsCell },
  { name: 'MinPods', cell: (autoscaler) => String(numberAt(autoscaler, 'spec', 'minReplicas') ?? '<unset>') },
  { name: 'MaxPods', type: 'integer', cell: (autoscaler) => numberAt(autoscaler, 'spec', 'maxReplicas') ?? 0 },
  { name: 'Replicas', type: 'integer', cell: (autoscaler) => numberAt(autoscaler, 'status', 'currentReplicas') ?? 0 },
  ageColumn,
];

/** Resource metrics with what was last measured; of other metrics their kind. */
function targetsCell(autoscaler: KubeObject): string {
  const measured = listAt(autoscaler, 'status', 'currentMetrics');
  const metrics = listAt(autoscaler, 'spec', 'metrics').filter(isRecord);
  if (metrics.length === 0) return '<none>';
  return metrics
    .map((metric, index) => {
      const name = stringAt(metric, 'resource', 'name');
      if (name === undefined) return stringAt(metric, 'type') ?? '';
      const wanted = numberAt(metric, 'resource', 'target', 'averageUtilization');
      const found = numberAt(measured[index], 'resource', 'current', 'averageUtilization');
      return wanted === undefined
        ? `${name}: ${stringAt(metric, 'resource', 'target', 'averageValue') ?? '<auto>'}`
        : `${name}: ${found === undefined ? '<unknown>' : `${found}%`}/${wanted}%`;
    })
    .join(', ');
}

export const claimColumns: readonly Column[] = [
  nameColumn,
  { name: 'Status', cell: (claim) => stringAt(claim, 'status', 'phase') ?? '' },
  { name: 'Volume', cell: (claim) => stringAt(claim, 'spec', 'volumeName') ?? '' },
  { name: 'Capacity', cell: (claim) => stringAt(claim, 'status', 'capacity', 'storage') ?? '' },
  {
    name: 'Access Modes',
    cell: (claim) => listAt(claim, 'status', 'accessModes').map(accessMode).join(','),
  },
  { name: 'StorageClass', cell: (claim) => stringAt(claim, 'spec', 'storageClassName') ?? '' },
  { name: 'VolumeAttributesClass', cell: () => '<unset>' },
  ageColumn,
  { name: 'VolumeMode', priority: 1, cell: (claim) => stringAt(claim, 'spec', 'volumeMode') ?? '<unset>' },
];

const accessModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function accessMode(mode: unknown): string {
  return accessModes[String(mode)] ?? String(mode);
}

export const quotaColumns: readonly Column[] = [
  nameColumn,
  { name: 'Request', cell: (quota) => quotaCell(quota, (name) => !name.startsWith('limits.')) },
  { name: 'Limit', cell: (quota) => quotaCell(quota, (name) => name.startsWith('limits.')) },
  ageColumn,
];

function quotaCell(quota: KubeObject, isMeant: (name: string) => boolean): string {
  const used = recordAt(quota, 'status', 'used') ?? {};
  return Object.entries(recordAt(quota, 'status', 'hard') ?? recordAt(quota, 'spec', 'hard') ?? {})
    .filter(([name]) => isMeant(name))
    .map(([name, hard]) => `${name}: ${String(used[name] ?? 0)}/${String(hard)}`)
    .join(', ');
}
