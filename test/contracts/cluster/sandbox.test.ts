/** The cluster contract on the sandbox. A real API server runs the same suites. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NewObject, startSandbox } from '@countersign/sandbox';
import { afterAll, beforeAll, describe } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { applyContract } from './apply-contract.ts';
import { changeContract } from './change-contract.ts';
import { type ClusterUnderTest, callsTo } from './cluster-under-test.ts';
import { customResourceContract } from './custom-resource-contract.ts';
import { guardContract } from './guard-contract.ts';
import { readContract } from './read-contract.ts';
import { writeContract } from './write-contract.ts';

const manifests = (file: string, namespace?: string): readonly NewObject[] =>
  parseAllDocuments(readFileSync(new URL(`../../../infra/cluster/${file}`, import.meta.url), 'utf8')).map(
    (document) => {
      const object = document.toJS() as NewObject;
      return namespace === undefined ? object : { ...object, metadata: { ...object.metadata, namespace } };
    },
  );

interface SandboxUnderTest extends ClusterUnderTest {
  readonly kubeconfig: string;
}

async function startSandboxUnderTest(): Promise<SandboxUnderTest> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'contract-'));
  const sandbox = await startSandbox({
    dataDirectory,
    manifests: [
      ...manifests('guard-policies.yaml'),
      ...manifests('rbac.yaml'),
      ...manifests('managed-namespace.yaml', 'shop'),
    ],
  });
  const kubeconfig = sandbox.kubeconfig();
  const { call, follow, close } = callsTo(kubeconfig);
  return {
    kubeconfig,
    call,
    follow,
    stop: async () => {
      close();
      await sandbox.stop();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}

describe('the sandbox', () => {
  let started: SandboxUnderTest | undefined;
  beforeAll(async () => {
    started = await startSandboxUnderTest();
  });
  afterAll(async () => {
    await started?.stop();
  });
  const cluster = (): SandboxUnderTest => {
    if (started === undefined) throw new Error('the cluster is not up');
    return started;
  };

  writeContract(cluster);
  applyContract(cluster);
  customResourceContract(cluster);
  readContract(cluster);
  guardContract(cluster);
  changeContract(cluster, () => cluster().kubeconfig, ['Deployment']);
});
