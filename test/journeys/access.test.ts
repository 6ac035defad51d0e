import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentOf, clientToken, personTokens } from './parts/agent.ts';
import { launchBrowser } from './parts/browser.ts';
import { type RunningSystem, startSystem } from './parts/running-system.ts';

let system: RunningSystem;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system?.dispose();
});

const rpc = (token: string | undefined, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(system.ready.mcpUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
const call = (name: string, args: Record<string, unknown> = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: args },
});

describe('access to the endpoint', () => {
  it('challenges a request without a token and publishes its metadata at both well-known places', async () => {
    const answer = await rpc(undefined, call('get_allowed_namespaces'));
    expect(answer.status).toBe(401);
    const challenge = answer.headers.get('www-authenticate') ?? '';
    const [, metadata = ''] = challenge.match(/resource_metadata="([^"]+)"/) ?? [];
    for (const url of [metadata, new URL('/.well-known/oauth-protected-resource', system.ready.mcpUrl).href]) {
      expect(await (await fetch(url)).json()).toMatchObject({
        resource: system.ready.mcpUrl,
        authorization_servers: [system.ready.issuer],
      });
    }
  });

  it('challenges a reader that calls a request tool with the scope it lacks, before anything is dispatched', async () => {
    const token = await clientToken(system.ready, 'reader');
    const answer = await rpc(
      token,
      call('request_restart_deployment', { namespace: 'shop', name: 'api', reason: 'x' }),
    );
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toMatch(/insufficient_scope.*mcp:propose/);
  });

  it('has no tool that approves, and refuses an argument that pretends to', async () => {
    const agent = await agentOf(system.ready);
    const tools = await agent.tools();
    expect(tools.filter((name) => /approve(?!d)|deny|vote|confirm/.test(name))).toEqual([]);
    const answer = await agent.call('request_restart_deployment', {
      namespace: 'shop',
      name: 'api',
      reason: 'x',
      approved: true,
    });
    expect(answer.isError).toBe(true);
    await agent.close();
  });

  it('refuses tokens of another audience, tampered tokens and the pages cookie', async () => {
    await expect(clientToken(system.ready, 'agent', { resource: 'http://127.0.0.1:1/other' })).rejects.toThrow(
      'invalid_target',
    );
    const token = await clientToken(system.ready, 'agent');
    const [header, payload, signature] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
    for (const forged of [
      [header, Buffer.from(JSON.stringify({ ...claims, aud: 'other' })).toString('base64url'), signature].join('.'),
      [Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url'), payload, ''].join('.'),
      'not-a-token',
    ]) {
      expect((await rpc(forged, call('get_allowed_namespaces'))).status).toBe(401);
    }
    expect((await rpc(undefined, call('get_allowed_namespaces'), { cookie: '__Host-countersign=x' })).status).toBe(401);
  });

  it('refuses what its own issuer validly signed for somebody else: an ID token is no access token', async () => {
    const browser = await launchBrowser();
    try {
      const { idToken } = await personTokens(browser, system, 'operator@example.com');
      expect(idToken.split('.')).toHaveLength(3);
      expect((await rpc(idToken, call('get_allowed_namespaces'))).status).toBe(401);
    } finally {
      await browser.close();
    }
  });

  it("does not take an agent's token at the pages", async () => {
    const token = await clientToken(system.ready, 'agent');
    const page = await fetch(`${system.ready.webUrl}/api/plans`, {
      headers: { authorization: `Bearer ${token}` },
      redirect: 'manual',
    });
    expect([302, 303, 401]).toContain(page.status);
  });

  it('refuses foreign Origins, batches and bodies that are too large', async () => {
    const token = await clientToken(system.ready, 'agent');
    expect((await rpc(token, call('get_allowed_namespaces'), { origin: 'https://evil.example' })).status).toBe(403);
    expect((await rpc(token, [call('get_allowed_namespaces')])).status).toBe(400);
    expect((await rpc(token, call('get_allowed_namespaces', { filler: 'x'.repeat(1_048_576) }))).status).toBe(413);
  });

  it('answers wrong types, unknown ids and path tricks with a clear error and a stable code', async () => {
    const agent = await agentOf(system.ready);
    const cases: readonly (readonly [string, Record<string, unknown>])[] = [
      ['get_plan_status', { planId: '../../etc/passwd' }],
      ['get_plan_status', { planId: `pln_${'A'.repeat(22)}` }],
      ['get_plan_status', { planId: 7 }],
      ['get_pod_logs', { namespace: 'shop', podName: '--server=https://127.0.0.1:1' }],
      ['get_pod_logs', { namespace: 'shop; id', podName: '$(touch /tmp/x)' }],
      ['get_k8s_resource', { namespace: 'shop', kind: 'Secret', name: 'x' }],
      ['get_k8s_resource', { namespace: 'kube-system', kind: 'Pod', name: 'x' }],
      ['request_scale_deployment', { namespace: 'shop', name: 'api', replicas: true, reason: 'x' }],
      ['request_scale_deployment', { namespace: 'shop', name: '\u202eipa', replicas: 1, reason: 'x' }],
      ['request_restart_deployment', { namespace: 'shop', name: 'x'.repeat(3_000), reason: '\u0000' }],
    ];
    for (const [tool, args] of cases) {
      const answer = await agent.call(tool, args);
      expect(answer.isError, `${tool} ${JSON.stringify(args).slice(0, 80)}`).toBe(true);
      expect(JSON.stringify(answer.body)).not.toMatch(/ at .*\.ts:\d+|node_modules|Error:/);
      expect(answer.body.code ?? answer.body.error?.code).toMatch(/^[a-z_]+\.[a-z_]+$/);
    }
    await agent.close();
  });

  it('shows no secret value of the cluster in any answer', async () => {
    const agent = await agentOf(system.ready);
    const answers = await Promise.all([
      agent.call('get_k8s_status', { namespace: 'shop' }),
      agent.call('get_deployment_diagnostics', { namespace: 'shop', name: 'api' }),
      agent.call('get_k8s_resource', { namespace: 'shop', kind: 'Deployment', name: 'api' }),
      agent.call('request_restart_deployment', { namespace: 'shop', name: 'api', reason: 'x' }),
    ]);
    for (const { body } of answers) expect(JSON.stringify(body)).not.toContain('canary-s3cr3t');
    await agent.close();
  });
});
