/** The pods of a workload, however many: counted, their findings gathered, the worst of them kept. */
import type { Json } from '@countersign/approvals';
import type { ClusterConnection } from '../../connection/connect-cluster.ts';
import { foldList } from '../../connection/list.ts';
import { collectionPath, PODS } from '../../objects/resource-kinds.ts';
import { type LabelSelector, selectorText } from '../../objects/selectors.ts';
import type { ObjectMeta, Pod } from '../../objects/wire.ts';
import { podDetail } from '../summaries/core.ts';
import { type FindingList, findingList } from './findings.ts';
import { isReady, podFindings, worstFirst } from './pod-findings.ts';

export interface WorkloadPods {
  /** Worst first, at most `limit`. */
  readonly worst: readonly Pod[];
  readonly total: number;
  readonly ready: number;
  readonly uids: ReadonlySet<string>;
  readonly findings: FindingList;
  /** False where there are more than are read. */
  readonly complete: boolean;
}

export const ownedBy = (metadata: ObjectMeta | undefined, uids: readonly (string | undefined)[]): boolean =>
  metadata?.ownerReferences?.some(({ controller, uid }) => controller === true && uids.includes(uid)) === true;

/** `owns` has the last word: labels are anybody's to set, an owner reference is the controller's. */
export async function workloadPods(
  connection: ClusterConnection,
  namespace: string,
  selector: LabelSelector | undefined,
  owns: (metadata: ObjectMeta | undefined) => boolean,
  limit: number,
): Promise<WorkloadPods> {
  const { value, complete } = await foldList<
    Pod,
    Omit<WorkloadPods, 'complete' | 'uids'> & { readonly uids: Set<string> }
  >(
    connection,
    collectionPath(PODS, namespace),
    { selectors: { labelSelector: selectorText(selector) } },
    () => ({ worst: [], total: 0, ready: 0, uids: new Set(), findings: findingList() }),
    (so, pod) => {
      if (!owns(pod.metadata)) return so;
      for (const finding of podFindings(pod)) so.findings.add(finding, pod.metadata?.name);
      so.uids.add(pod.metadata?.uid ?? '');
      const kept = [...so.worst, pod];
      return {
        ...so,
        worst: kept.length > 4 * limit ? kept.sort(worstFirst).slice(0, limit) : kept,
        total: so.total + 1,
        ready: so.ready + (isReady(pod) ? 1 : 0),
      };
    },
  );
  return { ...value, worst: [...value.worst].sort(worstFirst).slice(0, limit), complete };
}

export const podsJson = ({ worst, total, ready, complete }: WorkloadPods): { readonly [key: string]: Json } => ({
  podCount: { total, ready, counted: complete ? 'all' : 'the first of them' },
  pods: worst.map(podDetail),
});
