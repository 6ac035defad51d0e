import { Agent, request } from 'node:http';
import type { DataDirectory } from '../contract/data-directory.ts';
import { startRefusal } from '../contract/start-refusal.ts';
import { findDynamoDbBinary, startDynamoDbChild } from './dynamodb-child.ts';
import { type GuardedAnswer, type GuardedRequest, startGuardedEndpoint } from './guarded-endpoint.ts';
import { DYNAMODB_CONNECTIONS } from './limits.ts';
import type { AwsCredentials } from './run-credentials.ts';

export type DynamoDb = {
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
  /** Calls back after each write that went through our endpoint; a hint for whoever reads the stream. Returns the removal. */
  onWrite(listener: () => void): () => void;
  /** Resolves with a sentence when it ended without being stopped; never after stop(). */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
};

export type DynamoDbOptions = {
  readonly port: number;
  readonly data: DataDirectory;
  readonly credentials: AwsCredentials;
  /** COUNTERSIGN_DYNAMODB_ENDPOINT names a DynamoDB to use instead, with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. */
  readonly environment: Readonly<Record<string, string | undefined>>;
};

const WRITES = new Set([
  'PutItem',
  'UpdateItem',
  'DeleteItem',
  'BatchWriteItem',
  'TransactWriteItems',
  'ExecuteStatement',
  'ExecuteTransaction',
]);

/** @throws StartRefusal where this platform has no built-in one and no endpoint is named, or the named one is no address */
export async function startDynamoDb(options: DynamoDbOptions): Promise<DynamoDb> {
  const elsewhere = options.environment.COUNTERSIGN_DYNAMODB_ENDPOINT;
  if (elsewhere) return useDynamoDbElsewhere(elsewhere, options);
  const child = await startDynamoDbChild(findDynamoDbBinary(), options.data.file('records.sqlite'));
  const agent = new Agent({ keepAlive: true, maxSockets: DYNAMODB_CONNECTIONS, scheduling: 'lifo' });
  const listeners = new Set<() => void>();
  let stopping = false;
  const failed = new Promise<string>((resolve) => {
    void child.exited.then(() => {
      if (!stopping)
        resolve('The built-in DynamoDB ended unexpectedly: start Countersign again, its records are safe.');
    });
  });
  const door = await startGuardedEndpoint({
    port: options.port,
    credentials: options.credentials,
    services: ['dynamodb'],
    handle: async (incoming) => {
      const answer = await forward(incoming, child, agent);
      if (answer.status === 200 && WRITES.has(operationOf(incoming))) for (const listener of listeners) listener();
      return answer;
    },
  }).catch(async (problem: unknown) => {
    stopping = true;
    await child.stop();
    throw problem;
  });
  return {
    endpoint: door.endpoint,
    credentials: options.credentials,
    onWrite(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    failed,
    async stop() {
      stopping = true;
      await door.stop();
      agent.destroy();
      await child.stop();
    },
  };
}

function useDynamoDbElsewhere(endpoint: string, { credentials, environment }: DynamoDbOptions): DynamoDb {
  if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol)) {
    throw startRefusal('COUNTERSIGN_DYNAMODB_ENDPOINT is not an address: allowed is one like http://127.0.0.1:8000.');
  }
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  return {
    endpoint,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : credentials,
    onWrite: () => () => {},
    failed: new Promise(() => {}),
    stop: async () => {},
  };
}

/** DynamoDB_20120810.PutItem -> PutItem */
function operationOf({ headers }: GuardedRequest): string {
  return String(headers['x-amz-target']).split('.')[1] ?? '';
}

/** What the client and dynoxide need of each other; not the cross-origin permissions that it would hand out. */
const REQUEST_HEADERS = ['content-type', 'x-amz-target', 'x-amz-date', 'authorization'] as const;
const ANSWER_HEADERS = ['content-type', 'x-amzn-requestid', 'x-amz-crc32'] as const;

function forward(
  incoming: GuardedRequest,
  to: { readonly host: string; readonly port: number },
  agent: Agent,
): Promise<GuardedAnswer> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string | number> = { 'content-length': incoming.body.length };
    for (const name of REQUEST_HEADERS) {
      const value = incoming.headers[name];
      if (typeof value === 'string') headers[name] = value;
    }
    const outgoing = request(
      { host: to.host, port: to.port, agent, method: incoming.method, path: incoming.url, headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const passed: Record<string, string> = {};
          for (const name of ANSWER_HEADERS) {
            const value = answer.headers[name];
            if (typeof value === 'string') passed[name] = value;
          }
          resolve({ status: answer.statusCode ?? 500, headers: passed, body: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(incoming.body);
  });
}
