/** Where the store suites run: any DynamoDB API. One endpoint a run, a pair of fresh tables a suite. */

import { createHash } from 'node:crypto';
import type { AnomalyStore, BudgetStore, LocatorStore, Outbox, PlanStore, Randomness } from '@countersign/approvals';
import {
  type AwsClients,
  accessLog,
  anomalyStore,
  budgetStore,
  createAwsClients,
  createTables,
  type Dynamo,
  locatorStore,
  outbox,
  type Pause,
  planStore,
} from '@countersign/aws';

export interface StoreEndpoint {
  readonly url: string;
  stop(): Promise<void>;
}

/** Asked for at the time of the test: vitest collects the suites before the endpoint is up. */
export type EndpointUrl = () => string;

export interface Stores {
  readonly dynamo: Dynamo;
  readonly table: string;
  readonly plans: PlanStore;
  readonly outbox: Outbox;
  readonly anomalies: AnomalyStore;
  readonly locators: LocatorStore;
  readonly budgets: BudgetStore;
  accessLog(options: { readonly shards: number; readonly budgetPerMinute: number }): ReturnType<typeof accessLog>;
  close(): void;
}

/** Between attempts the suites do not wait. */
const noPause: Pause = async () => {};

/** Distinct, never the same twice, and the same in every run. */
function countingRandomness(seed: string): Randomness {
  let count = 0;
  return {
    token(bytes) {
      count += 1;
      return createHash('sha512').update(`${seed}${count}`).digest().subarray(0, bytes).toString('base64url');
    },
  };
}

let tables = 0;

export async function openStores(url: string): Promise<Stores> {
  tables += 1;
  const table = `main-${process.pid}-${tables}`;
  const clients = clientsAt(url);
  await createTables(clients.tables, { main: table, people: `people-${process.pid}-${tables}` }, noPause);
  return storesOn(clients, table);
}

export function storesOn(clients: AwsClients, table: string): Stores {
  const { dynamodb: dynamo } = clients;
  let logs = 0;
  return {
    dynamo,
    table,
    plans: planStore(dynamo, table, noPause),
    outbox: outbox(dynamo, table, noPause),
    anomalies: anomalyStore(dynamo, table, noPause),
    locators: locatorStore(dynamo, table, noPause),
    budgets: budgetStore(dynamo, table, noPause),
    accessLog: (options) => {
      logs += 1;
      return accessLog(dynamo, table, { ...options, random: countingRandomness(`log${logs}-`), pause: noPause });
    },
    close: () => clients.close(),
  };
}

export const clientsAt = (url: string): AwsClients =>
  createAwsClients({
    region: 'eu-central-1',
    dynamodbEndpoint: url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
