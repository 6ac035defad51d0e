/** The cluster contract on the sandbox. A real API server runs the same suites. */
import { afterAll, beforeAll, describe } from 'vitest';
import { applyContract } from './apply-contract.ts';
import { type ClusterUnderTest, callsTo } from './cluster-under-test.ts';
import { customResourceContract } from './custom-resource-contract.ts';
import { guardContract } from './guard-contract.ts';
import { readContract } from './read-contract.ts';
import { startSandboxUnderTest } from './start-sandbox.ts';
import { writeContract } from './write-contract.ts';

describe('the sandbox', () => {
  let started: ClusterUnderTest | undefined;
  beforeAll(async () => {
    const { kubeconfig, stop } = await startSandboxUnderTest();
    const { call, follow, close } = callsTo(kubeconfig);
    started = {
      call,
      follow,
      stop: async () => {
        close();
        await stop();
      },
    };
  });
  afterAll(async () => {
    await started?.stop();
  });
  const cluster = (): ClusterUnderTest => {
    if (started === undefined) throw new Error('the cluster is not up');
    return started;
  };

  writeContract(cluster);
  applyContract(cluster);
  customResourceContract(cluster);
  readContract(cluster);
  guardContract(cluster);
});
