/**
 * Which kinds a plan may change, and how: the one table. infra/cluster/rbac.yaml and guard-policies.yaml grant exactly this. Never in it:
 * Secrets, service accounts and whatever else lends rights or holds the cluster together.
 */
import type { Json, OperationType } from '@countersign/approvals';
import { isObject, listAt, textAt } from './json-at.ts';
import {
  AUTOSCALERS,
  CONFIG_MAPS,
  CRON_JOBS,
  DAEMON_SETS,
  DEPLOYMENTS,
  DISRUPTION_BUDGETS,
  INGRESSES,
  JOBS,
  NETWORK_POLICIES,
  PODS,
  REPLICA_SETS,
  type ResourceKind,
  SERVICES,
  STATEFUL_SETS,
} from './resource-kinds.ts';

export interface ChangeableKind extends ResourceKind {
  readonly operations: readonly OperationType[];
  /** Where its pod template lies; null where it has none that a plan may set the image of. */
  readonly template: readonly string[] | null;
  /** It has neither generation nor status: only its resourceVersion tells that it moved and moved back. */
  readonly pinned: boolean;
}

const WRITE: readonly OperationType[] = ['label', 'annotate', 'patch', 'apply', 'delete'];
const TEMPLATE = ['spec', 'template'];
const CRON_TEMPLATE = ['spec', 'jobTemplate', 'spec', 'template'];

const kind = (
  resource: ResourceKind,
  operations: readonly OperationType[],
  more: Partial<Pick<ChangeableKind, 'template' | 'pinned'>> = {},
): ChangeableKind => ({ ...resource, operations, template: null, pinned: false, ...more });

export const CHANGEABLE_KINDS: readonly ChangeableKind[] = [
  kind(DEPLOYMENTS, ['restart', 'scale', 'set-image', 'rollback', ...WRITE], { template: TEMPLATE }),
  kind(STATEFUL_SETS, ['restart', 'scale', 'set-image', 'rollback', ...WRITE], { template: TEMPLATE }),
  kind(DAEMON_SETS, ['restart', 'set-image', 'rollback', ...WRITE], { template: TEMPLATE }),
  kind(REPLICA_SETS, ['scale', 'set-image', ...WRITE], { template: TEMPLATE }),
  kind(CRON_JOBS, ['set-image', ...WRITE], { template: CRON_TEMPLATE }),
  // The API server lets nobody change a Job's template.
  kind(JOBS, WRITE),
  kind(SERVICES, WRITE),
  kind(CONFIG_MAPS, WRITE, { pinned: true }),
  kind(INGRESSES, WRITE),
  kind(NETWORK_POLICIES, WRITE),
  kind(AUTOSCALERS, WRITE),
  kind(DISRUPTION_BUDGETS, WRITE),
  kind(PODS, ['delete']),
];

export const changeableKind = (named: string): ChangeableKind | undefined =>
  CHANGEABLE_KINDS.find((known) => known.kind === named);

export const kindsThatCan = (operation: OperationType): readonly string[] =>
  CHANGEABLE_KINDS.filter(({ operations }) => operations.includes(operation)).map((known) => known.kind);

/** `Kind name` of the controller that owns the object, which undoes what others change in it; undefined where none does. */
export function controllerOf(object: Json): string | undefined {
  const owner = listAt(object, 'metadata', 'ownerReferences').find(
    (reference) => isObject(reference) && reference.controller === true,
  );
  return owner === undefined ? undefined : `${textAt(owner, 'kind') ?? '?'} ${textAt(owner, 'name') ?? '?'}`;
}
