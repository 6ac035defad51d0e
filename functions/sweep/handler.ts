/** Sweep: expiry, re-sending what nobody consumed, and so the reconciliation of executions. Triggered by a schedule. */
import { sweep } from '@countersign/approvals';
import { outbox, planStore, sqsQueue } from '@countersign/aws';
import { onFirstCall, type Platform } from '../platform.ts';
import { type Environment, environmentSchema } from './environment.ts';

export function createHandler(
  environment: Environment,
  platform: Platform,
): (event: unknown) => Promise<{ readonly expired: number; readonly resent: number }> {
  const ports = {
    plans: planStore(platform.clients.dynamodb, environment.TABLE),
    outbox: outbox(platform.clients.dynamodb, environment.TABLE),
    queue: sqsQueue(platform.clients.sqs, environment.QUEUE_URLS),
    clock: platform.clock,
  };
  return () => sweep(ports);
}

export const handler = onFirstCall(environmentSchema, createHandler);
