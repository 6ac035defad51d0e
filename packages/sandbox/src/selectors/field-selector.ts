import { valueAt } from '../json/record.ts';
import type { ApiResource } from '../resources/api-resource.ts';
import type { KubeObject, ResourceKey } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';

export type FieldMatcher = (object: KubeObject) => boolean;

/** The fields that each kind can be selected by, besides metadata.name and metadata.namespace; the real API has the same short list. */
const selectable: Readonly<Record<ResourceKey, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  'events.events.k8s.io': [
    'regarding.kind',
    'regarding.namespace',
    'regarding.name',
    'regarding.uid',
    'reason',
    'type',
    'reportingController',
  ],
  'jobs.batch': ['status.successful'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
};

/** A field selector as it stands in a query: `metadata.name=x,status.phase!=Running`. Throws BadRequest for a field that the kind cannot be selected by. */
export function parseFieldSelector(resource: ApiResource, text: string): FieldMatcher {
  const terms = text
    .split(/(?<!\\),/)
    .filter((term) => term !== '')
    .map((term) => parseTerm(resource, term));
  return (object) => terms.every(({ path, equal, value }) => (fieldText(object, path) === value) === equal);
}

function parseTerm(resource: ApiResource, term: string): { path: string; equal: boolean; value: string } {
  const match = /^([^=!]+)(==|=|!=)(.*)$/s.exec(term);
  if (match === null)
    throw new StatusError(
      'BadRequest',
      `invalid selector: '${term.slice(0, 200)}'; can't understand '${term.slice(0, 200)}'`,
    );
  const path = match[1] ?? '';
  const known = [
    'metadata.name',
    ...(resource.namespaced ? ['metadata.namespace'] : []),
    ...(selectable[resource.key] ?? []),
  ];
  if (!known.includes(path)) throw unknownField(resource, path.slice(0, 200), known);
  return { path, equal: match[2] !== '!=', value: (match[3] ?? '').replace(/\\([\\,=])/g, '$1') };
}

/** The API server has one sentence for kinds with fields of their own and another for all others. */
function unknownField(resource: ApiResource, path: string, known: readonly string[]): StatusError {
  const only = known.map((one) => `"${one}"`).join(', ');
  return new StatusError(
    'BadRequest',
    selectable[resource.key] === undefined
      ? `"${path}" is not a known field selector: only ${only}`
      : `field label not supported: ${path}`,
  );
}

function fieldText(object: KubeObject, path: string): string {
  // Event v1 keeps the reporter in two places; the selector means whichever is there.
  if (path === 'source')
    return String(valueAt(object, 'source', 'component') ?? valueAt(object, 'reportingComponent') ?? '');
  const value = valueAt(object, ...path.split('.'));
  return value === undefined || value === null ? '' : String(value);
}
