/** Observe: cluster facts -> anomalies, and open plans' targets -> freshness. Triggered by a schedule; by the queue when a page asks again. */
import { type CycleReport, observeCycle } from '@countersign/agents';
import { checkOnRequest, checkOpenPlans } from '@countersign/approvals';
import { anomalyStore, outbox, planStore } from '@countersign/aws';
import { factsCluster, verificationCluster } from '@countersign/kubernetes';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { CYCLE_ID_BYTES } from '../limits.ts';
import { onFirstCall, type Platform } from '../platform.ts';
import { eachMessage } from '../queue-batch.ts';
import { connect, loadPolicies } from '../wiring.ts';
import { type Environment, environmentSchema } from './environment.ts';

export function createHandler(
  environment: Environment,
  platform: Platform,
): (event: SQSEvent | Record<string, unknown>) => Promise<SQSBatchResponse | CycleReport> {
  const { dynamodb } = platform.clients;
  const connection = connect(environment);
  const policies = loadPolicies(environment);
  const orders = outbox(dynamodb, environment.TABLE);
  const facts = {
    cluster: factsCluster(connection, platform.clock),
    anomalies: anomalyStore(dynamodb, environment.TABLE),
    outbox: orders,
    clock: platform.clock,
  };
  const plans = {
    plans: planStore(dynamodb, environment.TABLE),
    outbox: orders,
    cluster: verificationCluster(connection),
    clock: platform.clock,
  };
  return async (event) => {
    if (isQueueEvent(event))
      return eachMessage(event, platform, (message) => checkOnRequest(message, plans).then(() => undefined));
    await checkOpenPlans(plans);
    return observeCycle(facts, policies.deployed.namespaces, platform.random.token(CYCLE_ID_BYTES));
  };
}

const isQueueEvent = (event: SQSEvent | Record<string, unknown>): event is SQSEvent => Array.isArray(event.Records);

export const handler = onFirstCall(environmentSchema, createHandler);
