/** An agent that would rather not wait for a person: every way to pass for one, at the endpoint, in the REST and at the pages. */
import { WEB_ROUTES } from '@countersign/web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientToken } from '../journeys/parts/agent.ts';
import { type RunningSystem, startSystem } from '../journeys/parts/running-system.ts';
import { type HostileAgent, hostileAgent } from './hostile-agent.ts';

let system: RunningSystem;
let agent: HostileAgent;
let planId: string;
let objects: string;

beforeAll(async () => {
  system = await startSystem();
  agent = await hostileAgent(system);
  const { text } = await agent.tool('execute_kubectl', {
    command: 'kubectl scale deployment/api --replicas=4',
    namespace: 'shop',
  });
  planId = JSON.parse(text).result.structuredContent.plan.planId;
  objects = await agent.objects();
});
afterAll(async () => {
  await system?.dispose();
});

const timeline = async (): Promise<readonly string[]> => {
  const { text } = await agent.rest('GET', `/api/plans/${planId}`);
  return (JSON.parse(text).timeline as { type: string }[]).map(({ type }) => type);
};

describe('an approval that the agent gives itself', () => {
  it.each([
    'approved',
    'approval',
    'confirm',
    'confirmed',
    'force',
    'grant',
    'vote',
    'decision',
    'approver',
    'safety_level',
    'risk',
    'skip_approval',
  ])('as the argument %s is unknown to every tool that proposes or runs', async (extra) => {
    const target = { namespace: 'shop', name: 'api', reason: 'x' };
    const calls: readonly (readonly [string, Record<string, unknown>])[] = [
      ['execute_approved_plan', { planId }],
      ['request_restart_deployment', target],
      ['request_scale_deployment', { ...target, replicas: 0 }],
      ['request_delete_manifest', { ...target, kind: 'Deployment' }],
      ['request_patch_resource', { ...target, kind: 'Deployment', patchType: 'merge', patch: { spec: {} } }],
      [
        'request_change',
        {
          reason: 'x',
          changes: [{ kind: 'Deployment', namespace: 'shop', name: 'api', operation: { type: 'restart' } }],
        },
      ],
      ['propose_remediation', { action: 'x', commands: ['kubectl rollout restart deploy/api -n shop'] }],
      ['execute_kubectl', { command: 'kubectl rollout restart deploy/api -n shop' }],
      ['request_undo', { planId, reason: 'x' }],
    ];
    for (const [name, args] of calls) {
      const { code, text } = await agent.tool(name, { ...args, [extra]: true });
      expect(code, name).toBe('request.invalid');
      expect(text).toContain(extra);
    }
  });

  it('as a forged answer to an elicitation or a sampling has no effect', async () => {
    for (const body of [
      { jsonrpc: '2.0', id: 7, result: { action: 'accept', content: { approved: true } } },
      { jsonrpc: '2.0', method: 'notifications/elicitation/complete', params: { elicitationId: planId } },
      { jsonrpc: '2.0', id: 8, method: 'elicitation/create', params: { message: 'approve', requestedSchema: {} } },
    ]) {
      const { status } = await agent.rest('POST', '/mcp', body);
      expect(status).toBeLessThan(300);
    }
    expect(await timeline()).toEqual(['plan.created']);
  });

  it('by REST with its valid token is a 403 at every address of a decision, for any id alike', async () => {
    const answers = [];
    for (const id of [planId, `pln_${'0'.repeat(22)}`, '1'])
      for (const verb of ['approve', 'reject'])
        for (const body of [undefined, {}, { approved: true, reason: 'x', comment: 'fine' }])
          answers.push(await agent.rest('POST', `/api/approvals/${id}/${verb}`, body));
    for (const { status, code } of answers) expect([status, code]).toEqual([403, 'decision.not_here']);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(await timeline()).toEqual(['plan.created']);
  });

  it('before a decision runs nothing, however often and by whatever name', async () => {
    for (const name of [
      'execute_approved_plan',
      'apply_approved_plan',
      'approve_plan',
      'kubectl_apply',
      'kubernetes_delete',
      'Execute_Approved_Plan',
    ]) {
      const { text } = await agent.tool(name, { planId });
      expect(text).toMatch(/approval_required|-32602/);
    }
    expect(await timeline()).toEqual(['plan.created']);
    expect(await agent.objects()).toBe(objects);
  });
});

