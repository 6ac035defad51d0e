/**
 * A secret that lies anywhere in the cluster, or is the system's own, is in nothing that anybody outside can read: no tool's answer, no
 * plan, diff, page, mail, audit event, access log, console output or error. One running system, everything read, everything searched.
 */
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Agent, agentOf } from '../journeys/parts/agent.ts';
import { decide, launchBrowser, personAt, waitForStatus } from '../journeys/parts/browser.ts';
import { type ClusterUser, clusterAs } from '../journeys/parts/cluster-user.ts';
import { eventually, type RunningSystem, startSystem } from '../journeys/parts/running-system.ts';
import { tableWriter } from '../journeys/parts/table.ts';
import { type HostileAgent, hostileAgent } from './hostile-agent.ts';
import { MARKERS, NAMESPACE, PLANTED, plant, secretsByPlace } from './planted-secrets.ts';

const { of, secrets } = secretsByPlace();
/** Where it was read -> what was read there. */
const seen = new Map<string, string>();
const note = (where: string, text: string): void => void seen.set(where, `${seen.get(where) ?? ''}\n${text}`);

let system: RunningSystem;
let browser: Browser;
let raw: HostileAgent;
let agent: Agent;
let user: ClusterUser;

beforeAll(async () => {
  [system, browser] = await Promise.all([startSystem(), launchBrowser()]);
  raw = await hostileAgent(system);
  agent = await agentOf(system.ready);
  user = clusterAs(system.ready);
  await plant(user, of);
});
afterAll(async () => {
  await agent?.close();
  await browser?.close();
  await system?.dispose();
});

const ask = async (name: string, args: unknown): Promise<string> => {
  const { text } = await raw.tool(name, args);
  note(`the tool ${name}`, text);
  return text;
};
const here = { namespace: NAMESPACE };

/** As a person with a browser sees it, its source included. */
async function look(path: string): Promise<void> {
  const { page, context } = await personAt(browser, system, 'operator@example.com', path);
  note(`the page ${path.replace(/pln_.*/, ':plan')}`, `${await page.content()}\n${await page.innerText('body')}`);
  await context.close();
}

async function approved(planId: string): Promise<void> {
  const { page, context } = await personAt(browser, system, 'operator@example.com', `/plans/${planId}`);
  note('the review page', `${await page.content()}\n${await page.innerText('body')}`);
  const confirm = page.getByLabel(/To approve this high risk, type/);
  if ((await confirm.count()) > 0) await confirm.fill(`${NAMESPACE}/${PLANTED}`);
  await decide(page, 'Approve');
  await waitForStatus(page, /approved|applied|verified/i);
  note('the review page', await page.content());
  await context.close();
}

describe('what is read', () => {
  it('by every reading tool', async () => {
    await eventually('the crash in the log', 30_000, async () => {
      const { body } = await user.send('GET', `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=app%3D${PLANTED}`);
      const pod = body.items?.[0]?.metadata?.name as string | undefined;
      if (pod === undefined) return undefined;
      const text = await ask('get_pod_logs', { ...here, podName: pod });
      await ask('get_pod_logs', { ...here, podName: pod, previous: true });
      await ask('get_pod_diagnostics', { ...here, name: pod });
      await ask('get_k8s_resource', { ...here, kind: 'Pod', name: pod, output: 'yaml' });
      return text.includes(MARKERS.log) ? true : undefined;
    });
    for (const [kind, name] of [
      ['Deployment', PLANTED],
      ['ConfigMap', PLANTED],
      ['Secret', PLANTED],
      ['Pod', `${PLANTED}-done`],
    ]) {
      for (const output of ['summary', 'yaml', 'describe'])
        await ask('get_k8s_resource', { ...here, kind, name, output });
      for (const detail of ['concise', 'detailed']) await ask('list_k8s_resources', { ...here, kind, detail });
      for (const form of ['-o yaml', '-o json', '-o wide', ''])
        await ask('execute_kubectl', { command: `kubectl get ${kind} ${name} -n ${NAMESPACE} ${form}`.trim() });
      await ask('execute_kubectl', { command: `kubectl describe ${kind} ${name} -n ${NAMESPACE}` });
    }
    await system.observe();
    await ask('list_k8s_resources', { ...here, kind: 'Event', detail: 'detailed' });
    await ask('get_k8s_status', here);
    await ask('get_k8s_events', { ...here, limit: 100 });
    await ask('get_deployment_diagnostics', { ...here, name: PLANTED });
    await ask('get_rollout_history', { ...here, name: PLANTED });
    await ask('get_cluster_health', {});
    await ask('get_pod_diagnostics', { ...here, name: `${PLANTED}-done` });
    const all = [...seen.values()].join('\n');
    for (const marker of [MARKERS.log, MARKERS.event, MARKERS.status]) expect(all).toContain(marker);
  });
});

