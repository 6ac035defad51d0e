import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { agentOf } from './parts/agent.ts';
import { decide, launchBrowser, personAt, waitForStatus } from './parts/browser.ts';
import { clusterAs } from './parts/cluster-user.ts';
import { eventually, type RunningSystem, startSystem } from './parts/running-system.ts';

let system: RunningSystem | undefined;
afterEach(async () => {
  await system?.dispose();
  system = undefined;
});

/** Every process whose environment or command line names the data directory: what a stopped system must not leave. */
function processesOf(dataDirectory: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(dataDirectory) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}

describe('the local contract', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'stops cleanly on %s to npm, with exit 0 and nothing left',
    async (signal) => {
      system = await startSystem();
      expect(processesOf(system.dataDirectory)).not.toEqual([]);
      expect(await system.stop(signal)).toBe(0);
      await eventually('the end of every process', 5_000, async () =>
        processesOf(system?.dataDirectory ?? '-').length === 0 ? true : undefined,
      );
    },
  );

  it('keeps what it holds from other users of the machine', async () => {
    system = await startSystem();
    expect(statSync(system.dataDirectory).mode & 0o077).toBe(0);
    expect(statSync(system.ready.kubeconfig).mode & 0o077).toBe(0);
  });

  it('runs a plan after a restart that was approved before it', async () => {
    system = await startSystem();
    const browser = await launchBrowser();
    try {
      let agent = await agentOf(system.ready);
      const before = (await clusterAs(system.ready).deployment('shop', 'api')).spec.replicas;
      const { body } = await agent.call('request_scale_deployment', {
        namespace: 'shop',
        name: 'api',
        replicas: before + 1,
        reason: 'x',
      });
      const { page } = await personAt(browser, system, 'operator@example.com', `/plans/${body.planId}`);
      await decide(page, 'Approve');
      await waitForStatus(page, /approved/i);
      await agent.close();
      const { webUrl, users } = system.ready;
      system = await system.restart();
      expect(system.ready.webUrl).toBe(webUrl);
      expect(system.ready.users).toEqual(users);
      agent = await agentOf(system.ready);
      expect((await agent.call('execute_approved_plan', { planId: body.planId })).body.status).toMatch(
        /applied|verified/,
      );
      expect((await clusterAs(system.ready).deployment('shop', 'api')).spec.replicas).toBe(before + 1);
      await agent.close();
    } finally {
      await browser.close();
    }
  });

  it('answers --kubeconfig with one sentence and a failure, and bad flags with what is allowed', async () => {
    for (const [flags, sentence] of [
      [['--kubeconfig', '/dev/null'], /kubeconfig/],
      [['--port', 'x'], /--port/],
      [['--nope'], /--nope/],
    ] as const) {
      const child = spawn('npm', ['start', '--silent', '--', ...flags], { cwd: new URL('../..', import.meta.url) });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
      const code = await new Promise((resolve) => child.once('exit', resolve));
      expect(code).not.toBe(0);
      expect(text.trim()).toMatch(sentence);
      expect(text.trim().split('\n')).toHaveLength(1);
    }
  });

  it('answers only on loopback names and to no foreign origin', async () => {
    system = await startSystem();
    for (const url of [
      system.ready.webUrl,
      system.ready.mcpUrl,
      system.ready.mailboxUrl,
      system.ready.dynamodb.endpoint,
    ]) {
      const answer = await fetch(url, { headers: { origin: 'https://evil.example' } });
      expect(answer.status, url).toBe(403);
    }
  });
});
