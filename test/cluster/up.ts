/** `npm run cluster:up`: a real control plane for hands-on work, until Ctrl-C. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startOwnCluster } from './start.ts';

async function up(): Promise<void> {
  const cluster = await startOwnCluster();
  const directory = mkdtempSync(join(tmpdir(), 'countersign-cluster-'));
  const kubeconfig = join(directory, 'kubeconfig');
  try {
    writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
    const signal = new Promise((resolve) => process.once('SIGINT', resolve).once('SIGTERM', resolve));
    console.log(`The control plane runs, and the guard policies are in force.

  kubeconfig  ${kubeconfig}
              contexts admin (current), user, reader, proposer, executor; namespaces shop and payments are handed over
  audit log   ${cluster.auditLog}

  Try         kubectl --kubeconfig ${kubeconfig} --context proposer create configmap refused

Ctrl-C stops it and removes both.`);
    await Promise.race([signal, cluster.failed]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await cluster.stop();
  }
}

up().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
