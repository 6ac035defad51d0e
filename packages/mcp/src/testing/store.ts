/** The real stores on the embedded DynamoDB: one process in memory per test file, on loopback. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import {
  accessLog,
  anomalyStore,
  budgetStore,
  createAwsClients,
  createTables,
  outbox,
  planStore,
  readAccessShard,
} from '@countersign/aws';

export async function startStores() {
  const port = await freePort();
  const binary = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
  const child = spawn(binary, ['--host', '127.0.0.1', '--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the database ended before it listened')));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('listening')) resolve();
      });
    }
  });
  const clients = createAwsClients({
    region: 'eu-central-1',
    dynamodbEndpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    /** Stores on a table of their own. */
    async open() {
      const table = `main-${randomBytes(6).toString('hex')}`;
      await createTables(clients.tables, { main: table, people: `${table}-people` });
      const { dynamodb } = clients;
      return {
        plans: planStore(dynamodb, table),
        outbox: outbox(dynamodb, table),
        anomalies: anomalyStore(dynamodb, table),
        budgets: budgetStore(dynamodb, table),
        accessLog: accessLog(dynamodb, table, {
          shards: 1,
          budgetPerMinute: 100_000,
          random: { token: (bytes) => randomBytes(bytes).toString('base64url') },
        }),
        accessEntries: async () => (await readAccessShard(dynamodb, table, 'mcp', 0)).records,
        /** What a table writer could do. */
        tamper: (planId: string, attribute: string, value: string) =>
          dynamodb.call('UpdateItem', {
            TableName: table,
            Key: { pk: { S: `PLAN#${planId}` }, sk: { S: 'PLAN' } },
            UpdateExpression: 'SET #a = :v',
            ExpressionAttributeNames: { '#a': attribute },
            ExpressionAttributeValues: { ':v': { S: value } },
          }),
      };
    },
    async stop() {
      clients.close();
      process.off('exit', kill);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export type Stores = Awaited<ReturnType<Awaited<ReturnType<typeof startStores>>['open']>>;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
