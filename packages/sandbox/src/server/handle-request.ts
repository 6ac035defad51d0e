import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticate } from '../identities/authenticate.ts';
import { mayAccess, type ResourceAccess } from '../identities/authorise.ts';
import type { Identity } from '../identities/identity.ts';
import { applyMediaType, checkPatchKind, checkPatchOfCustom } from '../patch/apply-patch.ts';
import { decodeObject, protobufMediaType } from '../protobuf/decode-object.ts';
import { StatusError } from '../store/status-error.ts';
import type { ApiContext } from '../verbs/api-request.ts';
import { forbidden } from '../verbs/forbidden.ts';
import { type Answer, json } from './answer.ts';
import { checkCaller } from './check-caller.ts';
import { checkServed, dispatch, verbOf } from './dispatch.ts';
import { document } from './documents.ts';
import { mediaTypeOf, parseAccept } from './media-types.ts';
import { parseJson, readBody } from './read-body.ts';
import { parseYaml } from './read-yaml.ts';
import { parseResourcePath, type ResourcePath } from './request-info.ts';

export interface RequestHandling {
  readonly context: ApiContext;
  readonly authenticate: Authenticate;
  /** Told of a fault of ours; the client gets a plain 500. */
  readonly onFault: (error: unknown) => void;
}

/** One request, from the caller's checks to the last byte: who are you, what do you want, may you, then the verb. */
export async function handleRequest(
  handling: RequestHandling,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    write(response, await answer(handling, request));
  } catch (error) {
    if (response.headersSent || response.destroyed) {
      response.destroy();
    } else {
      // Whoever is refused before everything was read is cut off after the answer: nobody makes us read a body without end.
      if (!request.complete && request.method !== 'GET') response.setHeader('connection', 'close');
      write(response, json(...refusal(handling, error)));
    }
  }
}

async function answer({ context, authenticate }: RequestHandling, request: IncomingMessage): Promise<Answer> {
  checkCaller(request);
  const identity = authenticate(request.headers.authorization);
  const url = urlOf(request);
  const path = parseResourcePath(url.pathname, context.store.resources);
  if (path === undefined) {
    const found =
      request.method === 'GET'
        ? document(url.pathname, request.headers.accept, request.headers.host ?? '', context.store.resources)
        : undefined;
    if (found === undefined) throw new StatusError('NotFound', 'the server could not find the requested resource');
    return found;
  }
  const query = url.searchParams;
  const verb = verbOf(request.method ?? '', path, query);
  authorise(context, identity, accessOf(verb, path, query));
  checkServed(verb, path);
  const mediaType = mediaTypeOf(request.headers['content-type']);
  if (verb === 'patch' && path.resource.custom !== undefined) checkPatchOfCustom(mediaType);
  const body = request.method === 'GET' ? undefined : parseBody(verb, mediaType, await readBody(request), query);
  return dispatch(context, verb, {
    identity,
    path,
    query,
    acceptance:
      path.subresource === 'log'
        ? { representation: 'object', metaVersion: 'v1' }
        : parseAccept(request.headers.accept),
    userAgent: request.headers['user-agent'],
    mediaType,
    body,
  });
}

function urlOf(request: IncomingMessage): URL {
  try {
    return new URL(`https://localhost${request.url ?? '/'}`);
  } catch {
    throw new StatusError('BadRequest', 'the request target is not valid');
  }
}

function accessOf(verb: string, path: ResourcePath, query: URLSearchParams): ResourceAccess {
  const { resource, subresource, namespace } = path;
  // A list or watch of a single name is access to that name, as the real API server sees it.
  const selected = /^metadata\.name=([^,!=]+)$/.exec(query.get('fieldSelector') ?? '')?.[1];
  const name = path.name ?? selected;
  return { verb, group: resource.group, resource: resource.plural, subresource, namespace, name };
}

function authorise(context: ApiContext, identity: Identity, access: ResourceAccess): void {
  // A namespace is cluster-scoped, but a role in it may speak of the namespace object itself.
  const inNamespace = access.group === '' && access.resource === 'namespaces' ? access.name : access.namespace;
  if (mayAccess(context.store, identity, { ...access, namespace: inNamespace })) return;
  throw forbidden(identity, access);
}

function parseBody(verb: string, mediaType: string, sent: Buffer, query: URLSearchParams): unknown {
  if (verb === 'patch') {
    checkPatchKind(mediaType);
    if (mediaType === applyMediaType) return parseYaml(sent, query.get('fieldValidation') === 'Strict');
    return parseJson(sent);
  }
  if (sent.length === 0) return undefined;
  if (mediaType === protobufMediaType) return decodeObject(sent);
  if (mediaType === 'application/json' || mediaType === '') return parseJson(sent);
  throw new StatusError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: application/json, ${protobufMediaType}`,
  );
}

function refusal({ onFault }: RequestHandling, error: unknown): [unknown, number] {
  if (error instanceof StatusError) return [error.status, error.code];
  onFault(error);
  // The fault's own words may carry parts of an object; they stay here.
  const status = new StatusError('InternalError', 'the sandbox failed to answer this request').status;
  return [status, 500];
}

function write(response: ServerResponse, answered: Answer): void {
  switch (answered.type) {
    case 'stream':
      answered.start(response);
      return;
    case 'json':
      send(response, answered.code, answered.contentType ?? 'application/json', `${JSON.stringify(answered.body)}\n`);
      return;
    case 'text':
      send(response, answered.code, 'text/plain', answered.body);
      return;
    case 'bytes':
      send(response, answered.code, answered.contentType, answered.body);
      return;
  }
}

function send(response: ServerResponse, code: number, contentType: string, body: string | Uint8Array): void {
  response.writeHead(code, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-cache, private',
    ...(code === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(body);
}
