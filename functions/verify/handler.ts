/** Verify: what the cluster shows -> plan `verified` or `unverified`. Triggered by the verify queue. */
import { verifyPlan } from '@countersign/approvals';
import { outbox, planStore } from '@countersign/aws';
import { verificationCluster } from '@countersign/kubernetes';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { VERIFY_AGAIN_SECONDS, VERIFY_LOOKS_MAX } from '../limits.ts';
import { onFirstCall, type Platform } from '../platform.ts';
import { eachMessage } from '../queue-batch.ts';
import { connect } from '../wiring.ts';
import { type Environment, environmentSchema } from './environment.ts';

export function createHandler(
  environment: Environment,
  platform: Platform,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const ports = {
    plans: planStore(platform.clients.dynamodb, environment.TABLE),
    outbox: outbox(platform.clients.dynamodb, environment.TABLE),
    cluster: verificationCluster(connect(environment)),
    clock: platform.clock,
    sleep: platform.sleep,
    looksMax: VERIFY_LOOKS_MAX,
    againSeconds: VERIFY_AGAIN_SECONDS,
  };
  return (event) => eachMessage(event, platform, (message) => verifyPlan(message, ports));
}

export const handler = onFirstCall(environmentSchema, createHandler);
