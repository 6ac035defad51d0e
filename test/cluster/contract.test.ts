/** The cluster contract on a real API server. Where the sandbox differs, the sandbox is wrong. */
import { afterAll, describe, inject } from 'vitest';
import { type ClusterUnderTest, callsTo } from '../contracts/cluster/cluster-under-test.ts';
import { clusterContract } from '../contracts/cluster/contracts.ts';

describe('a real control plane', () => {
  const { call, follow, close } = callsTo(inject('kubeconfig'));
  const cluster: ClusterUnderTest = {
    call,
    follow,
    stop: async () => close(),
  };
  afterAll(() => cluster.stop());

  clusterContract(() => cluster);
});
