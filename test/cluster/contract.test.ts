/** The cluster contract on a real API server. Where the sandbox differs, the sandbox is wrong. */
import { afterAll, describe, inject } from 'vitest';
import { applyContract } from '../contracts/cluster/apply-contract.ts';
import { type ClusterUnderTest, callsTo } from '../contracts/cluster/cluster-under-test.ts';
import { customResourceContract } from '../contracts/cluster/custom-resource-contract.ts';
import { guardContract } from '../contracts/cluster/guard-contract.ts';
import { readContract } from '../contracts/cluster/read-contract.ts';
import { writeContract } from '../contracts/cluster/write-contract.ts';

describe('a real control plane', () => {
  const { call, follow, close } = callsTo(inject('kubeconfig'));
  const cluster: ClusterUnderTest = {
    call,
    follow,
    stop: async () => close(),
  };
  afterAll(() => cluster.stop());

  writeContract(() => cluster);
  applyContract(() => cluster);
  customResourceContract(() => cluster);
  readContract(() => cluster);
  guardContract(() => cluster);
});
