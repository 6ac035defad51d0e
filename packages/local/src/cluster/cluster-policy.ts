/**
 * The policy for a real cluster: the local one for the namespaces that were handed over, with a passkey for every approval. This version
 * cannot ask for passkeys yet, so it reads and proposes there, and no approval comes to be.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Policy, policyHash, policySet } from '@countersign/approvals';
import { replaceFile } from '../contract/atomic-file.ts';
import type { DataDirectory } from '../contract/data-directory.ts';

const LOCAL_POLICY = fileURLToPath(new URL('../../policies/deployed.json', import.meta.url));

export function clusterPolicy(namespaces: readonly string[], version: number): Policy {
  const local = read(LOCAL_POLICY);
  return {
    ...local,
    name: 'local-cluster',
    version,
    namespaces: [...namespaces],
    approvals: local.approvals.map((rule) => ({ ...rule, passkey: true })),
    bindings: local.bindings.map((binding) => ({ ...binding, namespaces: [...namespaces] })),
  };
}

/** Answers the directory for POLICY_DIRECTORY. What was deployed before stays beside it: an open plan may name it. */
export function keepClusterPolicy(data: DataDirectory, namespaces: readonly string[]): string {
  const directory = data.directory('policies');
  const deployed = join(directory, 'deployed.json');
  const before = existsSync(deployed) ? read(deployed) : undefined;
  if (before !== undefined && policyHash(before) === policyHash(clusterPolicy(namespaces, before.version)))
    return directory;
  if (before !== undefined)
    replaceFile(join(directory, `earlier-${before.version}.json`), JSON.stringify(before), true);
  replaceFile(deployed, JSON.stringify(clusterPolicy(namespaces, (before?.version ?? 0) + 1)), true);
  return directory;
}

const read = (file: string): Policy => policySet(JSON.parse(readFileSync(file, 'utf8'))).deployed;