describe('what is planned', () => {
  const change = async (name: string, args: object): Promise<{ readonly planId: string; readonly code: string }> => {
    await ask(name, { ...here, reason: 'x', ...args });
    const { body } = await agent.call(name, { ...here, reason: 'x', ...args });
    note(`the tool ${name}`, JSON.stringify(body));
    return { planId: body.planId, code: body.code };
  };
  const target = { kind: 'Deployment', name: PLANTED };
  const variables = (value: unknown): object => ({
    ...target,
    patchType: 'strategic',
    patch: { spec: { template: { spec: { containers: [{ name: PLANTED, env: value }] } } } },
  });

  it('keeps hidden values hidden on the page, in the plan and in its mail, also where a list moves around them', async () => {
    const order = ['REGION', 'PLAIN_SETTING', 'DB_PASSWORD'].map((name) => ({ name }));
    const inFront = { name: PLANTED, env: [REGION], '$setElementOrder/env': order };
    const { planId, code } = await change('request_patch_resource', {
      ...target,
      patchType: 'strategic',
      patch: { spec: { template: { spec: { containers: [inFront] } } } },
    });
    expect(code).toBeUndefined();
    await approved(planId);
    const executed = await agent.call('execute_approved_plan', { planId });
    note('the tool execute_approved_plan', JSON.stringify(executed));
    expect(executed.body.status, JSON.stringify(executed.body)).toMatch(/^(applied|verified|unverified)$/);
    const { spec } = await user.deployment(NAMESPACE, PLANTED);
    expect(spec.template.spec.containers[0].env.map(({ name }: { name: string }) => name)).toEqual([
      'REGION',
      'PLAIN_SETTING',
      'DB_PASSWORD',
    ]);
    expect(spec.template.spec.containers[0].env[2].value).toBe(of('a password in a variable'));
  });

  it('refuses every change of a hidden value, and says none', async () => {
    const patch = (value: unknown) => change('request_patch_resource', variables(value));
    const json = (...operations: object[]) =>
      change('request_patch_resource', { ...target, patchType: 'json', patch: operations });
    const ENV = '/spec/template/spec/containers/0/env';
    const codes = [
      await patch([{ name: 'DB_PASSWORD', value: of("an agent's own value") }]),
      await patch([{ name: 'NEW', value: of("an agent's own variable") }]),
      await patch([{ name: 'DB_PASSWORD', $patch: 'delete' }]),
      await json({ op: 'copy', from: `${ENV}/2/value`, path: '/metadata/annotations/note' }),
      await json({ op: 'move', from: `${ENV}/2/value`, path: '/metadata/annotations/note' }),
      await json({ op: 'replace', path: `${ENV}/2/name`, value: 'RENAMED' }),
      await json(
        { op: 'test', path: `${ENV}/2/value`, value: 'a guess' },
        { op: 'remove', path: '/metadata/labels/app' },
      ),
    ].map(({ code }) => code);
    expect(codes).toEqual(codes.map(() => 'evidence.hidden_change'));
  });

  it('says nothing of what it was given in an error or in its words', async () => {
    await change('request_scale_deployment', {
      name: PLANTED,
      replicas: 2,
      reason: `password=${of("an agent's reason")}`,
    });
    await change('request_apply_manifest', {
      manifest: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'other' },
        spec: { replicas: `token=${of('a field that the API server refuses')}` },
      },
    });
    await change('request_annotate_resource', {
      ...target,
      annotations: { 'example.com/token': of("an agent's annotation") },
    });
    await ask('get_k8s_status', { [`password=${of('the name of an argument')}`]: 1, ...here });
  });

  it('computes drift on the hidden bytes themselves', async () => {
    const { planId } = await change('request_restart_deployment', { name: PLANTED });
    await approved(planId);
    const drifted = {
      spec: {
        template: {
          spec: { containers: [{ name: PLANTED, env: [{ name: 'DB_PASSWORD', value: of('a value that drifted') }] }] },
        },
      },
    };
    const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${PLANTED}`;
    expect((await user.send('PATCH', path, drifted, 'application/strategic-merge-patch+json')).status).toBe(200);
    const executed = await agent.call('execute_approved_plan', { planId });
    note('the tool execute_approved_plan', JSON.stringify(executed));
    const ended = await eventually('the end of the plan', 30_000, async () => {
      const text = await ask('get_plan_status', { planId });
      return /"status":"(stale|blocked)"/.test(text) ? text : undefined;
    });
    expect(ended).toContain('target.drifted');
    const { spec } = await user.deployment(NAMESPACE, PLANTED);
    expect(spec.template.metadata.annotations['kubectl.kubernetes.io/restartedAt']).toBeUndefined();
    await look(`/plans/${planId}`);
  });
});

describe('everything together', () => {
  it('holds none of the planted secrets, nor one of the system itself', async () => {
    await system.observe();
    await system.observeUntilMailed(PLANTED, 'operator@example.com').catch(() => undefined);
    await ask('list_anomalies', { includeResolved: true, limit: 100 });
    await ask('get_pending_approvals', {});
    for (const path of ['/', '/anomalies']) await look(path);
    const table = tableWriter(system.ready);
    const items = (await table.all()).map((item) => JSON.stringify(item));
    table.close();
    for (const item of items) note(`the records ${/"pk":\{"S":"([A-Z]+)#/.exec(item)?.[1] ?? 'others'}`, item);
    note('the mails', JSON.stringify(await system.mails()));
    note('the output of the program', `(begins) ${system.output()}`);

    // What was not looked at cannot be clean.
    for (const where of ['ACCESS', 'PLAN', 'CHAIN', 'ANOMALY', 'VOTES'])
      expect(seen.get(`the records ${where}`), where).toBeDefined();
    for (const where of ['the mails', 'the review page', 'the page /', 'the page /anomalies'])
      expect(seen.get(where), where).toContain(where === 'the mails' ? 'operator@example.com' : PLANTED);
    expect(seen.get('the records ANOMALY')).toContain(PLANTED);

    const own = ownSecrets();
    expect(own.length).toBeGreaterThan(5);
    const leaks = [...seen].flatMap(([where, text]) =>
      [...secrets, ...own]
        .filter(([, secret]) => formsOf(secret).some((form) => text.includes(form)))
        .map(([place]) => `${place} in ${where}`),
    );
    expect(leaks).toEqual([]);
  });
});

