/** A sandbox of one suite's own, with this project's manifests in it; namespace shop is handed over. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NewObject, startSandbox } from '@countersign/sandbox';
import { parseAllDocuments } from 'yaml';

const manifests = (file: string, namespace?: string): readonly NewObject[] =>
  parseAllDocuments(readFileSync(new URL(`../../../infra/cluster/${file}`, import.meta.url), 'utf8')).map(
    (document) => {
      const object = document.toJS() as NewObject;
      return namespace === undefined ? object : { ...object, metadata: { ...object.metadata, namespace } };
    },
  );

/** `kubeconfig`: contexts user, reader, proposer and executor. */
export async function startSandboxUnderTest(): Promise<{ readonly kubeconfig: string; stop(): Promise<void> }> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'contract-'));
  const sandbox = await startSandbox({
    dataDirectory,
    manifests: [
      ...manifests('guard-policies.yaml'),
      ...manifests('rbac.yaml'),
      ...manifests('managed-namespace.yaml', 'shop'),
    ],
  });
  return {
    kubeconfig: sandbox.kubeconfig(),
    stop: async () => {
      await sandbox.stop();
      rmSync(dataDirectory, { recursive: true });
    },
  };
}
