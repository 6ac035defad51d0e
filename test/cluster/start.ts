/** The cluster of one run: a control plane of our own, or the one that KUBECONFIG names. */
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import { buildControlPlane, startControlPlane } from './control-plane.ts';
import { installCountersign } from './install.ts';
import { startKubelet } from './kubelet.ts';

export interface RunningCluster {
  /** Text; contexts admin, user, reader, proposer and executor. */
  readonly kubeconfig: string;
  /** Undefined on somebody else's cluster: whether it keeps one, and where, is its own affair. */
  readonly auditLog: string | undefined;
  /** Rejects when the control plane ends by itself; never settles for somebody else's cluster. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export const startCluster = (): Promise<RunningCluster> =>
  process.env.KUBECONFIG ? useCluster(process.env.KUBECONFIG) : startOwnCluster();

export async function startOwnCluster(): Promise<RunningCluster> {
  await buildControlPlane();
  const { kubeconfig: adminKubeconfig, auditLog, failed, stop } = await startControlPlane();
  try {
    const { kubeconfig, close } = await installCountersign(adminKubeconfig);
    close();
    const kubelet = await startKubelet(kubeconfig);
    return {
      kubeconfig,
      auditLog,
      failed,
      stop: async () => {
        await kubelet.stop();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The file's current context must be an administrator's. What the suite installed is removed again. */
async function useCluster(path: string): Promise<RunningCluster> {
  const { kubeconfig, remove } = await installCountersign(currentContextAlone(readFileSync(path, 'utf8')));
  const kubelet = await startKubelet(kubeconfig).catch(async (error: unknown) => {
    await remove();
    throw error;
  });
  return {
    kubeconfig,
    auditLog: undefined,
    failed: new Promise(() => undefined),
    stop: async () => {
      // In this order: somebody must see the pods of the namespaces off.
      await remove();
      await kubelet.stop();
    },
  };
}

/** What the current context names, as a kubeconfig of one cluster and one user. */
function currentContextAlone(text: string): string {
  const config = parse(text);
  const named = (list: 'contexts' | 'clusters' | 'users', name: string) =>
    config[list]?.find((entry: { name: string }) => entry.name === name);
  const context = named('contexts', config['current-context'])?.context;
  const [cluster, user] = [named('clusters', context?.cluster), named('users', context?.user)];
  const usable = ['token', 'client-certificate-data'].some((member) => user?.user?.[member] !== undefined);
  if (cluster === undefined || !usable)
    throw new Error(
      "KUBECONFIG's current context needs a token or a client certificate in the file itself; `kubectl config view --raw --flatten --minify` writes such a file.",
    );
  return stringify({ clusters: [cluster], users: [user] });
}
