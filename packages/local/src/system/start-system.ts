/**
 * The whole of Countersign on one machine: embedded parts, the functions of functions/ with real events, two origins on loopback. It
 * composes and decides nothing. Everything started here is stopped in the opposite order, also when a later part fails to start.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { OutboxKind } from '@countersign/approvals';
import { createAwsClients, createTables } from '@countersign/aws';
import { type Platform, systemRandom } from '@countersign/functions/platform';
import { type StartedCluster, startCluster } from '../cluster/start-cluster.ts';
import { createClock } from '../contract/clock.ts';
import { openDataDirectory } from '../contract/data-directory.ts';
import type { Options } from '../contract/options.ts';
import { choosePorts } from '../contract/ports.ts';
import type { ReadyFile } from '../contract/ready-file.ts';
import { startDynamoDb } from '../embedded/dynamodb.ts';
import { createIssuer } from '../embedded/issuer.ts';
import { startMailService } from '../embedded/mail-service.ts';
import { openMailStore } from '../embedded/mail-store.ts';
import { startQueues } from '../embedded/queues.ts';
import { createRunCredentials } from '../embedded/run-credentials.ts';
import { startQueuePump } from '../pumps/queue-pump.ts';
import { startSchedulePump } from '../pumps/schedule-pump.ts';
import { startStreamPump } from '../pumps/stream-pump.ts';
import { StreamPosition } from '../pumps/stream-shards.ts';
import { functionEnvironments, PROPOSE_FUNCTION } from './function-environments.ts';
import { createFunctions, FUNCTION_LIMIT_SECONDS } from './functions.ts';
import { QUEUE_CONCURRENCY, SWEEP_EVERY_SECONDS } from './limits.ts';
import { createLog } from './log.ts';
import { startOrigins } from './origins.ts';
import { loadSigningKeys } from './signing-keys.ts';

export type RunningSystem = {
  readonly ready: ReadyFile;
  readonly cluster: Pick<StartedCluster, 'real'>;
  /** Resolves with a sentence when a part ended without being asked to. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
};

const REGION = 'us-east-1';
const TABLES = { main: 'countersign', people: 'countersign-people' } as const;
const VERSION = '0.1.0';
/** Which function consumes which kind of message. */
const CONSUMERS = {
  propose: 'propose',
  grant: 'grant',
  execute: 'execute',
  verify: 'verify',
  notify: 'notify',
  freshness: 'observe',
} as const satisfies Record<OutboxKind, string>;

/** @throws StartRefusal with one sentence for what a person can mend (a port, the data directory) */
export async function startSystem(
  options: Pick<Options, 'port' | 'data' | 'observeEverySeconds' | 'cluster'>,
): Promise<RunningSystem> {
  const stops: (() => Promise<void> | void)[] = [];
  /** Every part gets its turn: one that cannot stop must not leave the others running. The first problem is told in the end. */
  const stop = async (): Promise<void> => {
    const problems: unknown[] = [];
    for (const part of stops.splice(0).reverse()) {
      try {
        await part();
      } catch (problem) {
        problems.push(problem);
      }
    }
    if (problems.length > 0) throw problems[0];
  };
  try {
    const started = await start(options, (part) => stops.push(part));
    return { ...started, stop };
  } catch (problem) {
    await stop();
    throw problem;
  }
}

