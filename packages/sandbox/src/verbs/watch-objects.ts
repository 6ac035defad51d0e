import type { ServerResponse } from 'node:http';
import {
  bookmarkEverySeconds,
  watchDefaultTimeoutSeconds,
  watchMaxBufferedBytes,
  watchMaxTimeoutSeconds,
} from '../limits.ts';
import { apiVersionOf } from '../resources/api-resource.ts';
import type { Answer } from '../server/answer.ts';
import type { KubeObject, StoreEvent } from '../store/object-store.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext, ApiRequest } from './api-request.ts';
import { renderObject } from './render.ts';
import type { Rendering } from './rendering.ts';
import { resourceVersionOf, selectionOf } from './selection.ts';

type WatchType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';

/**
 * A watch: one JSON document per line. Without a resourceVersion it begins with what is there (as ADDED), with one it goes on behind it.
 * `sendInitialEvents` adds the bookmark that ends the initial events; `allowWatchBookmarks` one a minute.
 */
export function watchObjects(context: ApiContext, request: ApiRequest): Answer {
  const { path, query } = request;
  const selection = selectionOf(request);
  const from = resourceVersionOf(query);
  const initialWanted = query.get('sendInitialEvents') === 'true';
  const bookmarks = query.get('allowWatchBookmarks') === 'true';
  const timeoutMs = parseTimeoutSeconds(query.get('timeoutSeconds')) * 1000;
  const key = path.resource.key === 'events.events.k8s.io' ? 'events' : path.resource.key;
  const rendering: Rendering = {
    resource: path.resource,
    acceptance: request.acceptance,
    includeObject: query.get('includeObject') ?? '',
    now: context.clock(),
  };

  const start = (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
    response.flushHeaders();

    const send = (type: WatchType | 'ERROR', object: unknown) => {
      // A client that does not read must not fill this process's memory.
      if (response.writableLength > watchMaxBufferedBytes) response.destroy();
      else response.write(`${JSON.stringify({ type, object })}\n`);
    };
    const sendObject = (type: WatchType, object: KubeObject) =>
      send(type, renderObject(object, { ...rendering, now: context.clock() }));
    const sendBookmark = (annotations?: Record<string, string>) => {
      const metadata = {
        resourceVersion: context.store.resourceVersion,
        ...(annotations === undefined ? {} : { annotations }),
      };
      send('BOOKMARK', { kind: path.resource.kind, apiVersion: apiVersionOf(path.resource), metadata });
    };
    const sendChange = (event: StoreEvent) => {
      if (event.resource !== key) return;
      const is = event.type !== 'DELETED' && selection.matches(event.object);
      const was = event.previous !== undefined && selection.matches(event.previous);
      if (is) sendObject(was ? 'MODIFIED' : 'ADDED', event.object);
      // Gone, or no longer selected: either way its last state, with the resourceVersion of the change.
      else if (was)
        sendObject('DELETED', {
          ...lastState(event),
          metadata: { ...lastState(event).metadata, resourceVersion: event.object.metadata.resourceVersion },
        });
    };

    try {
      if (from === undefined || initialWanted) {
        for (const object of context.store.list(key, path.namespace))
          if (selection.matches(object)) sendObject('ADDED', object);
        if (initialWanted) sendBookmark({ 'k8s.io/initial-events-end': 'true' });
      } else {
        for (const event of context.events.after(from)) sendChange(event);
      }
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      send('ERROR', error.status);
      response.end();
      return;
    }
    const unsubscribe = context.events.subscribe(sendChange);
    const end = () => response.end();
    const timeout = setTimeout(end, timeoutMs);
    const ticker = bookmarks ? setInterval(() => sendBookmark(), bookmarkEverySeconds * 1000) : undefined;
    context.stopping.addEventListener('abort', end);
    response.once('close', () => {
      unsubscribe();
      clearTimeout(timeout);
      clearInterval(ticker);
      context.stopping.removeEventListener('abort', end);
    });
  };
  return { type: 'stream', start };
}

function lastState(event: StoreEvent): KubeObject {
  return event.previous ?? event.object;
}

function parseTimeoutSeconds(given: string | null): number {
  if (given === null || given === '') return watchDefaultTimeoutSeconds;
  if (!/^\d{1,9}$/.test(given)) throw new StatusError('BadRequest', 'timeoutSeconds: Invalid value: must be a number');
  return Math.min(Number(given), watchMaxTimeoutSeconds);
}
