import { numberAt, stringAt } from '../json/record.ts';
import { listMaxLimit } from '../limits.ts';
import { type Answer, json } from '../server/answer.ts';
import type { KubeObject } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { renderList } from './render.ts';
import { resourceVersionOf, selectionOf } from './selection.ts';

/** Where a paged list goes on: at which state of the store it began, and behind which object. */
interface Position {
  readonly resourceVersion: number;
  readonly afterKey: string;
}

/**
 * A collection, in pages where `limit` asks for them. Every page shows the store as it was when the first was read, as in the real API: an object that is
 * written in between is neither missed nor seen twice.
 */
export function listObjects(context: ApiContext, request: ApiRequest): Answer {
  const { path, query } = request;
  const limit = parseLimit(query.get('limit'));
  const position = parseContinue(query.get('continue'));
  const version = resourceVersionOf(query);
  if (version !== undefined && version > Number(context.store.resourceVersion))
    throw new StatusError(
      'Timeout',
      `Too large resource version: ${version}, current: ${context.store.resourceVersion}`,
    );
  const exact = query.get('resourceVersionMatch') === 'Exact' ? version : undefined;
  const state = position?.resourceVersion ?? exact;
  const all: readonly KubeObject[] =
    state === undefined
      ? context.store.list(path.resource.key, path.namespace)
      : context.events.listAt(path.resource.key, path.namespace, state);
  const selection = selectionOf(request);
  const rest = all.filter(
    (object) => selection.matches(object) && (position === undefined || keyOf(object) > position.afterKey),
  );
  const page = limit === undefined ? rest : rest.slice(0, limit);
  const resourceVersion = state === undefined ? context.store.resourceVersion : String(state);
  const last = page.at(-1);
  const more = last !== undefined && page.length < rest.length;
  const metadata = {
    resourceVersion,
    ...(more ? { continue: continueToken({ resourceVersion: Number(resourceVersion), afterKey: keyOf(last) }) } : {}),
    ...(more && !selection.partial ? { remainingItemCount: rest.length - page.length } : {}),
  };
  const rendering = {
    resource: path.resource,
    acceptance: request.acceptance,
    includeObject: query.get('includeObject') ?? '',
    now: context.clock(),
  };
  return json(renderList(page, metadata, rendering));
}

function parseLimit(given: string | null): number | undefined {
  if (given === null || given === '' || given === '0') return undefined;
  if (!/^\d{1,9}$/.test(given))
    throw new StatusError('BadRequest', 'limit: Invalid value: must be a non-negative number');
  return Math.min(Number(given), listMaxLimit);
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function continueToken(position: Position): string {
  const token = { v: 'meta.k8s.io/v1', rv: position.resourceVersion, start: position.afterKey };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

function parseContinue(given: string | null): Position | undefined {
  if (given === null || given === '') return undefined;
  try {
    const token: unknown = JSON.parse(Buffer.from(given, 'base64url').toString('utf8'));
    const resourceVersion = numberAt(token, 'rv');
    const afterKey = stringAt(token, 'start');
    if (resourceVersion !== undefined && afterKey !== undefined) return { resourceVersion, afterKey };
  } catch {
    // Falls through to the refusal.
  }
  throw new StatusError('BadRequest', 'continue key is not valid');
}
