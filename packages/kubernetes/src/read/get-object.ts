/** get_k8s_resource: one object of any readable kind, as a summary, as YAML, or with what surrounds it. */
import { type Json, pass, type Refusal, type Result, refuse, Unavailable } from '@countersign/approvals';
import { stringify } from 'yaml';
import type { ClusterConnection } from '../connection/connect-cluster.ts';
import { listAll } from '../connection/list.ts';
import { readObject } from '../connection/read.ts';
import { kindKey, type ServedKind } from '../discovery/served-kind.ts';
import { RELATED_EVENTS_MAX, YAML_CHARACTERS_MAX } from '../limits.ts';
import { listAt, objectAt, textAt } from '../objects/json-at.ts';
import { clusterObjectPath, ENDPOINT_SLICES, objectPath } from '../objects/resource-kinds.ts';
import type { EndpointSlice, Service } from '../objects/wire.ts';
import { eventJson, newestEvents } from './events.ts';
import { safeAnnotations, safeWord } from './safe-text.ts';
import { type Detail, shownObject } from './shown-object.ts';
import { compact, type JsonMap, serviceDetail } from './summaries/core.ts';
import { genericDetail, genericSummary, knownSummary } from './summaries/of-kind.ts';

export interface ObjectQuery {
  /** Absent for a kind that has none. */
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly output: 'summary' | 'yaml' | 'describe';
  readonly detail: Detail;
}

export interface ReadObject {
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly object: Json;
}

export async function getObject(
  connection: ClusterConnection,
  kind: ServedKind,
  query: ObjectQuery,
): Promise<Result<ReadObject, Refusal>> {
  if (!kind.verbs.includes('get')) return refuse({ code: 'access.kind_denied', kind: kindKey(kind), why: 'verbs' });
  const { name, namespace } = query;
  const path = namespace === undefined ? clusterObjectPath(kind, name) : objectPath(kind, namespace, name);
  const object = await readObject(connection, path);
  if (object === null) return refuse({ code: 'target.not_found', kind: kind.kind, namespace: namespace ?? '', name });
  if (textAt(object, 'metadata', 'namespace') !== namespace) {
    throw new Unavailable('the cluster answered an object of another namespace');
  }
  const about = { kind: kind.kind, apiVersion: kind.apiVersion, namespace: namespace ?? null, name };
  return pass({ ...about, object: await shownAs(connection, kind, object, query) });
}

async function shownAs(
  connection: ClusterConnection,
  kind: ServedKind,
  object: Json,
  { namespace, output, detail }: ObjectQuery,
): Promise<Json> {
  if (output === 'yaml') return yamlOf(object, detail);
  const summary = await summaryOf(connection, kind, object, namespace);
  if (output === 'summary') return detail === 'concise' ? summary : { ...summary, ...specAndStatus(object) };
  const uid = textAt(object, 'metadata', 'uid') ?? '';
  const events =
    namespace === undefined
      ? undefined
      : await newestEvents(connection, namespace, RELATED_EVENTS_MAX, ({ involved }) => involved.uid === uid, {
          fieldSelector: `involvedObject.name=${textAt(object, 'metadata', 'name')}`,
        });
  const { owner, conditions } = genericSummary(object);
  return {
    ...summary,
    annotations: safeAnnotations(objectAt(object, 'metadata', 'annotations')),
    finalizers: listAt(object, 'metadata', 'finalizers').map((one) => safeWord(String(one))),
    owner: owner ?? null,
    conditions: summary.conditions ?? conditions ?? [],
    ...(detail === 'detailed' ? specAndStatus(object) : {}),
    events: events === undefined ? [] : events.events.map(eventJson),
  };
}

async function summaryOf(
  connection: ClusterConnection,
  kind: ServedKind,
  object: Json,
  namespace: string | undefined,
): Promise<JsonMap> {
  const known = knownSummary(kindKey(kind));
  if (known === undefined) return genericDetail(object);
  if (kindKey(kind) !== 'services' || namespace === undefined) return known.full(object);
  const labelSelector = `kubernetes.io/service-name=${textAt(object, 'metadata', 'name') ?? ''}`;
  const slices = await listAll<EndpointSlice>(connection, ENDPOINT_SLICES, namespace, { labelSelector });
  return serviceDetail(object as Service, slices);
}

function specAndStatus(object: Json): JsonMap {
  const { spec = null, status = null } = shownObject(object, 'detailed') as JsonMap;
  return compact({ spec, status });
}

/** Whole lines; what is left out is counted. `concise` leaves the status to the summary. */
function yamlOf(object: Json, detail: Detail): Json {
  const shown = shownObject(object, detail);
  const { status: _status, ...withoutStatus } = shown as JsonMap;
  const text = stringify(detail === 'concise' ? withoutStatus : shown, { lineWidth: 0 });
  if (text.length <= YAML_CHARACTERS_MAX) return { yaml: text, charactersLeftOut: 0 };
  const end = text.lastIndexOf('\n', YAML_CHARACTERS_MAX) + 1;
  return { yaml: text.slice(0, end), charactersLeftOut: text.length - end };
}
