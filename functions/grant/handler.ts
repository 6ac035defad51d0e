/** Grant: votes -> plan `approved` and a signed grant. Triggered by the grant queue. */
import { grantPlan } from '@countersign/approvals';
import { keyFileSigner, outbox, planStore } from '@countersign/aws';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { onFirstCall, type Platform } from '../platform.ts';
import { eachMessage } from '../queue-batch.ts';
import { loadPolicies, readKeyFile } from '../wiring.ts';
import { type Environment, environmentSchema } from './environment.ts';

export function createHandler(
  environment: Environment,
  platform: Platform,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const ports = {
    plans: planStore(platform.clients.dynamodb, environment.TABLE),
    outbox: outbox(platform.clients.dynamodb, environment.TABLE),
    policies: loadPolicies(environment),
    keys: environment.PINNED_KEYS,
    grantSigner: keyFileSigner(readKeyFile(environment.SIGNING_KEY_FILE)),
    deployment: environment.DEPLOYMENT,
    clock: platform.clock,
  };
  return (event) => eachMessage(event, platform, (message) => grantPlan(message, ports));
}

export const handler = onFirstCall(environmentSchema, createHandler);
