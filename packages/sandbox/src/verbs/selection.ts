import { parseFieldSelector } from '../selectors/field-selector.ts';
import { parseLabelSelector } from '../selectors/label-selector.ts';
import type { KubeObject } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiRequest } from './api-request.ts';
import { viewed } from './render.ts';

/** What a list or watch selects. */
export interface Selection {
  readonly matches: (object: KubeObject) => boolean;
  /** Whether labels or fields are selected by: then nobody knows how many items remain. */
  readonly partial: boolean;
}

/** Reads namespace, labelSelector and fieldSelector. Throws BadRequest where a selector cannot be read. */
export function selectionOf({ path, query }: Pick<ApiRequest, 'path' | 'query'>): Selection {
  const labels = query.get('labelSelector') ?? '';
  const fields = query.get('fieldSelector') ?? '';
  const byLabels = parseLabelSelector(labels);
  const byFields = parseFieldSelector(path.resource, fields);
  return {
    partial: labels !== '' || fields !== '',
    matches: (object) =>
      (path.namespace === undefined || object.metadata.namespace === path.namespace) &&
      (path.name === undefined || object.metadata.name === path.name) &&
      byLabels(object.metadata.labels ?? {}) &&
      byFields(viewed(path.resource, object)),
  };
}

/** A resourceVersion of a query: a number, or undefined where the newest state is meant. Throws BadRequest. */
export function resourceVersionOf(query: URLSearchParams): number | undefined {
  const given = query.get('resourceVersion') ?? '';
  if (given === '' || given === '0') return undefined;
  return parseVersion(given);
}

function parseVersion(given: string): number {
  const version = Number(given);
  if (/^\d{1,15}$/.test(given) && Number.isSafeInteger(version)) return version;
  throw badVersion();
}

function badVersion(): StatusError {
  return new StatusError('BadRequest', 'resourceVersion: Invalid value: must be a number that this API gave out');
}
