/** Notify: an outbox notice -> mails with one link each. Triggered by the notify queue. */
import { accessLog, locatorStore, outbox, planStore, sesMail } from '@countersign/aws';
import { deliverNotice } from '@countersign/web';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { ACCESS_LOG } from '../limits.ts';
import { onFirstCall, type Platform } from '../platform.ts';
import { eachMessage } from '../queue-batch.ts';
import { loadPolicies } from '../wiring.ts';
import { type Environment, environmentSchema } from './environment.ts';

export function createHandler(
  environment: Environment,
  platform: Platform,
): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const { dynamodb, ses } = platform.clients;
  const ports = {
    plans: planStore(dynamodb, environment.TABLE),
    outbox: outbox(dynamodb, environment.TABLE),
    locators: locatorStore(dynamodb, environment.TABLE),
    accessLog: accessLog(dynamodb, environment.TABLE, { ...ACCESS_LOG, random: platform.random }),
    mail: sesMail(ses, environment.MAIL_FROM),
    policies: loadPolicies(environment),
    directory: environment.APPROVERS,
    pagesOrigin: environment.PAGES_URL,
    clock: platform.clock,
    random: platform.random,
  };
  return (event) =>
    eachMessage(event, platform, async (message) => {
      await deliverNotice(message, ports);
      return undefined;
    });
}

export const handler = onFirstCall(environmentSchema, createHandler);
