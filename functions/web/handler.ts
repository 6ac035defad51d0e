/** The people's pages: API Gateway event -> answer. Internet-facing; cookie only; holds the vote key, nothing else. */
import { accessLog, anomalyStore, budgetStore, keyFileSigner, locatorStore, outbox, planStore } from '@countersign/aws';
import { createBrowserSignIn } from '@countersign/identity';
import { createWebApp, groupsNamedBy } from '@countersign/web';
import { type HttpHandler, httpHandler } from '../http-handler.ts';
import { ACCESS_LOG } from '../limits.ts';
import { onFirstCall, type Platform } from '../platform.ts';
import { loadPolicies, readKeyFile } from '../wiring.ts';
import { type Environment, environmentSchema } from './environment.ts';

const bytes = (key: string): Uint8Array => Buffer.from(key, 'base64url');

export function createHandler(environment: Environment, platform: Platform): HttpHandler {
  const { dynamodb } = platform.clients;
  const { TABLE } = environment;
  const policies = loadPolicies(environment);
  const sessions = createBrowserSignIn({
    origin: environment.PAGES_URL,
    issuer: environment.PEOPLE_ISSUER,
    sessionKeys: environment.SESSION_KEYS.map(bytes),
    relevantGroups: groupsNamedBy(policies),
    clock: platform.machineClock,
    random: platform.random,
  });
  const ports = {
    plans: planStore(dynamodb, TABLE),
    outbox: outbox(dynamodb, TABLE),
    anomalies: anomalyStore(dynamodb, TABLE),
    locators: locatorStore(dynamodb, TABLE),
    accessLog: accessLog(dynamodb, TABLE, { ...ACCESS_LOG, random: platform.random }),
    budgets: budgetStore(dynamodb, TABLE),
    policies,
    keys: environment.PINNED_KEYS,
    voteSigner: keyFileSigner(readKeyFile(environment.SIGNING_KEY_FILE)),
    challengeKey: bytes(environment.CHALLENGE_KEY),
    antiForgeryKey: bytes(environment.ANTI_FORGERY_KEY),
    sessions,
    clock: platform.clock,
    random: platform.random,
    reportFault: ({ route, error }: { route: string; error: unknown }) =>
      platform.log({ code: 'web.fault', route, error: error instanceof Error ? error.name : 'unknown' }),
  };
  const config = {
    pagesOrigin: environment.PAGES_URL,
    deployment: environment.DEPLOYMENT,
    cluster: environment.CLUSTER_NAME,
  };
  return httpHandler(createWebApp(ports, config));
}

export const handler = onFirstCall(environmentSchema, createHandler);
