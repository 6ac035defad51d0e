/** Every operation of a plan on a real API server, by the adapter itself. The sandbox runs the same suite. */
import { afterAll, describe, inject } from 'vitest';
import { changeContract } from '../contracts/cluster/change-contract.ts';
import { type ClusterUnderTest, callsTo } from '../contracts/cluster/cluster-under-test.ts';

describe('a real control plane', () => {
  const kubeconfig = inject('kubeconfig');
  const { call, follow, close } = callsTo(kubeconfig);
  const cluster: ClusterUnderTest = { call, follow, stop: async () => close() };
  afterAll(() => cluster.stop());

  changeContract(
    () => cluster,
    () => kubeconfig,
    ['Deployment', 'StatefulSet', 'DaemonSet'],
  );
});
