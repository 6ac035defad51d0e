/** `npm start -- --kubeconfig`: the sandbox plays a cluster that is not Countersign's own, with manifests that its administrator applied. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NewObject, type Sandbox, startSandbox } from '@countersign/sandbox';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { agentOf } from './parts/agent.ts';
import { launchBrowser, personAt } from './parts/browser.ts';
import { type RunningSystem, startSystem } from './parts/running-system.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const manifests = (file: string, namespace?: string): readonly NewObject[] =>
  parseAllDocuments(readFileSync(join(ROOT, 'infra/cluster', file), 'utf8')).map((document) => {
    const object = document.toJS() as NewObject;
    return namespace === undefined ? object : { ...object, metadata: { ...object.metadata, namespace } };
  });
const GUARDS = manifests('guard-policies.yaml');
const REST = [...manifests('rbac.yaml'), ...manifests('managed-namespace.yaml', 'shop')];

const directory = mkdtempSync(join(tmpdir(), 'real-cluster-'));
const sandboxes: Sandbox[] = [];
afterAll(async () => {
  for (const sandbox of sandboxes) await sandbox.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** A cluster, and the administrator's file that leads to it: one context, one user, as a cloud's tool writes it. */
async function someCluster(name: string, objects: readonly NewObject[]): Promise<{ sandbox: Sandbox; file: string }> {
  const sandbox = await startSandbox({ dataDirectory: join(directory, name), manifests: objects });
  sandboxes.push(sandbox);
  const { clusters, users } = parse(sandbox.kubeconfig('user'));
  const context = { name: 'prod', context: { cluster: clusters[0].name, user: 'user' } };
  const config = { apiVersion: 'v1', kind: 'Config', clusters, users: [users[0]], contexts: [context] };
  const file = join(directory, `${name}.yaml`);
  writeFileSync(file, stringify({ ...config, 'current-context': 'prod' }), { mode: 0o600 });
  return { sandbox, file };
}

/** Runs `npm start` to its end and answers what it said. */
function refusal(...flags: readonly string[]): Promise<{ code: number | null; said: string }> {
  const npm = spawn('npm', ['start', '--silent', '--', '--port', '0', ...flags], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  return new Promise((resolve) => npm.once('close', (code) => resolve({ code, said: said.trim() })));
}

describe('a real cluster', () => {
  let browser: Browser;
  let system: RunningSystem;
  let cluster: { sandbox: Sandbox; file: string };
  const flags = (): readonly string[] => ['--kubeconfig', cluster.file];
  beforeAll(async () => {
    [browser, cluster] = await Promise.all([launchBrowser(), someCluster('guarded', [...GUARDS, ...REST])]);
    await cluster.sandbox.settled();
    system = await startSystem({ flags: flags() });
  });
  afterAll(async () => {
    await browser?.close();
    await system?.dispose();
  });

  it('is read and proposed on, and a plan on it cannot be approved without a passkey', async () => {
    const agent = await agentOf(system.ready);
    const { body } = await agent.call('request_restart_deployment', { namespace: 'shop', name: 'api', reason: 'x' });
    expect(body).toMatchObject({ planId: expect.stringMatching(/^pln_/) });
    const outside = await agent.call('request_restart_deployment', {
      namespace: 'payments',
      name: 'ledger',
      reason: 'x',
    });
    expect(outside.isError).toBe(true);
    const { page } = await personAt(browser, system, 'operator@example.com', `/plans/${body.planId}`);
    expect(await page.content()).toContain('needs a passkey');
    await agent.call('execute_approved_plan', { planId: body.planId });
    expect((await agent.call('get_plan_status', { planId: body.planId })).body.status).toBe('pending');
    await agent.close();
  });

  it("is named by the file that was given, whose user's credential is written nowhere", () => {
    expect(system.ready.kubeconfig).toBe(cluster.file);
    const secret: string = parse(readFileSync(cluster.file, 'utf8')).users[0].user.token;
    const files = readdirSync(system.dataDirectory, { recursive: true, encoding: 'utf8' }).map((file) =>
      join(system.dataDirectory, file),
    );
    const whole = files.filter((file) => statSync(file).isFile());
    expect(whole.length).toBeGreaterThan(3);
    for (const file of whole) {
      const content = readFileSync(file, 'latin1');
      expect(content).not.toContain(secret);
      // Nor a token of the derived identities: they are asked for when they are needed.
      expect(content).not.toMatch(/"?token"?: *["']?[A-Za-z0-9_-]{20}/);
    }
  });

  it('stops being proposed on when its guard policies go', async () => {
    const bindings = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';
    const { store } = cluster.sandbox;
    const gone = store.delete(bindings, undefined, 'countersign-proposer-dry-run-only');
    const agent = await agentOf(system.ready);
    const { body, isError } = await agent.call('request_restart_deployment', {
      namespace: 'shop',
      name: 'cart',
      reason: 'x',
    });
    expect([isError, JSON.stringify(body)]).toEqual([true, expect.stringContaining('guard.')]);
    await agent.close();
    store.create(bindings, { ...gone, metadata: { name: gone.metadata.name } });
  });

  it('without guard policies is refused, with the command that installs them', async () => {
    const { file } = await someCluster('unguarded', REST);
    const { code, said } = await refusal('--data', join(directory, 'data'), '--kubeconfig', file);
    const sentence =
      /^Cannot start: [^\n]*guard policies[^\n]*cluster-manifests --namespace NAMESPACE \| kubectl [^\n]*$/;
    expect([code, said]).toEqual([1, expect.stringMatching(sentence)]);
  });

  it('is the only one that a data directory knows', async () => {
    await system.stop();
    const other = await someCluster('other', [...GUARDS, ...REST]);
    for (const more of [['--kubeconfig', other.file], []]) {
      const { code, said } = await refusal('--data', system.dataDirectory, ...more);
      expect([code, said]).toEqual([
        1,
        expect.stringMatching(/^Cannot start: [^\n]*records of another cluster[^\n]*$/),
      ]);
    }
  });
});
