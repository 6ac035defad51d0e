/** Before any test file: the cluster of the run starts once, and stops after the last. */
import type { TestProject } from 'vitest/node';
import { type RunningCluster, startCluster } from './start.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly kubeconfig: string;
    /** '' where nobody knows. */
    readonly auditLog: string;
  }
}

let cluster: RunningCluster | undefined;

export async function setup(project: TestProject): Promise<void> {
  cluster = await startCluster();
  project.provide('kubeconfig', cluster.kubeconfig);
  project.provide('auditLog', cluster.auditLog ?? '');
}

export async function teardown(): Promise<void> {
  await cluster?.stop();
}
