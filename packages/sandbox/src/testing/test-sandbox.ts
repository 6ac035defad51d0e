import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { IdentityName } from '../identities/identity.ts';
import { isRecord, listAt, stringAt } from '../json/record.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../start-sandbox.ts';
import type { NewObject } from '../store/object-store.ts';
import { type ApiClient, apiClient } from './api-client.ts';

export interface TestSandbox {
  readonly sandbox: Sandbox;
  readonly dataDirectory: string;
  readonly as: (identity: IdentityName) => ApiClient;
  /** Stops the sandbox and removes its data. */
  dispose(): Promise<void>;
}

/** A sandbox of its own with the manifests of infra/cluster, `shop` handed over to Countersign. */
export async function startTestSandbox(options: Partial<SandboxOptions> = {}): Promise<TestSandbox> {
  const dataDirectory = options.dataDirectory ?? mkdtempSync(join(tmpdir(), 'sandbox-'));
  const faults: string[] = [];
  const sandbox = await startSandbox({
    manifests: clusterManifests(['shop']),
    logger: { error: (message) => faults.push(message) },
    ...options,
    dataDirectory,
  });
  return {
    sandbox,
    dataDirectory,
    as: (identity) => apiClient(sandbox.url, sandbox.caCertificatePem, tokenOf(sandbox, identity)),
    async dispose() {
      await sandbox.stop();
      rmSync(dataDirectory, { recursive: true, force: true });
      // A fault inside the API or a controller must fail the test that caused it, not only be logged.
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
  };
}

/** The guard policies and roles of infra/cluster, with managed-namespace.yaml applied to each of the namespaces. */
export function clusterManifests(managedNamespaces: readonly string[]): NewObject[] {
  const perNamespace = readManifests('managed-namespace.yaml');
  return [
    ...readManifests('guard-policies.yaml'),
    ...readManifests('rbac.yaml'),
    ...managedNamespaces.flatMap((namespace) =>
      perNamespace.map((manifest) => ({ ...manifest, metadata: { ...manifest.metadata, namespace } }) as NewObject),
    ),
  ];
}

function readManifests(file: string): NewObject[] {
  const text = readFileSync(new URL(`../../../../infra/cluster/${file}`, import.meta.url), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as NewObject);
}

export function tokenOf(sandbox: Pick<Sandbox, 'kubeconfig'>, identity: IdentityName): string {
  const config: unknown = parse(sandbox.kubeconfig());
  const user = listAt(config, 'users').find((one) => isRecord(one) && one.name === identity);
  return stringAt(user, 'user', 'token') ?? '';
}
