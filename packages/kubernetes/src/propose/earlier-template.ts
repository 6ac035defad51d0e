/**
 * Earlier pod templates of a workload, from what its controller keeps: ReplicaSets of a Deployment, ControllerRevisions of a StatefulSet or
 * DaemonSet. The template is looked up once, here, and is in the intent: at execution nobody looks.
 */
import {
  canonicalize,
  type Json,
  type LiveObject,
  pass,
  type Refusal,
  type Result,
  refuse,
} from '@countersign/approvals';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listAll } from '../connection/list.ts';
import { isObject, type JsonObject, listAt, numberAt, objectAt, textAt, valueAt } from '../objects/json-at.ts';
import { CONTROLLER_REVISIONS, REPLICA_SETS } from '../objects/resource-kinds.ts';

export interface EarlierTemplate {
  readonly revision: number;
  readonly template: JsonObject;
}

export interface FoundTemplate extends EarlierTemplate {
  /** The revision that the present template is kept under; null where its controller has made none of it yet. */
  readonly presentRevision: number | null;
}

/** `revision` null: the one before the present one. Throws Unavailable or Forbidden. */
export async function earlierTemplate(
  connection: ClusterConnection,
  { kind, namespace }: { readonly kind: string; readonly namespace: string },
  live: LiveObject,
  revision: number | null,
): Promise<Result<FoundTemplate, Refusal>> {
  const kept =
    kind === 'Deployment'
      ? (await listAll<Json>(connection, REPLICA_SETS, namespace)).map((set) => ({
          owned: set,
          found: ofReplicaSet(set),
        }))
      : (await listAll<Json>(connection, CONTROLLER_REVISIONS, namespace)).map((one) => ({
          owned: one,
          found: ofRevision(one),
        }));
  const known = kept
    .flatMap(({ owned, found }) => (found !== undefined && isOwned(owned, live.uid) ? [found] : []))
    .sort((a, b) => b.revision - a.revision);
  const present = presentOf(known, live);
  const wanted = known.find((one) => (revision === null ? one !== present : one.revision === revision));
  if (wanted === undefined) {
    return refuse({ code: 'target.revision_unknown', revision, revisions: known.map((one) => one.revision).reverse() });
  }
  return wanted === present
    ? refuse({ code: 'target.unchanged' })
    : pass({ ...wanted, presentRevision: present?.revision ?? null });
}

/**
 * Which of them the present template is, newest first: the one that reads alike, or, where an upgrade of the API server has added fields
 * since, the newest, once the controller has acted on the newest spec. While it has not, or while a Deployment is paused, there may be none.
 */
function presentOf(known: readonly EarlierTemplate[], { object, generation }: LiveObject): EarlierTemplate | undefined {
  const template = canonicalize(valueAt(object, 'spec', 'template') ?? null);
  const alike = known.find((one) => canonicalize(one.template) === template);
  const observed = (numberAt(object, 'status', 'observedGeneration') ?? 0) >= (generation ?? Number.POSITIVE_INFINITY);
  return alike ?? (observed && valueAt(object, 'spec', 'paused') !== true ? known[0] : undefined);
}

const isOwned = (object: Json, uid: string): boolean =>
  listAt(object, 'metadata', 'ownerReferences').some(
    (owner) => isObject(owner) && owner.controller === true && owner.uid === uid,
  );

/** The Deployment controller's own label tells its ReplicaSets apart; in a template of the Deployment it would tie new pods to an old one. */
const HASH_LABEL = 'pod-template-hash';
const REVISION = 'deployment.kubernetes.io/revision';

function ofReplicaSet(set: Json): EarlierTemplate | undefined {
  const revision = Number(textAt(set, 'metadata', 'annotations', REVISION));
  if (!Number.isSafeInteger(revision) || revision < 1) return undefined;
  const template = objectAt(set, 'spec', 'template');
  const labels = Object.entries(objectAt(template, 'metadata', 'labels')).filter(([key]) => key !== HASH_LABEL);
  return {
    revision,
    template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels: Object.fromEntries(labels) } },
  };
}

/** `data` is the patch that makes the template what it was: `{spec: {template: {$patch: replace, ...}}}`. */
function ofRevision(object: Json): EarlierTemplate | undefined {
  const revision = numberAt(object, 'revision');
  const { $patch: _directive, ...template } = objectAt(object, 'data', 'spec', 'template');
  return revision === undefined || Object.keys(template).length === 0 ? undefined : { revision, template };
}