const REGION = { name: 'REGION', valueFrom: { configMapKeyRef: { name: 'shop-settings', key: 'CURRENCY' } } };

/** As it is, and in base64 from any offset but for its ends. */
function formsOf(secret: string): readonly string[] {
  const encoded = [0, 1, 2].map((offset) =>
    Buffer.from(`${'x'.repeat(offset)}${secret}`)
      .toString('base64')
      .slice(4, -4),
  );
  return [secret, encodeURIComponent(secret), ...encoded];
}

/** Tokens, passwords and keys of the running system. */
function ownSecrets(): readonly (readonly [string, string])[] {
  const { ready } = system;
  const kubeconfig = parse(readFileSync(ready.kubeconfig, 'utf8')) as {
    readonly users: readonly { readonly name: string; readonly user: { readonly token?: string } }[];
  };
  return [
    ...kubeconfig.users.flatMap(({ name, user: { token } }) =>
      token === undefined ? [] : [[`the cluster's token of ${name}`, token] as const],
    ),
    ...ready.users.map(({ email, password }) => [`the password of ${email}`, password] as const),
    ['the secret of the agent', ready.clients.agent.clientSecret],
    ['the secret of the reader', ready.clients.reader.clientSecret],
    ['the key of the database', ready.dynamodb.credentials.secretAccessKey],
  ];
}
