/** The adapter's contract on the sandbox. A real API server runs the same suite. */
import { afterAll, beforeAll, describe } from 'vitest';
import { startSandboxUnderTest } from '../cluster/start-sandbox.ts';
import { type Adapter, adapterOn } from './adapter-under-test.ts';
import { changeContract } from './change-contract.ts';
import { readContract } from './read-contract.ts';

describe('the adapter on the sandbox', () => {
  let started: { readonly adapter: Adapter; stop(): Promise<void> } | undefined;
  beforeAll(async () => {
    const { kubeconfig, stop } = await startSandboxUnderTest();
    started = { adapter: adapterOn(kubeconfig), stop };
  });
  afterAll(async () => {
    started?.adapter.close();
    await started?.stop();
  });

  const adapter = (): Adapter => {
    if (started === undefined) throw new Error('the cluster is not up');
    return started.adapter;
  };
  changeContract(adapter);
  readContract(adapter);
});
