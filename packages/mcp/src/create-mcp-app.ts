/**
 * The endpoint: POST /mcp, the agents' REST and the resource's metadata, nothing else. In order: who knocks (Host, Origin), who it is (token), then method,
 * body and scope; only then the MCP server of this one request. Cookies are never read.
 */
import { publicRefusal, Unavailable } from '@countersign/approvals';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { Hono } from 'hono';
import { type AccessEntries, createAccessEntries } from './access-entries.ts';
import { assertUsable, type McpConfig } from './config.ts';
import { authenticated, type Edge, scopeRefusal } from './http/authenticate.ts';
import { callerRefusal } from './http/caller-gate.ts';
import { METADATA_PATH, METADATA_ROOT_PATH } from './http/challenge.ts';
import { type EdgeRefusal, publicEdgeRefusal } from './http/edge-refusal.ts';
import { type FaultShape, faultResponse } from './http/fault-response.ts';
import { calledTool, type Message, readMessage } from './http/read-message.ts';
import { resourceMetadata } from './http/resource-metadata.ts';
import { unreadable } from './http/unreadable.ts';
import { FAULT_ID_BYTES, RETRY_AFTER_SECONDS } from './limits.ts';
import type { McpPorts } from './ports.ts';
import { mountRest } from './rest/mount-rest.ts';
import { SCOPES } from './scopes.ts';
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

  const site: Edge = { ports, config, entries };
  app.use(async (c, next) => {
    const refusal = callerRefusal({ host: c.req.header('host'), origin: c.req.header('origin') }, config);
    if (refusal !== undefined) c.res = faultResponse(403, publicEdgeRefusal(refusal), {}, shapeOf(c.req.path));
    else await next();
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
    c.res.headers.set('x-content-type-options', 'nosniff');
  });
  app.get(METADATA_PATH, () => resourceMetadata(config));
  app.get(METADATA_ROOT_PATH, () => resourceMetadata(config));
  app.all('/mcp', async (c) => {
    const request = c.req.raw;
    // Before anything else is said, the 405 included: clients probe with GET and must learn where to authorize.
    const principal = await authenticated(request, site, 'rpc');
    if (!principal.ok) return principal.refusal;
    if (request.method !== 'POST') return edge(405, { code: 'http.method_not_allowed' }, { allow: 'POST' });
    const message = await readMessage(request);
    if (!message.ok) return unreadable(message.refusal, 'rpc');
    const called = calledTool(message.value);
    const tool = called === undefined ? undefined : toolNamed(called.name);
    // A token without any scope of ours may not even list.
    const needed = tool?.scopesFor(called?.input) ?? SCOPES;
    const asked = { principal: principal.value, tool: tool?.name ?? null };
    const scoped = await scopeRefusal(needed, asked, site, 'rpc');
    if (scoped !== undefined) return scoped;
    const call = { principal: principal.value, ports, config, signal: request.signal };
    return serve(message.value, request.headers.get('mcp-protocol-version'), call, entries);
  });
  mountRest(app, site);
  app.notFound((c) => edge(404, { code: 'http.not_found' }, {}, shapeOf(c.req.path)));
  app.onError((error, c) => {
    const shape = shapeOf(c.req.path);
    if (error instanceof Unavailable) {
      const headers = { 'retry-after': String(RETRY_AFTER_SECONDS) };
      return faultResponse(503, publicRefusal({ code: 'internal.unavailable' }), headers, shape);
    }
    return edge(500, { code: 'internal.fault', id: report('http', error) }, {}, shape);
  });
  return app;
}

const shapeOf = (path: string): FaultShape => (path === '/api' || path.startsWith('/api/') ? 'rest' : 'rpc');

const edge = (
  status: number,
  refusal: EdgeRefusal,
  headers: { readonly [name: string]: string } = {},
  shape: FaultShape = 'rpc',
): Response => faultResponse(status, publicEdgeRefusal(refusal), headers, shape);

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
