/**
 * The HTTP edge, over a real socket: who may knock, with which token, for what.
 * Tokens bound to a key (DPoP) are refused until they are offered: packages/identity. Introspection is not offered: tokens are checked by signature and live for minutes.
 */
import { request as httpRequest } from 'node:http';
import { Unavailable } from '@countersign/approvals';
import {
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from '@modelcontextprotocol/sdk/client/auth.js';
import { handle } from 'hono/aws-lambda';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createMcpApp } from './create-mcp-app.ts';
import { REQUEST_BODY_BYTES_MAX } from './limits.ts';
import { startStores } from './testing/store.ts';
import { ALL, call, startWorld, type World } from './testing/world.ts';
import { TOOL_NAMES } from './tools/tool-names.ts';

let database: Awaited<ReturnType<typeof startStores>>;
let world: World;
beforeAll(async () => {
  database = await startStores();
});
afterAll(() => database.stop());
beforeEach(async () => {
  world = await startWorld(await database.open());
});
afterEach(() => world.stop());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly token?: string;
  readonly body?: unknown;
}

/** By node:http, which sends any Host and Origin that a test asks for. */
function send({ method = 'POST', path = '/mcp', headers = {}, token, body = ping }: Sent = {}) {
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; text: string }>(
    (resolve, reject) => {
      const request = httpRequest(
        {
          host: '127.0.0.1',
          port: world.port,
          method,
          path,
          headers: {
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      request.on('error', reject);
      if (['POST', 'PUT', 'PATCH'].includes(method))
        request.write(typeof body === 'string' ? body : JSON.stringify(body));
      request.end();
    },
  );
}

const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
const toolCall = (name: string, input: unknown = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: input },
});
const DEEP = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
const codeOf = (text: string): string => JSON.parse(text).error.data.code;

describe('the resource metadata', () => {
  test.each(['/.well-known/oauth-protected-resource/mcp', '/.well-known/oauth-protected-resource'])(
    'is public at %s and names this resource and its issuer',
    async (path) => {
      const { status, text, headers } = await send({ method: 'GET', path });
      expect(status).toBe(200);
      expect(JSON.parse(text)).toEqual({
        resource: world.resource,
        resource_name: 'Countersign',
        authorization_servers: [world.issuer],
        scopes_supported: ['mcp:read', 'mcp:propose', 'mcp:execute'],
        bearer_methods_supported: ['header'],
      });
      expect(headers['cache-control']).toContain('max-age');
    },
  );

  test("is found by the SDK's own client from a 401", async () => {
    const response = await fetch(world.resource, { method: 'POST' });
    const { resourceMetadataUrl, scope } = extractWWWAuthenticateParams(response);
    expect(scope).toBe('mcp:read');
    if (resourceMetadataUrl === undefined) throw new Error('no metadata named');
    const metadata = await discoverOAuthProtectedResourceMetadata(world.resource, { resourceMetadataUrl });
    expect(metadata.resource).toBe(world.resource);
    expect((await discoverOAuthProtectedResourceMetadata(world.resource)).resource).toBe(world.resource);
  });

  test('takes no other method', async () => {
    const { status } = await send({ path: '/.well-known/oauth-protected-resource/mcp' });
    expect(status).toBe(404);
  });
});

