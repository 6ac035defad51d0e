import { isRecord, numberAt, recordAt } from '../json/record.ts';
import { parseLabelSelectorObject } from '../selectors/label-selector.ts';
import type { KubeObject, ObjectStore, StoreEvent } from '../store/object-store.ts';
import { kubeTime } from '../store/object-versions.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import { conditionOf, controllerOf } from './kinds.ts';
import { isActive, isReady } from './pod-state.ts';
import { isUnmanaged } from './unmanaged.ts';

const BUDGETS = 'poddisruptionbudgets.policy';
const SETS: Readonly<Record<string, string>> = { ReplicaSet: 'replicasets.apps', StatefulSet: 'statefulsets.apps' };

/** Tells of each PodDisruptionBudget how many pods it expects, how many of them are healthy and how many may go. */
export function createDisruptionController(options: { store: ObjectStore; clock: () => Date }): Controller {
  const { store, clock } = options;

  function podsFor(budget: KubeObject): KubeObject[] {
    const selector = recordAt(budget, 'spec', 'selector');
    const matches = selector === undefined ? undefined : parseLabelSelectorObject(selector);
    if (matches === undefined) return [];
    return store
      .list('pods', budget.metadata.namespace)
      .filter((pod) => isActive(pod) && matches(pod.metadata.labels ?? {}));
  }

  /** What the pods' controllers ask for together; a pod without one counts for itself. */
  function desired(pods: readonly KubeObject[]): number {
    const seen = new Map<string, number>();
    for (const pod of pods) {
      const owner = controllerOf(pod);
      const resource = SETS[owner?.kind ?? ''];
      const set = resource === undefined ? undefined : store.get(resource, pod.metadata.namespace, owner?.name ?? '');
      seen.set(owner?.uid ?? pod.metadata.uid, numberAt(set, 'spec', 'replicas') ?? 1);
    }
    return [...seen.values()].reduce((sum, count) => sum + count, 0);
  }

  return {
    name: 'disruption-controller',
    keysFor({ type, resource, object }: StoreEvent) {
      if (resource === BUDGETS) return type === 'DELETED' ? [] : [keyOf(object)];
      const isConcerned = resource === 'pods' || Object.values(SETS).includes(resource);
      return isConcerned ? store.list(BUDGETS, object.metadata.namespace).map(keyOf) : [];
    },
    allKeys: () => store.list(BUDGETS).map(keyOf),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const budget = store.get(BUDGETS, namespace, name);
      if (budget === undefined || isUnmanaged(budget)) return undefined;
      const pods = podsFor(budget);
      const { minAvailable, maxUnavailable } = recordAt(budget, 'spec') ?? {};
      const isPlain = typeof minAvailable === 'number';
      const expectedPods = isPlain ? pods.length : desired(pods);
      const desiredHealthy =
        maxUnavailable === undefined
          ? portionOf(minAvailable ?? 1, expectedPods)
          : Math.max(0, expectedPods - portionOf(maxUnavailable, expectedPods));
      const currentHealthy = pods.filter(isReady).length;
      const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
      const status = {
        observedGeneration: budget.metadata.generation ?? 1,
        disruptionsAllowed,
        currentHealthy,
        desiredHealthy,
        expectedPods,
        conditions: [condition(budget, disruptionsAllowed > 0, kubeTime(clock()))],
      };
      store.update(BUDGETS, { ...budget, status }, { subresource: 'status' });
      return undefined;
    },
  };
}

/** `50%` of the pods, rounded up, or a number of them. */
function portionOf(value: unknown, of: number): number {
  if (typeof value === 'string' && value.endsWith('%')) return Math.ceil((Number.parseInt(value, 10) * of) / 100);
  return typeof value === 'number' ? value : 0;
}

function condition(budget: KubeObject, isAllowed: boolean, now: string) {
  const status = isAllowed ? 'True' : 'False';
  const before = conditionOf(budget, 'DisruptionAllowed');
  return {
    type: 'DisruptionAllowed',
    status,
    observedGeneration: budget.metadata.generation ?? 1,
    lastTransitionTime: isRecord(before) && before.status === status ? before.lastTransitionTime : now,
    reason: isAllowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
  };
}
