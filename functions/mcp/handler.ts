/** The MCP endpoint: API Gateway event -> answer. Internet-facing; holds the reader identity and the release key, nothing else. */
import { accessLog, anomalyStore, budgetStore, keyFileSigner, outbox, planStore } from '@countersign/aws';
import { createTokenVerifier } from '@countersign/identity';
import { clusterReads } from '@countersign/kubernetes';
import { createMcpApp } from '@countersign/mcp';
import { DIGEST_WORDS } from '@countersign/web';
import { type HttpHandler, httpHandler } from '../http-handler.ts';
import { ACCESS_LOG, CLOCK_SKEW_SECONDS, TOKEN_AGE_SECONDS_MAX } from '../limits.ts';
import { onFirstCall, type Platform } from '../platform.ts';
import { connect, loadPolicies, readKeyFile } from '../wiring.ts';
import { type Environment, environmentSchema } from './environment.ts';
import { proposeClient } from './propose-client.ts';

export function createHandler(environment: Environment, platform: Platform): HttpHandler {
  const { dynamodb } = platform.clients;
  const policies = loadPolicies(environment);
  const ports = {
    verifier: createTokenVerifier({
      audience: environment.RESOURCE,
      issuers: environment.ISSUERS,
      clockSkewSeconds: CLOCK_SKEW_SECONDS,
      maxTokenAgeSeconds: TOKEN_AGE_SECONDS_MAX,
      clock: platform.machineClock,
      fetch,
    }),
    reads: clusterReads(connect(environment), {
      namespaces: policies.deployed.namespaces,
      rules: policies.deployed.reads,
      clock: platform.machineClock,
    }),
    proposals: proposeClient(environment.PROPOSE_FUNCTION, platform),
    plans: planStore(dynamodb, environment.TABLE),
    outbox: outbox(dynamodb, environment.TABLE),
    anomalies: anomalyStore(dynamodb, environment.TABLE),
    budgets: budgetStore(dynamodb, environment.TABLE),
    accessLog: accessLog(dynamodb, environment.TABLE, { ...ACCESS_LOG, random: platform.random }),
    policies,
    keys: environment.PINNED_KEYS,
    releaseSigner: keyFileSigner(readKeyFile(environment.SIGNING_KEY_FILE)),
    clock: platform.clock,
    random: platform.random,
    waiting: { sleep: platform.sleep },
    faults: ({ id, where, error }: { id: string; where: string; error: unknown }) =>
      platform.log({ code: 'mcp.fault', id, where, error: error instanceof Error ? error.name : 'unknown' }),
  };
  const app = createMcpApp(ports, {
    resource: environment.RESOURCE,
    authorizationServers: environment.ISSUERS.map(({ issuer }) => issuer),
    allowedHosts: environment.ALLOWED_HOSTS,
    allowedOrigins: environment.ALLOWED_ORIGINS,
    pagesUrl: environment.PAGES_URL,
    deployment: environment.DEPLOYMENT,
    cluster: environment.CLUSTER_NAME,
    version: environment.VERSION,
    digestWords: DIGEST_WORDS,
  });
  return httpHandler(app);
}

export const handler = onFirstCall(environmentSchema, createHandler);