describe('without a valid token nothing else is said', () => {
  test.each(['POST', 'GET', 'DELETE', 'PUT', 'PATCH', 'OPTIONS', 'HEAD'])(
    '%s without a token is a 401 with a challenge',
    async (method) => {
      const { status, headers } = await send({ method });
      expect(status).toBe(401);
      expect(headers['www-authenticate']).toBe(
        `Bearer resource_metadata="${world.origin}/.well-known/oauth-protected-resource/mcp", scope="mcp:read"`,
      );
    },
  );

  test.each<[string, () => Promise<string> | string]>([
    ['opaque', () => 'not-a-jwt'],
    ['malformed', () => 'a.b.c'],
    ['of another issuer', () => world.token({ iss: 'https://evil.example' })],
    ['for another resource', () => world.token({ aud: 'https://other.example/mcp' })],
    ['for the pages', () => world.token({ aud: 'https://pages.example' })],
    ['expired', () => world.token({ exp: Math.floor(Date.now() / 1000) - 60 })],
    ['with an unknown kid', () => world.token({}, { kid: 'k2' })],
    ['without a kid', () => world.token({}, { kid: undefined })],
    ['an ID token', () => world.token({}, { typ: 'JWT' })],
  ])('a token that is %s is a 401 that says invalid_token', async (_title, make) => {
    const token = await make();
    const { status, headers, text } = await send({ token, body: toolCall('get_allowed_namespaces') });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toContain('error="invalid_token"');
    expect(codeOf(text)).toBe('token.invalid');
    expect(`${text}${JSON.stringify(headers)}`).not.toContain(token);
    expect(world.cluster.requests).toEqual([]);
  });

  test.each<[string, Partial<Sent>]>([
    ['a query parameter', { path: '/mcp?access_token=TOKEN' }],
    ['a cookie', { headers: { cookie: 'access_token=TOKEN; __Host-session=TOKEN' } }],
    ['a body field', { body: { ...ping, access_token: 'TOKEN' } }],
    ['another scheme', { headers: { authorization: 'Token TOKEN' } }],
  ])('a good token in %s is no token', async (_title, sent) => {
    const token = await world.token();
    const filled = JSON.parse(JSON.stringify(sent).replaceAll('TOKEN', token)) as Sent;
    expect((await send(filled)).status).toBe(401);
  });

  test('the identity comes from the token alone, whatever headers claim', async () => {
    const token = await world.token();
    const headers = {
      'impersonate-user': 'admin',
      'impersonate-group': 'system:masters',
      'x-forwarded-user': 'admin',
      cookie: 'user=admin',
    };
    const { status, text } = await send({
      token,
      headers,
      body: toolCall('get_k8s_status', { namespace: 'kube-system' }),
    });
    expect(status).toBe(200);
    expect(text).toContain('access.not_bound');
    expect(world.cluster.requests).toEqual([]);
  });

  test('the token goes no further than the edge', async () => {
    const token = await world.token();
    const seen: unknown[] = [];
    const proposals = {
      propose: async (...input: unknown[]) => {
        seen.push(input);
        throw new Unavailable('not now');
      },
    };
    const app = createMcpApp({ ...world.ports, proposals }, world.config);
    const headers = {
      host: `127.0.0.1:${world.port}`,
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    };
    const body = JSON.stringify(
      toolCall('request_restart_deployment', { namespace: 'shop', name: 'web', reason: 'x' }),
    );
    const response = await app.request('/mcp', { method: 'POST', headers, body });
    expect(await response.text()).toContain('internal.unavailable');
    expect(seen).toHaveLength(1);
    for (const part of token.split('.')) expect(JSON.stringify(seen)).not.toContain(part);
  });

  test('a refused token leaves a code in the access log, and nothing of the token', async () => {
    const token = await world.token({ aud: 'https://other.example/mcp' });
    await send({ token });
    const entries = await world.stores.accessEntries();
    expect(entries).toMatchObject([
      { type: 'token.refused', actor: null, data: { code: 'token.invalid', fault: 'audience' } },
    ]);
    for (const part of token.split('.')) expect(JSON.stringify(entries)).not.toContain(part);
  });

  test('an issuer that does not answer is a 503, not an invitation to authorize again', async () => {
    const verifier = {
      verify: async () => {
        throw new Unavailable('the issuer did not answer');
      },
    };
    const app = createMcpApp({ ...world.ports, verifier }, world.config);
    const response = await app.request('/mcp', { method: 'POST', headers: { host: `127.0.0.1:${world.port}` } });
    expect(response.status).toBe(503);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(response.headers.get('retry-after')).toBe('5');
  });
});

