/** Countersign's own programs on a real API server: the doctor's verdict, and `npm start -- --kubeconfig`. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { callsTo } from '../contracts/cluster/cluster-under-test.ts';
import { workbench } from '../contracts/cluster/some-deployment.ts';
import { agentOf } from '../journeys/parts/agent.ts';
import { type RunningSystem, startSystem } from '../journeys/parts/running-system.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

describe('with the kubeconfig of an administrator', () => {
  const { call, follow, close } = callsTo(inject('kubeconfig'));
  const { create } = workbench(() => ({ call, follow, stop: async () => close() }));
  const directory = mkdtempSync(join(tmpdir(), 'on-this-cluster-'));
  const file = join(directory, 'kubeconfig');
  let system: RunningSystem;
  beforeAll(async () => {
    writeFileSync(file, inject('kubeconfig'), { mode: 0o600 });
    system = await startSystem({ flags: ['--kubeconfig', file, '--context', 'admin'] });
  });
  afterAll(async () => {
    await system?.dispose();
    rmSync(directory, { recursive: true });
    close();
  });

  it('the doctor finds nothing wrong', async () => {
    const args = ['run', '--silent', 'countersign', '--', 'doctor', '--kubeconfig', file, '--context', 'admin'];
    const out = await new Promise<string>((resolve) =>
      execFile('npm', args, { cwd: ROOT }, (_failure, said) => resolve(said)),
    );
    expect(out).not.toContain('WRONG');
    expect(out).toContain('The cluster is ready for Countersign.');
  });

  it('a change of a Deployment becomes a plan, made by the derived identities, and stays one', async () => {
    const { metadata } = await create({ replicas: 0 });
    const agent = await agentOf(system.ready);
    const { body } = await agent.call('request_restart_deployment', {
      namespace: 'shop',
      name: metadata.name,
      reason: 'x',
    });
    expect(body).toMatchObject({ planId: expect.stringMatching(/^pln_/) });
    await agent.call('execute_approved_plan', { planId: body.planId });
    expect((await agent.call('get_plan_status', { planId: body.planId })).body.status).toBe('pending');
    await agent.close();
  });
});
