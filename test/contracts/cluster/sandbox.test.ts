/** The cluster contract on the sandbox. A real API server runs the same suites. */
import { afterAll, beforeAll, describe } from 'vitest';
import { type ClusterUnderTest, callsTo } from './cluster-under-test.ts';
import { clusterContract } from './contracts.ts';
import { startSandboxUnderTest } from './start-sandbox.ts';

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

  clusterContract(() => {
    if (started === undefined) throw new Error('the cluster is not up');
    return started;
  });
});