async function start(
  options: Pick<Options, 'port' | 'data' | 'observeEverySeconds' | 'cluster'>,
  onStop: (part: () => Promise<void> | void) => void,
): Promise<Omit<RunningSystem, 'stop'>> {
  const data = openDataDirectory(options.data);
  onStop(() => data.release());
  const ports = await choosePorts(data, options.port, ['dynamodb', 'queues', 'mail', 'cluster']);
  const pagesOrigin = `http://localhost:${ports.pages}`;
  const endpointOrigin = `http://127.0.0.1:${ports.endpoint}`;
  const log = createLog(data);
  const clock = createClock(data);
  const machineClock = () => new Date();
  const credentials = createRunCredentials();
  const port = (service: string): number => ports.services[service] ?? 0;

  /** A part is stopped with the rest as soon as it runs, whatever becomes of those that start beside it. */
  const running = async <T extends { stop(): Promise<void> | void }>(starting: Promise<T>): Promise<T> => {
    const part = await starting;
    onStop(() => part.stop());
    return part;
  };
  const mails = openMailStore(data.file('mails.sqlite'));
  onStop(() => mails.close());
  // First: a cluster that cannot be used is the likeliest reason not to start.
  const cluster = await running(startCluster(options, data, port('cluster'), log));
  const [dynamodb, queues, issuer, keys] = await allStarted([
    running(startDynamoDb({ port: port('dynamodb'), data, credentials, environment: process.env })),
    running(
      startQueues({ port: port('queues'), data, credentials, region: REGION, functionLimitSeconds: queueLimits() }),
    ),
    running(
      createIssuer({
        data,
        origin: endpointOrigin,
        resource: `${endpointOrigin}/mcp`,
        pagesOrigin,
        signInHint: 'Names and passwords are in the file that the start-up message names.',
        now: machineClock,
        report: (problem) => log({ code: 'issuer.fault', error: nameOf(problem) }),
      }),
    ),
    loadSigningKeys(data),
  ]);
  const mailService = await startMailService({
    port: port('mail'),
    credentials,
    mails,
    now: machineClock,
    createId: randomUUID,
  });
  onStop(() => mailService.stop());

  const clients = createAwsClients({
    region: REGION,
    dynamodbEndpoint: dynamodb.endpoint,
    sqsEndpoint: queues.endpoint,
    s3Endpoint: queues.endpoint,
    sesEndpoint: mailService.endpoint,
    credentials: dynamodb.credentials,
  });
  onStop(() => clients.close());
  await createTables(clients.tables, TABLES);

  const platform: Platform = {
    clock: clock.now,
    machineClock,
    random: systemRandom,
    sleep: async (milliseconds) => {
      await wait(milliseconds);
    },
    clients,
    // As Lambda does: what crosses is JSON, so nothing but data can.
    invoke: async (name, payload) => {
      if (name !== PROPOSE_FUNCTION) throw new Error('no such function');
      return JSON.parse(JSON.stringify(await functions.propose(JSON.parse(JSON.stringify(payload)))));
    },
    log,
  };
  const queueUrls = Object.fromEntries(Object.entries(queues.queues).map(([kind, { url }]) => [kind, url])) as Record<
    OutboxKind,
    string
  >;
  const environments = functionEnvironments({
    data,
    keys,
    issuer,
    table: TABLES.main,
    queueUrls,
    kubeconfigFile: cluster.kubeconfigFile,
    clusterName: cluster.name,
    policyDirectory: cluster.policyDirectory,
    pagesOrigin,
    endpointOrigin,
    version: VERSION,
  });
  const functions = createFunctions(environments, platform);
  const lambda = <Name extends keyof typeof functions>(name: Name) => ({
    name: `countersign-${name}`,
    limitMilliseconds: FUNCTION_LIMIT_SECONDS[name] * 1000,
    handler: functions[name],
  });
  const report = (problem: { readonly pump: string; readonly kind: string; readonly problem?: unknown }): void =>
    log({ code: `pump.${problem.kind}`, pump: problem.pump, error: nameOf(problem.problem) });

  const sqs = new SQSClient({ region: REGION, endpoint: queues.endpoint, credentials: { ...credentials } });
  onStop(() => sqs.destroy());
  for (const [kind, consumer] of Object.entries(CONSUMERS) as [OutboxKind, (typeof CONSUMERS)[OutboxKind]][]) {
    const handler = functions[consumer] as Parameters<typeof startQueuePump>[0]['lambda']['handler'];
    const pump = startQueuePump({
      sqs,
      queue: queues.queues[kind],
      lambda: { ...lambda(consumer), handler },
      concurrency: QUEUE_CONCURRENCY,
      report,
    });
    onStop(() => pump.stop());
  }
  const streams = new DynamoDBStreamsClient({
    region: REGION,
    endpoint: dynamodb.endpoint,
    credentials: { ...dynamodb.credentials },
  });
  onStop(() => streams.destroy());
  const { Table } = await clients.tables.call('DescribeTable', { TableName: TABLES.main });
  const stream = startStreamPump({
    client: streams,
    streamArn: Table?.LatestStreamArn ?? '',
    position: data.document('stream-position', StreamPosition, { durable: false }),
    lambda: lambda('relay'),
    onWrite: dynamodb.onWrite,
    report,
  });
  onStop(() => stream.stop());
  const observe = functions.observe as (event: unknown) => Promise<unknown>;
  const observer = startSchedulePump({
    name: 'observe',
    lambda: { ...lambda('observe'), handler: observe },
    everySeconds: options.observeEverySeconds,
    now: clock.now,
    report,
  });
  const sweeper = startSchedulePump({
    name: 'sweep',
    lambda: lambda('sweep'),
    everySeconds: SWEEP_EVERY_SECONDS,
    now: clock.now,
    report,
  });
  onStop(async () => {
    await Promise.all([observer.stop(), sweeper.stop()]);
  });

  const origins = await startOrigins({
    ports,
    functions: { mcp: lambda('mcp'), web: lambda('web') },
    issuer,
    mails,
    observeNow: () => observer.runNow(),
    advanceClock: async (seconds) => {
      const now = clock.advance(seconds);
      // What became due by the jump is looked at right away, as if the time had really passed.
      await sweeper.runNow();
      return now;
    },
    now: machineClock,
    report: (problem) => log({ code: 'front.fault', error: nameOf(problem) }),
    reportPump: report,
  });
  onStop(() => origins.stop());
  if (options.observeEverySeconds > 0) void observer.runNow().catch(() => undefined);

  const { agent, reader, cli } = issuer.clients;
  return {
    failed: dynamodb.failed,
    cluster,
    ready: {
      webUrl: pagesOrigin,
      mcpUrl: `${endpointOrigin}/mcp`,
      mailboxUrl: `${endpointOrigin}/local/mailbox`,
      issuer: issuer.issuer,
      tokenEndpoint: issuer.tokenEndpoint,
      pid: process.pid,
      kubeconfig: cluster.ownKubeconfigFile,
      dynamodb: {
        endpoint: dynamodb.endpoint,
        tables: [TABLES.main, TABLES.people],
        credentials: dynamodb.credentials,
      },
      clients: {
        agent: { ...agent, scopes: [...agent.scopes] },
        reader: { ...reader, scopes: [...reader.scopes] },
        cli: { ...cli, note: "public client, authorization code with PKCE, for a person's own token" },
      },
      users: issuer.users.map(({ email, password, groups }) => ({ email, password, groups: [...groups] })),
    },
  };
}

const queueLimits = () => {
  const { propose, grant, execute, verify, notify, observe } = FUNCTION_LIMIT_SECONDS;
  return { propose, grant, execute, verify, notify, freshness: observe };
};

/** Like Promise.all, but waits for all of them before it throws: nothing may still be starting while the rest is stopped. */
async function allStarted<T extends readonly Promise<unknown>[]>(starting: [...T]) {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

/** An error may quote a request or a record: its name is all that a log gets. */
const nameOf = (problem: unknown): string => (problem instanceof Error ? problem.name : 'unknown');
