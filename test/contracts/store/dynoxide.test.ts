/** Every store suite on the embedded DynamoDB, or on the endpoint that the environment names. */
import { afterAll, beforeAll, describe } from 'vitest';
import { accessLogContract } from './access-log-contract.ts';
import { atomicityContract } from './atomicity-contract.ts';
import { commitContract } from './commit-contract.ts';
import { startStoreEndpoint } from './dynoxide.ts';
import type { StoreEndpoint } from './endpoint.ts';
import { faultsContract } from './faults-contract.ts';
import { lockContract } from './lock-contract.ts';
import { modelContract } from './model-contract.ts';
import { outboxContract } from './outbox-contract.ts';
import { readContract } from './read-contract.ts';
import { recordsContract } from './records-contract.ts';

describe('stores', () => {
  let endpoint: StoreEndpoint | undefined;
  const url = (): string => {
    if (endpoint === undefined) throw new Error('the endpoint is not up');
    return endpoint.url;
  };
  beforeAll(async () => {
    endpoint = await startStoreEndpoint();
  });
  afterAll(async () => {
    await endpoint?.stop();
  });

  commitContract(url);
  lockContract(url);
  atomicityContract(url);
  readContract(url);
  outboxContract(url);
  recordsContract(url);
  accessLogContract(url);
  faultsContract(url);
  modelContract(url);
});
