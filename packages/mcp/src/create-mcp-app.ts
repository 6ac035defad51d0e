/**
 * The endpoint: POST /mcp and the resource's metadata, nothing else. In order: who knocks (Host, Origin), who it is (token), then method,
 * body and scope; only then the MCP server of this one request. Cookies are never read.
 */
import {
  type Principal,
  pass,
  publicRefusal,
  type Refusal,
  type Result,
  refuse,
  Unavailable,
} from '@countersign/approvals';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { Hono } from 'hono';
import { type AccessEntries, createAccessEntries } from './access-entries.ts';
import { assertUsable, type McpConfig } from './config.ts';
import { callerRefusal } from './http/caller-gate.ts';
import { challenge, METADATA_PATH, METADATA_ROOT_PATH } from './http/challenge.ts';
import { type EdgeRefusal, publicEdgeRefusal } from './http/edge-refusal.ts';
import { faultResponse } from './http/fault-response.ts';
import { calledTool, type Message, readMessage } from './http/read-message.ts';
import { resourceMetadata } from './http/resource-metadata.ts';
import { FAULT_ID_BYTES, RETRY_AFTER_SECONDS } from './limits.ts';
import type { McpPorts } from './ports.ts';
import { holdsAny, SCOPES, scopesToAskFor } from './scopes.ts';
import { createServer } from './server/create-server.ts';
import { toolNamed } from './tools/registry.ts';
import type { ToolCall } from './tools/tool.ts';

/** Throws on a configuration that could not be right. Serve it with hono/aws-lambda's `handle`, or any server that speaks fetch. */
export function createMcpApp(ports: McpPorts, config: McpConfig): Hono {
  assertUsable(config);
  const report = (where: string, error: unknown): string => {
    const id = `flt_${ports.random.token(FAULT_ID_BYTES)}`;
    ports.faults({ id, where, error });
    return id;
  };
  const entries = createAccessEntries(ports.accessLog, ports.clock, (error) => report('access-log', error));
  const app = new Hono();

  app.use(async (c, next) => {
    const refusal = callerRefusal({ host: c.req.header('host'), origin: c.req.header('origin') }, config);
    if (refusal !== undefined) c.res = faultResponse(403, publicEdgeRefusal(refusal));
    else await next();
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
    c.res.headers.set('x-content-type-options', 'nosniff');
  });
  app.get(METADATA_PATH, () => resourceMetadata(config));
  app.get(METADATA_ROOT_PATH, () => resourceMetadata(config));
  app.all('/mcp', async (c) => {
    const request = c.req.raw;
    // Before anything else is said, the 405 included: clients probe with GET and must learn where to authorize.
    const principal = await authenticated(request, ports, config, entries);
    if (!principal.ok) return principal.refusal;
    if (request.method !== 'POST') return edge(405, { code: 'http.method_not_allowed' }, { allow: 'POST' });
    const message = await readMessage(request);
    if (!message.ok) return unreadable(message.refusal);
    const scoped = await scopeRefusal(message.value, principal.value, config, entries);
    if (scoped !== undefined) return scoped;
    const call = { principal: principal.value, ports, config, signal: request.signal };
    return serve(message.value, request.headers.get('mcp-protocol-version'), call, entries);
  });
  app.notFound(() => edge(404, { code: 'http.not_found' }));
  app.onError((error) => {
    if (error instanceof Unavailable) {
      return faultResponse(503, publicRefusal({ code: 'internal.unavailable' }), {
        'retry-after': String(RETRY_AFTER_SECONDS),
      });
    }
    return edge(500, { code: 'internal.fault', id: report('http', error) });
  });
  return app;
}

const edge = (status: number, refusal: EdgeRefusal, headers: { readonly [name: string]: string } = {}): Response =>
  faultResponse(status, publicEdgeRefusal(refusal), headers);

/** Bearer token in the Authorization header alone: a cookie, a query parameter or a body field is not looked at (OAuth 2.1 section 5.1). */
async function authenticated(
  request: Request,
  ports: McpPorts,
  config: McpConfig,
  entries: AccessEntries,
): Promise<Result<Principal, Response>> {
  const verified = await ports.verifier.verify(request.headers.get('authorization') ?? undefined);
  if (verified.ok) return pass(verified.value.principal);
  const { refusal } = verified;
  const fault = refusal.code === 'token.invalid' ? refusal.fault : null;
  await entries.add('token.refused', null, { code: refusal.code, fault });
  const headers = challenge(config, ['mcp:read'], refusal.code === 'token.invalid' ? 'invalid_token' : undefined);
  return refuse(edge(401, { code: refusal.code }, headers));
}

function unreadable(refusal: EdgeRefusal | Refusal): Response {
  if (refusal.code === 'request.too_large') return faultResponse(413, publicRefusal(refusal as Refusal));
  const status = refusal.code === 'http.media_type' ? 415 : 400;
  return edge(status, refusal as EdgeRefusal);
}

/**
 * At HTTP level and before dispatch: only a 403 challenge makes a client step up, an error inside a result does not (MCP 2025-11-25,
 * authorization). A token without any scope of ours may not even list.
 */
async function scopeRefusal(
  message: Message,
  principal: Principal,
  config: McpConfig,
  entries: AccessEntries,
): Promise<Response | undefined> {
  const called = calledTool(message);
  const tool = called === undefined ? undefined : toolNamed(called.name);
  const needed = tool?.scopesFor(called?.input) ?? SCOPES;
  if (holdsAny(principal.scopes, needed)) return undefined;
  const scope = needed[0];
  await entries.add('scope.refused', principal.id, { tool: tool?.name ?? null, scope });
  const headers = challenge(config, scopesToAskFor(principal.scopes, scope), 'insufficient_scope');
  return faultResponse(403, publicRefusal({ code: 'access.scope_missing', scope }), headers);
}

/** A server and a transport per request: nothing of one caller can be there for the next. */
async function serve(
  message: Message,
  version: string | null,
  call: ToolCall,
  entries: AccessEntries,
): Promise<Response> {
  const server = createServer(call, entries);
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
  await server.connect(transport);
  try {
    // The very value that the scope was judged by, not the bytes read once more; of the headers only what the transport needs. The token
    // ends here (MCP, security best practices: token passthrough).
    const headers = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
    const inner = new Request(call.config.resource, {
      method: 'POST',
      headers: version === null ? headers : { ...headers, 'mcp-protocol-version': version },
    });
    return await transport.handleRequest(inner, { parsedBody: message });
  } finally {
    await server.close();
  }
}