describe('scopes are judged at the HTTP edge, before dispatch', () => {
  test('a token without any scope of ours may not even list', async () => {
    const token = await world.token({ scope: 'openid profile' });
    const { status, headers } = await send({ token, body: { jsonrpc: '2.0', id: 1, method: 'tools/list' } });
    expect(status).toBe(403);
    expect(headers['www-authenticate']).toContain('error="insufficient_scope"');
    expect(headers['www-authenticate']).toContain('scope="mcp:read"');
  });

  test.each([
    ['request_restart_deployment', 'mcp:read mcp:propose'],
    ['request_scale_deployment', 'mcp:read mcp:propose'],
    ['request_set_deployment_image', 'mcp:read mcp:propose'],
    ['cancel_plan', 'mcp:read mcp:propose'],
    ['execute_approved_plan', 'mcp:read mcp:execute'],
  ])('the read scope cannot call %s; one challenge names all scopes to ask for', async (name, scope) => {
    const token = await world.token({ scope: 'mcp:read' });
    const { status, headers, text } = await send({ token, body: toolCall(name, {}) });
    expect(status).toBe(403);
    expect(headers['www-authenticate']).toContain(`scope="${scope}"`);
    expect(headers['www-authenticate']).toContain('resource_metadata="');
    expect(codeOf(text)).toBe('access.scope_missing');
    expect(world.cluster.requests).toEqual([]);
  });

  // The tool is listed all the same: a client can only step up to what it knows; the call is what is refused.
  test('every scope sees the same list', async () => {
    for (const scope of ['mcp:read', 'mcp:execute', ALL]) {
      const client = await world.as('agent', scope);
      expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(TOOL_NAMES);
    }
  });

  test('the execute scope can wait but not propose, the propose scope cannot execute', async () => {
    const executor = await world.token({ scope: 'mcp:execute' });
    const planId = `pln_${'a'.repeat(22)}`;
    expect((await send({ token: executor, body: toolCall('wait_for_plan_approval', { planId }) })).status).toBe(200);
    expect((await send({ token: executor, body: toolCall('request_restart_deployment') })).status).toBe(403);
    const proposer = await world.token({ scope: 'mcp:propose' });
    expect((await send({ token: proposer, body: toolCall('execute_approved_plan', { planId }) })).status).toBe(403);
    expect((await send({ token: proposer, body: toolCall('get_k8s_status', { namespace: 'shop' }) })).status).toBe(403);
  });

  test('a scope is a whole word', async () => {
    const token = await world.token({ scope: 'xmcp:read mcp:readonly mcp:propose-all' });
    expect((await send({ token, body: toolCall('get_k8s_status', { namespace: 'shop' }) })).status).toBe(403);
  });

  test('a tool that is not in the list is a protocol error, and no request leaves', async () => {
    const token = await world.token();
    for (const name of [
      'kubectl_delete',
      'Get_k8s_status',
      'get_k8s_status ',
      'approve_plan',
      'constructor',
      '__proto__',
      '',
    ]) {
      const { status, text } = await send({
        token,
        body: toolCall(name, { resourceType: 'pod', name: 'x', namespace: 'shop' }),
      });
      expect(status).toBe(200);
      expect(JSON.parse(text).error.code).toBe(-32602);
    }
    expect(world.cluster.requests).toEqual([]);
  });
});

