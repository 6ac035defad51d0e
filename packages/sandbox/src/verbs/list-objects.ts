import { type Answer, json } from '../server/answer.ts';
import type { KubeObject } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { continueToken, type Position, parseListOptions } from './list-options.ts';
import { renderList } from './render.ts';
import { selectionOf } from './selection.ts';

/**
 * A collection, in pages where `limit` asks for them. Every page shows the store as it was when the first was read, as in the real API: an object that is
 * written in between is neither missed nor seen twice.
 */
export function listObjects(context: ApiContext, request: ApiRequest): Answer {
  const { path, query } = request;
  const options = parseListOptions(query);
  const { limit, position } = options;
  checkReached(context, options.atLeast);
  const began = position === undefined || position.resourceVersion === -1 ? undefined : position.resourceVersion;
  const state = began ?? options.exactly;
  const all: readonly KubeObject[] =
    state === undefined
      ? context.store.list(path.resource.key, path.namespace)
      : asItWas(context, path, state, position);
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

/** A client that has seen a later state than there is (of another cluster, perhaps) must not take an older one for it. Throws Timeout. */
export function checkReached({ store }: ApiContext, version: number | undefined): void {
  if (version === undefined || version <= Number(store.resourceVersion)) return;
  throw new StatusError(
    'Timeout',
    `Timeout: Too large resource version: ${version}, current: ${store.resourceVersion}`,
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version', field: '' }],
      retryAfterSeconds: 1,
    },
  );
}

/** The list as it was; where that is forgotten, 410 with the way to go on without it. */
function asItWas(
  { events }: ApiContext,
  { resource, namespace }: ApiRequest['path'],
  state: number,
  position: Position | undefined,
): readonly KubeObject[] {
  try {
    return events.listAt(resource.key, namespace, state);
  } catch (error) {
    if (!(error instanceof StatusError) || error.reason !== 'Expired') throw error;
    if (position === undefined)
      throw new StatusError('Expired', 'The resourceVersion for the provided list is too old.');
    const message = 'The provided continue parameter is too old to display a consistent list result.';
    const next = continueToken({ resourceVersion: -1, afterKey: position.afterKey });
    throw new StatusError('Expired', message, undefined, { continue: next });
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
