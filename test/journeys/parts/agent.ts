/** An agent: the MCP SDK's own client, with a token from the issuer. */

import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Browser } from 'playwright-core';
import { signIn } from './browser.ts';
import type { Ready, RunningSystem } from './running-system.ts';

export interface ToolAnswer {
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the tool promised
  readonly body: any;
}

export interface Agent {
  call(name: string, args?: Record<string, unknown>): Promise<ToolAnswer>;
  tools(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function clientToken(
  ready: Ready,
  client: 'agent' | 'reader',
  form: Record<string, string> = {},
): Promise<string> {
  const { clientId, clientSecret } = ready.clients[client];
  const answer = await fetch(ready.tokenEndpoint, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', resource: ready.mcpUrl, ...form }),
  });
  const body = (await answer.json()) as { access_token?: string; error?: string };
  if (body.access_token === undefined) throw new Error(`no token: ${body.error}`);
  return body.access_token;
}

export const personToken = async (browser: Browser, system: RunningSystem, email: string): Promise<string> =>
  (await personTokens(browser, system, email)).accessToken;

/** A person's own tokens by authorization code with PKCE, as an MCP client gets them. */
export async function personTokens(
  browser: Browser,
  system: RunningSystem,
  email: string,
): Promise<{ readonly accessToken: string; readonly idToken: string }> {
  const { ready } = system;
  const verifier = randomBytes(32).toString('base64url');
  const codes: string[] = [];
  const server = createServer((request, response) => {
    codes.push(new URL(request.url ?? '/', 'http://127.0.0.1').searchParams.get('code') ?? '');
    response.end('done');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const discovery = (await (await fetch(`${ready.issuer}/.well-known/openid-configuration`)).json()) as {
    authorization_endpoint: string;
  };
  const url = new URL(discovery.authorization_endpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: ready.clients.cli.clientId,
    redirect_uri: redirectUri,
    resource: ready.mcpUrl,
    scope: 'openid mcp:read mcp:propose mcp:execute',
    state: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url.href);
    await signIn(page, system.user(email));
    await page.waitForURL(`${redirectUri}**`);
    const answer = await fetch(ready.tokenEndpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: codes[0] ?? '',
        redirect_uri: redirectUri,
        client_id: ready.clients.cli.clientId,
        code_verifier: verifier,
        resource: ready.mcpUrl,
      }),
    });
    const body = (await answer.json()) as { access_token?: string; id_token?: string; error?: string };
    if (body.access_token === undefined) throw new Error(`no token: ${body.error}`);
    return { accessToken: body.access_token, idToken: body.id_token ?? '' };
  } finally {
    await context.close();
    server.close();
  }
}

export async function connectAgent(ready: Ready, token: string): Promise<Agent> {
  const client = new Client({ name: 'journey', version: '1.0.0' });
  const transport = new StreamableHTTPClientTransport(new URL(ready.mcpUrl), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
  });
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  return {
    call: async (name, args = {}) => {
      const answer = await client.callTool({ name, arguments: args });
      const [first] = answer.content as { type: string; text?: string }[];
      // An error is told as text alone: it is no instance of the tool's output schema.
      const body = answer.structuredContent ?? JSON.parse(first?.text ?? '{}');
      return { isError: answer.isError === true, body };
    },
    tools: async () => (await client.listTools()).tools.map((tool) => tool.name),
    close: () => client.close(),
  };
}

export const agentOf = async (ready: Ready, client: 'agent' | 'reader' = 'agent'): Promise<Agent> =>
  connectAgent(ready, await clientToken(ready, client));
