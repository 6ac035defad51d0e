/** The adapter on a real API server: what it promises on the sandbox it keeps here. */
import { afterAll, describe, inject } from 'vitest';
import { adapterOn } from '../contracts/adapter/adapter-under-test.ts';
import { changeContract } from '../contracts/adapter/change-contract.ts';
import { readContract } from '../contracts/adapter/read-contract.ts';

describe('the adapter on a real control plane', () => {
  const adapter = adapterOn(inject('kubeconfig'));
  afterAll(() => adapter.close());
  changeContract(() => adapter);
  readContract(() => adapter);
});
