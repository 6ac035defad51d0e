/** Execute: a released grant -> claim -> write -> plan `applied`. Triggered by the execute queue, one message at a time. */
import { executePlan } from '@countersign/approvals';
import { accessLog, outbox, planStore, s3RawEvidence } from '@countersign/aws';
import { executionCluster, objectRules } from '@countersign/kubernetes';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ACCESS_LOG, HOLDER_BYTES } from '../limits.ts';
import { onFirstCall, type Platform } from '../platform.ts';
import { eachMessage } from '../queue-batch.ts';
import { connect, loadPolicies } from '../wiring.ts';
import { type Environment, environmentSchema } from './environment.ts';

export function createHandler(
  environment: Environment,
  platform: Platform,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const { dynamodb, s3 } = platform.clients;
  const ports = {
    plans: planStore(dynamodb, environment.TABLE),
    outbox: outbox(dynamodb, environment.TABLE),
    access: accessLog(dynamodb, environment.TABLE, { ...ACCESS_LOG, random: platform.random }),
    rawEvidence: s3RawEvidence(s3, environment.RAW_EVIDENCE_BUCKET),
    cluster: executionCluster(connect(environment)),
    rules: objectRules,
    policies: loadPolicies(environment),
    keys: environment.PINNED_KEYS,
    deployment: environment.DEPLOYMENT,
    clock: platform.clock,
    random: platform.random,
    holder: platform.random.token(HOLDER_BYTES),
  };
  return (event) => eachMessage(event, platform, (message) => executePlan(message, ports));
}

export const handler = onFirstCall(environmentSchema, createHandler);
