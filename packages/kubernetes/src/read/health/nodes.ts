/** The nodes of the cluster: all counted, the unhealthy ones told of first. */
import type { Json } from '@countersign/approvals';
import type { ClusterConnection } from '../../connection/connect-cluster.ts';
import { foldList } from '../../connection/list.ts';
import { clusterCollectionPath, NODES } from '../../objects/resource-kinds.ts';
import type { Node } from '../../objects/wire.ts';
import { NO_RESOURCES, type Resources, resourcesOf, sum } from '../quantity.ts';
import { safeMessage, safeWord } from '../safe-text.ts';

interface NodeEntry {
  readonly name: string;
  readonly problems: readonly Json[];
  readonly json: { readonly [fact: string]: Json };
}

interface Counted {
  readonly total: number;
  readonly ready: number;
  readonly unschedulable: number;
  readonly underPressure: number;
  readonly allocatable: Resources;
  readonly kept: readonly NodeEntry[];
}

/** `limit`: how many are told of one by one. */
export async function nodesHealth(
  connection: ClusterConnection,
  limit: number,
): Promise<{ readonly [fact: string]: Json }> {
  const { value, complete } = await foldList<Node, Counted>(
    connection,
    clusterCollectionPath(NODES),
    {},
    () => ({ total: 0, ready: 0, unschedulable: 0, underPressure: 0, allocatable: NO_RESOURCES, kept: [] }),
    (so, node) => {
      const kept = [...so.kept, entryOf(node)];
      const is = (type: string) => node.status?.conditions?.find((one) => one.type === type)?.status;
      return {
        total: so.total + 1,
        ready: so.ready + (is('Ready') === 'True' ? 1 : 0),
        unschedulable: so.unschedulable + (node.spec?.unschedulable === true ? 1 : 0),
        underPressure: so.underPressure + (PRESSURES.some((type) => is(type) === 'True') ? 1 : 0),
        allocatable: sum(so.allocatable, resourcesOf(node.status?.allocatable)),
        kept: kept.length > 4 * limit ? kept.sort(worstFirst).slice(0, limit) : kept,
      };
    },
  );
  const { kept, allocatable, ...counts } = value;
  const shown = [...kept].sort(worstFirst).slice(0, limit);
  return {
    visible: true,
    ...counts,
    counted: complete ? 'all' : 'the first of them',
    allocatable: { ...allocatable },
    nodes: shown.map(({ json }) => json),
    more: counts.total - shown.length,
  };
}

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

function entryOf({ metadata, spec, status }: Node): NodeEntry {
  const problems = (status?.conditions ?? [])
    .filter(({ type, status: is }) => (type === 'Ready' ? is !== 'True' : PRESSURES.includes(type) && is === 'True'))
    .map(({ type, status: is, reason, message, lastTransitionTime }) => ({
      type: safeWord(type),
      status: safeWord(is),
      reason: safeWord(reason),
      message: safeMessage(message),
      since: lastTransitionTime ?? null,
    }));
  const name = safeWord(metadata?.name);
  return {
    name,
    problems,
    json: {
      name,
      ready: status?.conditions?.find(({ type }) => type === 'Ready')?.status === 'True',
      unschedulable: spec?.unschedulable === true,
      problems,
      taints: (spec?.taints ?? []).slice(0, 10).map(({ key, effect }) => safeWord(`${key}:${effect}`)),
      kubelet: safeWord(status?.nodeInfo?.kubeletVersion),
      allocatable: { ...resourcesOf(status?.allocatable) },
    },
  };
}

const worstFirst = (a: NodeEntry, b: NodeEntry): number =>
  b.problems.length - a.problems.length || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
