/** Relay: new outbox records in the table's stream -> their queue. Only speeds things up: what it loses the sweeper sends. */
import { relayRecords, sqsQueue } from '@countersign/aws';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { onFirstCall, type Platform } from '../platform.ts';
import { type Environment, environmentSchema } from './environment.ts';

export function createHandler(
  environment: Environment,
  platform: Platform,
): (event: DynamoDBStreamEvent) => Promise<void> {
  const queue = sqsQueue(platform.clients.sqs, environment.QUEUE_URLS);
  return async (event) => {
    await Promise.all(relayRecords(event).map(({ kind, outboxId }) => queue.send(kind, { outboxId })));
  };
}

export const handler = onFirstCall(environmentSchema, createHandler);
