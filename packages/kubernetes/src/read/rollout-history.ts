/** get_rollout_history: the revisions of a workload, newest first: which images, since when, whether it is the one that runs. */
import { type Json, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listAll } from '../connection/list.ts';
import { readObject } from '../connection/read.ts';
import { HISTORY_EVENTS_MAX, REVISIONS_SHOWN_MAX } from '../limits.ts';
import { listAt, numberAt, objectAt, textAt } from '../objects/json-at.ts';
import {
  CONTROLLER_REVISIONS,
  DAEMON_SETS,
  DEPLOYMENTS,
  objectPath,
  REPLICA_SETS,
  type ResourceKind,
  STATEFUL_SETS,
} from '../objects/resource-kinds.ts';
import { type LabelSelector, selectorText } from '../objects/selectors.ts';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../objects/wire.ts';
import { wasHealthy } from '../observe/was-healthy.ts';
import { ownedBy } from './diagnostics/workload-pods.ts';
import { newestEvents } from './events.ts';
import { safeImage, safeMessage, safeWord } from './safe-text.ts';
import { REVISION } from './summaries/core.ts';
import { daemonSetSummary, statefulSetSummary } from './summaries/workloads.ts';

export type RolledOutKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

export interface HistoryQuery {
  readonly namespace: string;
  readonly kind: RolledOutKind;
  readonly name: string;
  readonly limit: number;
}

const KINDS: Readonly<Record<RolledOutKind, ResourceKind>> = {
  Deployment: DEPLOYMENTS,
  StatefulSet: STATEFUL_SETS,
  DaemonSet: DAEMON_SETS,
};

/** Every kind that the answer shows. */
export const historyKinds = (kind: RolledOutKind): readonly ResourceKind[] => [
  KINDS[kind],
  kind === 'Deployment' ? REPLICA_SETS : CONTROLLER_REVISIONS,
];

interface Revision {
  readonly revision: number;
  readonly current: boolean;
  /** Null: nothing that the cluster keeps tells. */
  readonly healthy: boolean | null;
  readonly json: { readonly [fact: string]: Json };
}

export async function rolloutHistory(
  connection: ClusterConnection,
  query: HistoryQuery,
): Promise<Result<Json, Refusal>> {
  const { namespace, kind, name, limit } = query;
  const object = await readObject(connection, objectPath(KINDS[kind], namespace, name));
  if (object === null) return refuse({ code: 'target.not_found', kind, namespace, name });
  const all =
    kind === 'Deployment'
      ? await ofReplicaSets(connection, namespace, object as Deployment)
      : await ofControllerRevisions(connection, namespace, kind, object);
  const revisions = all.toSorted((a, b) => b.revision - a.revision);
  const shown = revisions.slice(0, Math.min(limit, REVISIONS_SHOWN_MAX));
  return pass({
    namespace,
    kind,
    name,
    revisions: shown.map(({ revision, current, healthy, json }) => ({ revision, current, healthy, ...json })),
    more: revisions.length - shown.length,
  });
}

async function ofReplicaSets(
  connection: ClusterConnection,
  namespace: string,
  { metadata, spec, status }: Deployment,
): Promise<readonly Revision[]> {
  const labelSelector = selectorText(spec?.selector);
  const [all, { events }] = await Promise.all([
    listAll<ReplicaSet>(connection, REPLICA_SETS, namespace, { labelSelector }),
    newestEvents(connection, namespace, HISTORY_EVENTS_MAX, ({ involved }) => involved.kind === 'Pod'),
  ]);
  const running = metadata?.annotations?.[REVISION];
  const progressing = status?.conditions?.find(({ type }) => type === 'Progressing');
  return all
    .filter((set) => ownedBy(set.metadata, [metadata?.uid]))
    .map((set) => {
      const current = set.metadata?.annotations?.[REVISION] === running;
      const healthy = wasHealthy(set, progressing, events, current);
      return {
        revision: Number(set.metadata?.annotations?.[REVISION] ?? 0),
        current,
        // An old one of which no trace is left may well have run.
        healthy: healthy || current ? healthy : null,
        json: {
          name: safeWord(set.metadata?.name),
          images: imagesOf(set.spec?.template?.spec as unknown as Json),
          changeCause: causeOf(set as unknown as Json),
          createdAt: set.metadata?.creationTimestamp ?? null,
          replicas: { desired: set.spec?.replicas ?? 0, ready: set.status?.readyReplicas ?? 0 },
        },
      };
    });
}

async function ofControllerRevisions(
  connection: ClusterConnection,
  namespace: string,
  kind: RolledOutKind,
  object: Json,
): Promise<readonly Revision[]> {
  const labelSelector = selectorText(objectAt(object, 'spec', 'selector') as LabelSelector);
  const all = await listAll<Json>(connection, CONTROLLER_REVISIONS, namespace, { labelSelector });
  const uid = textAt(object, 'metadata', 'uid');
  const own = all.filter((one) => ownedBy(objectAt(one, 'metadata') as ReplicaSet['metadata'], [uid]));
  const newest = Math.max(0, ...own.map((one) => numberAt(one, 'revision') ?? 0));
  const complete =
    kind === 'StatefulSet'
      ? statefulSetSummary(object as unknown as StatefulSet).rolloutComplete === true
      : daemonSetSummary(object as unknown as DaemonSet).rolloutComplete === true;
  return own.map((one) => {
    const revision = numberAt(one, 'revision') ?? 0;
    const current = revision === newest;
    return {
      revision,
      current,
      healthy: current ? complete : null,
      json: {
        name: safeWord(textAt(one, 'metadata', 'name')),
        images: imagesOf(objectAt(one, 'data', 'spec', 'template', 'spec')),
        changeCause: causeOf(one),
        createdAt: textAt(one, 'metadata', 'creationTimestamp') ?? null,
      },
    };
  });
}

const imagesOf = (podSpec: Json | undefined): Json =>
  listAt(podSpec, 'containers').map((container) => ({
    name: safeWord(textAt(container, 'name')),
    image: safeImage(textAt(container, 'image')),
  }));

/** What somebody wrote about the change, often the command that made it. */
const causeOf = (object: Json): Json => {
  const cause = textAt(object, 'metadata', 'annotations', 'kubernetes.io/change-cause');
  return cause === undefined ? null : safeMessage(cause);
};