describe('a web page cannot drive the endpoint', () => {
  test.each<[string, Record<string, string>]>([
    ['a foreign Host', { host: 'attacker.example' }],
    ['another port', { host: 'localhost:1' }],
    ['a name that only begins like ours', { host: '127.0.0.1.attacker.example' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['an opaque Origin', { origin: 'null' }],
    ['the pages themselves', { origin: 'https://pages.example' }],
  ])('%s is a 403 on every path and method', async (_title, headers) => {
    const token = await world.token();
    for (const sent of [
      { token, body: toolCall('get_k8s_status', { namespace: 'shop' }) },
      { method: 'GET', token },
      { method: 'GET', path: '/.well-known/oauth-protected-resource' },
      { method: 'GET', path: '/' },
    ]) {
      expect((await send({ ...sent, headers })).status).toBe(403);
    }
    expect(world.cluster.requests).toEqual([]);
  });

  test('a request without a Host header is a 403', async () => {
    const response = await createMcpApp(world.ports, world.config).request('/mcp', { method: 'POST' });
    expect(response.status).toBe(403);
  });

  test('an allowed Origin passes, without any CORS header', async () => {
    const { status, headers } = await send({
      token: await world.token(),
      headers: { origin: 'https://inspector.example' },
    });
    expect(status).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'text/plain; a=application/json',
    'application/jsonp',
    '',
  ])('a body of type "%s" is a 415', async (type) => {
    const { status, text } = await send({ token: await world.token(), headers: { 'content-type': type } });
    expect(status).toBe(415);
    expect(codeOf(text)).toBe('http.media_type');
  });
});

describe('what is sent must be one JSON-RPC message', () => {
  test.each(['GET', 'DELETE', 'PUT', 'PATCH'])(
    '%s with a valid token is a 405: no streams, no sessions',
    async (method) => {
      const { status, headers } = await send({ method, token: await world.token() });
      expect(status).toBe(405);
      expect(headers.allow).toBe('POST');
    },
  );

  test.each<[string, unknown, number, string]>([
    ['a batch', [toolCall('get_allowed_namespaces'), toolCall('get_allowed_namespaces')], 400, 'rpc.batch'],
    ['an empty batch', [], 400, 'rpc.batch'],
    ['a batch of one', [ping], 400, 'rpc.batch'],
    ['no JSON', '{"jsonrpc":', 400, 'http.body_unreadable'],
    ['nothing', '', 400, 'http.body_unreadable'],
    ['a text', '"ping"', 400, 'rpc.invalid'],
    ['null', 'null', 400, 'rpc.invalid'],
    ['another protocol', { method: 'ping', id: 1 }, 400, 'rpc.invalid'],
    ['an id that is an object', { ...ping, id: {} }, 400, 'rpc.invalid'],
    ['params that are a text', { ...ping, params: 'x' }, 400, 'rpc.invalid'],
    ['a megabyte', 'x'.repeat(1_048_576), 413, 'request.too_large'],
    ['one byte too many', ' '.repeat(REQUEST_BODY_BYTES_MAX + 1), 413, 'request.too_large'],
  ])('%s is refused with a stable code', async (_title, body, expected, code) => {
    const { status, text } = await send({ token: await world.token(), body });
    expect(status).toBe(expected);
    expect(codeOf(text)).toBe(code);
  });

  test('a body without a declared length is bounded all the same', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let at = 0; at < 5; at += 1) controller.enqueue(new TextEncoder().encode(' '.repeat(65_536)));
        controller.close();
      },
    });
    const headers = { authorization: `Bearer ${await world.token()}`, 'content-type': 'application/json' };
    const response = await fetch(world.resource, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(413);
  });

  test.each<[string, unknown]>([
    ['deep nesting', JSON.stringify(toolCall('get_allowed_namespaces', { x: 'DEEP' })).replace('"DEEP"', DEEP)],
    ['arguments that are a list', toolCall('get_allowed_namespaces', ['x'])],
    ['a name that is an object', toolCall({} as string)],
    ['an unknown method', { jsonrpc: '2.0', id: 1, method: 'tools/approve' }],
    [
      'a task',
      {
        ...toolCall('get_allowed_namespaces'),
        params: { name: 'get_allowed_namespaces', arguments: {}, task: { ttl: 1000 } },
      },
    ],
  ])('%s crashes nothing and reaches nothing', async (_title, body) => {
    const { status, text } = await send({ token: await world.token(), body });
    expect(status).toBeLessThan(500);
    expect(JSON.parse(text).result?.structuredContent).toBeUndefined();
    expect(world.faults).toEqual([]);
    expect(world.cluster.requests).toEqual([]);
  });

  test('an unknown protocol version is refused; any Accept is answered with JSON', async () => {
    const token = await world.token();
    const refused = await send({ token, headers: { 'mcp-protocol-version': '2099-01-01' } });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('2025-11-25');
    for (const accept of ['*/*', 'application/json', 'text/event-stream, application/json']) {
      const { status, headers } = await send({ token, headers: { accept } });
      expect([status, headers['content-type']]).toEqual([200, 'application/json']);
    }
  });

  test('a prototype in the arguments changes nothing', async () => {
    const body = JSON.stringify(toolCall('get_allowed_namespaces', 'PROTO')).replace(
      '"PROTO"',
      '{"__proto__":{"polluted":1}}',
    );
    expect((await send({ token: await world.token(), body })).status).toBe(200);
    expect({}).not.toHaveProperty('polluted');
  });

  test.each([
    '/',
    '/mcp/',
    '/MCP',
    '/mcp/x',
    '/sse',
    '/messages',
    '/plans/pln_x',
    '/plans/pln_x/approve',
    '/approvals',
    '/local/observe',
    '/..%2fmcp',
    '/.well-known/oauth-authorization-server',
    '/favicon.ico',
  ])('there is nothing at %s, with or without a token (4.13 h)', async (path) => {
    for (const method of ['GET', 'POST']) {
      const { status, text } = await send({ method, path, token: await world.token() });
      expect(status).toBe(404);
      expect(codeOf(text)).toBe('http.not_found');
    }
  });

  test('every answer forbids caching and sniffing', async () => {
    for (const sent of [{}, { token: await world.token() }, { path: '/nothing' }]) {
      const { headers } = await send(sent);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['set-cookie']).toBeUndefined();
    }
  });
});

