/** One namespace as a line: how many pods, how they are, what is wrong with most of them, what they ask for. */
import type { Json } from '@countersign/approvals';
import type { ClusterConnection } from '../../connection/connect-cluster.ts';
import { foldList } from '../../connection/list.ts';
import { collectionPath, PODS } from '../../objects/resource-kinds.ts';
import type { Pod } from '../../objects/wire.ts';
import { isReady, podFindings } from '../diagnostics/pod-findings.ts';
import { NO_RESOURCES, type Resources, resourcesOf, sum } from '../quantity.ts';

export interface NamespaceHealth {
  readonly namespace: string;
  readonly pods: number;
  readonly ready: number;
  /** Pods with a finding that is an error. */
  readonly unhealthy: number;
  /** Of pods that have not ended. */
  readonly requested: Resources;
  /** Code of a finding -> how many pods have it. */
  readonly problems: ReadonlyMap<string, number>;
  readonly complete: boolean;
}

export async function namespaceHealth(connection: ClusterConnection, namespace: string): Promise<NamespaceHealth> {
  const { value, complete } = await foldList<
    Pod,
    Omit<NamespaceHealth, 'complete' | 'problems'> & { readonly problems: Map<string, number> }
  >(
    connection,
    collectionPath(PODS, namespace),
    {},
    () => ({ namespace, pods: 0, ready: 0, unhealthy: 0, requested: NO_RESOURCES, problems: new Map() }),
    (so, pod) => {
      const errors = new Set(
        podFindings(pod)
          .filter(({ severity }) => severity === 'error')
          .map(({ code }) => code),
      );
      for (const code of errors) so.problems.set(code, (so.problems.get(code) ?? 0) + 1);
      const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
      return {
        ...so,
        pods: so.pods + 1,
        ready: so.ready + (isReady(pod) ? 1 : 0),
        unhealthy: so.unhealthy + (errors.size > 0 ? 1 : 0),
        requested: ended ? so.requested : sum(so.requested, requestedBy(pod)),
      };
    },
  );
  return { ...value, complete };
}

const requestedBy = ({ spec }: Pod): Resources =>
  (spec?.containers ?? []).map(({ resources }) => resourcesOf(resources?.requests)).reduce(sum, NO_RESOURCES);

export const namespaceHealthJson = ({ problems, requested, complete, ...counts }: NamespaceHealth): Json => ({
  ...counts,
  problems: Object.fromEntries([...problems].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))),
  requested: { ...requested },
  counted: complete ? 'all' : 'the first of them',
});
