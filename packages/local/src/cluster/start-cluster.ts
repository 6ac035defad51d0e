/** The cluster of one run: the sandbox, or the one that --kubeconfig names. */
import { fileURLToPath } from 'node:url';
import type { Platform } from '@countersign/functions/platform';
import { startSandbox } from '@countersign/sandbox';
import { replaceFile } from '../contract/atomic-file.ts';
import type { DataDirectory } from '../contract/data-directory.ts';
import type { Options } from '../contract/options.ts';
import { clusterManifests } from './cluster-manifests.ts';
import { keepClusterPolicy } from './cluster-policy.ts';
import { openRealCluster } from './real-cluster.ts';
import { rememberCluster } from './remembered-cluster.ts';

export interface StartedCluster {
  readonly name: string;
  /** For the functions: contexts reader, proposer and executor. */
  readonly kubeconfigFile: string;
  /** For the person at the keyboard. */
  readonly ownKubeconfigFile: string;
  readonly policyDirectory: string;
  /** Undefined for the sandbox. */
  readonly real: { readonly context: string; readonly namespaces: readonly string[] } | undefined;
  stop(): Promise<void>;
}

/** Handed to Countersign in the sandbox; the local policy allows the same. */
const MANAGED_NAMESPACES = ['payments', 'shop'];
const LOCAL_POLICIES = fileURLToPath(new URL('../../policies', import.meta.url));

/** Throws StartRefusal. */
export const startCluster = (
  options: Pick<Options, 'cluster'>,
  data: DataDirectory,
  port: number,
  log: Platform['log'],
): Promise<StartedCluster> =>
  options.cluster === undefined ? sandboxCluster(data, port, log) : realCluster(options.cluster, data);

async function sandboxCluster(data: DataDirectory, port: number, log: Platform['log']): Promise<StartedCluster> {
  rememberCluster(data, 'sandbox');
  const sandbox = await startSandbox({
    dataDirectory: data.directory('cluster'),
    port,
    manifests: clusterManifests(MANAGED_NAMESPACES),
    logger: { error: (code) => log({ code }) },
  });
  const kubeconfigFile = data.file('kubeconfig');
  replaceFile(kubeconfigFile, sandbox.kubeconfig('user'), true);
  return {
    name: 'sandbox',
    kubeconfigFile,
    ownKubeconfigFile: kubeconfigFile,
    policyDirectory: LOCAL_POLICIES,
    real: undefined,
    stop: () => sandbox.stop(),
  };
}

async function realCluster(
  { file, context }: NonNullable<Options['cluster']>,
  data: DataDirectory,
): Promise<StartedCluster> {
  const cluster = await openRealCluster(file, context);
  rememberCluster(data, cluster);
  const kubeconfigFile = data.file('derived.kubeconfig');
  replaceFile(kubeconfigFile, cluster.kubeconfig, true);
  return {
    name: cluster.name,
    kubeconfigFile,
    ownKubeconfigFile: file,
    policyDirectory: keepClusterPolicy(data, cluster.namespaces),
    real: { context: cluster.name, namespaces: cluster.namespaces },
    stop: () => Promise.resolve(),
  };
}