describe('approval confusion', () => {
  test('an approval in the arguments is an unknown argument', async () => {
    const client = await world.as('agent');
    for (const name of ['execute_approved_plan', 'get_plan_status']) {
      for (const extra of [{ approved: true }, { approval: 'yes' }, { confirm: true }, { grant: 'x' }]) {
        const { error } = await call(client, name, { planId: `pln_${'a'.repeat(22)}`, ...extra });
        expect(error?.code).toBe('request.invalid');
        expect(error?.message).toContain(Object.keys(extra)[0]);
      }
    }
  });

  test('a forged elicitation answer has no effect', async () => {
    const body = { jsonrpc: '2.0', id: 7, result: { action: 'accept', content: { approved: true } } };
    const { status, text } = await send({ token: await world.token(), body });
    expect([status, text]).toEqual([202, '']);
  });

  test('the server advertises tools alone, and asks nothing of a client', async () => {
    const client = await world.as('agent');
    expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: false } });
    expect(client.getServerVersion()).toMatchObject({ name: 'countersign', title: 'Countersign' });
  });
});

test('a Lambda event of API Gateway is served alike', async () => {
  const handler = handle(createMcpApp(world.ports, world.config));
  const event = {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/mcp',
    rawQueryString: '',
    cookies: ['session=x'],
    headers: {
      host: `127.0.0.1:${world.port}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${await world.token()}`,
    },
    requestContext: { domainName: `127.0.0.1:${world.port}`, http: { method: 'POST', path: '/mcp' } },
    body: JSON.stringify(toolCall('get_allowed_namespaces')),
    isBase64Encoded: false,
  };
  const answer = (await handler(event as unknown as Parameters<typeof handler>[0])) as {
    statusCode: number;
    body: string;
  };
  expect(answer.statusCode).toBe(200);
  expect(JSON.parse(answer.body).result.structuredContent.cluster).toBe('test');
});

test.each([
  ['a slash at the end', { resource: 'https://host.example/mcp/' }],
  ['a query', { resource: 'https://host.example/mcp?x=1' }],
  ['another path', { resource: 'https://host.example/' }],
  ['capitals', { resource: 'https://HOST.example/mcp' }],
  ['no host', { allowedHosts: [] }],
  ['no authorization server', { authorizationServers: [] }],
])('refuses to start with %s in the configuration', (_title, change) => {
  expect(() => createMcpApp(world.ports, { ...world.config, ...change })).toThrow(TypeError);
});