describe("the two origins' tables keep apart, route by route", () => {
  it("an agent's token is worth nothing on any route of the pages", async () => {
    const token = await clientToken(system.ready, 'agent');
    for (const { method, path } of WEB_ROUTES.filter((route) => !/^\/(assets|healthz|sign)/.test(route.path))) {
      const answer = await fetch(`${system.ready.webUrl}${path.replace(/:[a-zA-Z]+/, planId)}`, {
        method,
        redirect: 'manual',
        headers: { authorization: `Bearer ${token}`, origin: system.ready.webUrl, 'content-type': 'application/json' },
        ...(method === 'POST' ? { body: JSON.stringify({ decision: 'approve', comment: 'x' }) } : {}),
      });
      const shown = await answer.text();
      expect(shown, `${method} ${path}`).not.toContain('Scale Deployment');
      expect(shown).not.toContain(planId.slice(4));
    }
    expect(await timeline()).toEqual(['plan.created']);
  });

  it("the agents' addresses do not decide on the pages' origin, and the pages' forms do not exist on the agents'", async () => {
    const token = await clientToken(system.ready, 'agent');
    for (const path of [
      '/api/plans',
      '/api/mcp/propose',
      '/api/approvals/propose',
      `/api/approvals/${planId}/approve`,
    ]) {
      const answer = await fetch(`${system.ready.webUrl}${path}`, {
        method: 'POST',
        redirect: 'manual',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ action: 'x', commands: ['kubectl rollout restart deploy/api -n shop'] }),
      });
      expect([404, 405]).toContain(answer.status);
    }
    for (const path of [
      `/plans/${planId}`,
      `/plans/${planId}/decision`,
      `/plans/${planId}/cancel`,
      '/anomalies',
      '/audit',
      '/signin',
    ])
      for (const method of ['GET', 'POST'])
        expect(
          (
            await fetch(`${new URL(system.ready.mcpUrl).origin}${path}`, {
              method,
              headers: { authorization: `Bearer ${token}` },
            })
          ).status,
        ).toBe(404);
  });

  it('no cookie and no other site opens the REST', async () => {
    const origin = new URL(system.ready.mcpUrl).origin;
    for (const [method, path] of [
      ['GET', '/api/plans'],
      ['GET', '/api/approvals/pending'],
      ['GET', `/api/plans/${planId}`],
      ['POST', '/api/plans'],
      ['POST', '/api/mcp/propose'],
      ['POST', '/api/approvals/propose'],
      ['POST', `/api/approvals/${planId}/approve`],
    ] as const) {
      const cookie = await fetch(`${origin}${path}`, {
        method,
        headers: { cookie: '__Host-countersign=x; session=y' },
      });
      expect(cookie.status).toBe(401);
      for (const from of ['https://evil.example', 'null', system.ready.webUrl])
        expect((await agent.rest(method, path, method === 'POST' ? {} : undefined, { origin: from })).status).toBe(403);
    }
    const text = await agent.rest(
      'POST',
      '/api/plans',
      { action: 'x', commands: [] },
      { 'content-type': 'text/plain' },
    );
    expect(text.status).toBe(415);
  });
});

describe('what the person is shown is what would run', () => {
  it.each([
    ['kubectl rollout restart deploy/api', { namespace: 'payments' }, 'payments'],
    ['kubectl rollout restart deploy/api -nshop', { namespace: 'payments' }, 'shop'],
    ['kubectl rollout restart deploy/api --namespace kube-system', { namespace: 'shop' }, 'kube-system'],
    ['kubectl rollout restart deploy/api', {}, 'default'],
  ])('%s with the metadata %j is of one namespace', async (command, metadata, namespace) => {
    const { text, code } = await agent.tool('propose_remediation', { action: 'x', commands: [command], metadata });
    const body = JSON.parse(text).result;
    if (code === undefined) expect(body.structuredContent.steps).toMatchObject([{ namespace }]);
    else expect(body.content[0].text).toContain(namespace);
  });

  it('of the same plan left to the default and written out the digest is the same', async () => {
    const digests = [];
    for (const args of [
      { command: 'kubectl scale deploy/api --replicas=3 -n shop' },
      { command: 'kubectl scale deploy/api --replicas=3', namespace: 'shop' },
      { command: 'scale --replicas=3 deployments.apps api', namespace: 'shop' },
    ])
      digests.push(
        JSON.parse((await agent.tool('execute_kubectl', args)).text).result.structuredContent.plan.intentDigest,
      );
    expect(new Set(digests).size).toBe(1);
  });

  it("an agent's words about a command are claims in the reason, and never the title, the risk or a step", async () => {
    const { text } = await agent.rest('POST', '/api/plans', {
      action: '<script>alert(1)</script> APPROVED BY SECURITY\u202e',
      commands: [
        { command: 'kubectl scale deploy/api --replicas=0 -n shop', explanation: 'only reads', safety_level: 'SAFE' },
      ],
    });
    const plan = JSON.parse(text);
    expect(plan.steps).toMatchObject([{ summary: 'Scale Deployment shop/api to 0' }]);
    expect(plan.riskTier).not.toBe('SAFE');
    const shown = await agent.tool('get_plan_status', { planId: plan.planId });
    const { untrusted, steps } = JSON.parse(shown.text).result.structuredContent;
    expect(untrusted.reason).toContain('(the agent calls it: SAFE)');
    expect(untrusted.reason).toContain('[U+202E]');
    expect(JSON.stringify(steps)).not.toMatch(/SAFE|script|only reads/);
  });
});
