import { numberAt, recordAt, stringAt } from '../json/record.ts';
import type { KubeObject, ObjectStore, StoreEvent } from '../store/object-store.ts';
import { controlledPod, keysOfController, podsOf } from './controlled-pod.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import type { RecordEvent } from './event-recorder.ts';
import { type PodTemplate, podSpec, readReplicaSet } from './kinds.ts';
import { DEFAULT_REVISION_HISTORY_COUNT } from './limits.ts';
import { requestPodDeletion } from './pod-deletion.ts';
import { availableInMs, isActive, isReady, podPhase } from './pod-state.ts';
import { currentRevision, hashOf, REVISION_HASH, trimRevisions } from './revisions.ts';
import { isUnmanaged } from './unmanaged.ts';

const DAEMON_SETS = 'daemonsets.apps';
const COMPONENT = 'daemonset-controller';

interface DaemonSetView {
  object: KubeObject;
  template: PodTemplate;
  minReadySeconds: number;
  rolls: boolean;
  maxUnavailable: number;
}

/** One pod on every node that the template's nodeSelector selects, replaced a few at a time when the template changes. */
export function createDaemonSetController(options: {
  store: ObjectStore;
  clock: () => Date;
  recordEvent: RecordEvent;
}): Controller {
  const { store, clock, recordEvent } = options;

  function nodesFor({ template }: DaemonSetView): string[] {
    const selector = Object.entries(recordAt({ spec: template.spec }, 'spec', 'nodeSelector') ?? {});
    return store
      .list('nodes')
      .filter(({ metadata }) => selector.every(([label, value]) => metadata.labels?.[label] === value))
      .map(({ metadata }) => metadata.name);
  }

  function note(set: DaemonSetView, reason: string, message: string): void {
    recordEvent({ about: set.object, type: 'Normal', reason, message, component: COMPONENT });
  }

  function remove(set: DaemonSetView, pod: KubeObject): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    requestPodDeletion(store, pod, clock());
    note(set, 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
  }

  function step(set: DaemonSetView, nodes: readonly string[], revision: KubeObject): void {
    const pods = podsOf(store, set.object);
    for (const pod of pods) {
      const isLost = !nodes.includes(podSpec(pod)?.nodeName ?? '');
      if (isLost || podPhase(pod) === 'Failed') remove(set, pod);
    }
    const missing = nodes.filter((node) => !pods.some((pod) => podSpec(pod)?.nodeName === node));
    for (const nodeName of missing) {
      const labels = {
        [REVISION_HASH]: hashOf(revision),
        'pod-template-generation': String(set.object.metadata.generation ?? 1),
      };
      const pod = store.create('pods', controlledPod(set.object, set.template, { labels, spec: { nodeName } }));
      note(set, 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
    }
    if (!set.rolls) return;
    const old = pods.filter((pod) => isActive(pod) && pod.metadata.labels?.[REVISION_HASH] !== hashOf(revision));
    const down = nodes.length - pods.filter((pod) => isActive(pod) && isReady(pod)).length;
    const room = Math.max(0, set.maxUnavailable - down);
    for (const pod of old.filter((one) => !isReady(one))) remove(set, pod);
    for (const pod of old.filter(isReady).slice(0, room)) remove(set, pod);
  }

  function writeStatus(set: DaemonSetView, nodes: readonly string[], revision: KubeObject): number | undefined {
    const pods = podsOf(store, set.object).filter(isActive);
    const waits = pods.map((pod) => availableInMs(pod, set.minReadySeconds, clock()));
    const updated = pods.filter((pod) => pod.metadata.labels?.[REVISION_HASH] === hashOf(revision)).length;
    const available = waits.filter((wait) => wait === 0).length;
    const unavailable = nodes.length - available;
    const status = {
      currentNumberScheduled: pods.length,
      numberMisscheduled: 0,
      desiredNumberScheduled: nodes.length,
      numberReady: pods.filter(isReady).length,
      observedGeneration: set.object.metadata.generation ?? 1,
      ...(updated === 0 ? {} : { updatedNumberScheduled: updated }),
      ...(available === 0 ? {} : { numberAvailable: available }),
      ...(unavailable === 0 ? {} : { numberUnavailable: unavailable }),
    };
    store.update(DAEMON_SETS, { ...set.object, status }, { subresource: 'status' });
    const limit = numberAt(set.object, 'spec', 'revisionHistoryLimit') ?? DEFAULT_REVISION_HISTORY_COUNT;
    trimRevisions(store, set.object, new Set([revision.metadata.name]), limit);
    const pending = waits.filter((wait) => wait !== undefined && wait > 0);
    return pending.length === 0 ? undefined : Math.min(...pending.map(Number));
  }

  return {
    name: COMPONENT,
    keysFor({ type, resource, object }: StoreEvent) {
      if (resource === DAEMON_SETS) return type === 'DELETED' ? [] : [keyOf(object)];
      if (resource === 'nodes') return store.list(DAEMON_SETS).map(keyOf);
      return resource === 'pods' ? keysOfController(object, 'DaemonSet') : [];
    },
    allKeys: () => store.list(DAEMON_SETS).map(keyOf),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const stored = store.get(DAEMON_SETS, namespace, name);
      const set = stored === undefined || isUnmanaged(stored) ? undefined : readDaemonSet(stored);
      if (set === undefined) return undefined;
      const revision = currentRevision(store, set.object, set.template);
      const nodes = nodesFor(set);
      if (set.object.metadata.deletionTimestamp === undefined) step(set, nodes, revision);
      return writeStatus(set, nodes, revision);
    },
  };
}

function readDaemonSet(object: KubeObject): DaemonSetView | undefined {
  const view = readReplicaSet(object);
  if (view === undefined) return undefined;
  const rolling = recordAt(object, 'spec', 'updateStrategy', 'rollingUpdate');
  return {
    object,
    template: view.template,
    minReadySeconds: view.minReadySeconds,
    rolls: stringAt(object, 'spec', 'updateStrategy', 'type') !== 'OnDelete',
    // A share of one node is one node.
    maxUnavailable: Math.max(1, numberAt(rolling, 'maxUnavailable') ?? 1),
  };
}
