import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTemporaryData, type TemporaryData } from '../contract/temporary-data.ts';
import { type DynamoDb, startDynamoDb } from './dynamodb.ts';
import { createRunCredentials } from './run-credentials.ts';

let temporary: TemporaryData;
let database: DynamoDb | undefined;
beforeEach(() => {
  temporary = createTemporaryData();
});
afterEach(async () => {
  await database?.stop();
  database = undefined;
  temporary.remove();
});

async function start(environment: Record<string, string> = {}): Promise<DynamoDb> {
  await database?.stop();
  database = await startDynamoDb({ port: 0, data: temporary.open(), credentials: createRunCredentials(), environment });
  return database;
}

const clientOf = ({ endpoint, credentials }: Pick<DynamoDb, 'endpoint' | 'credentials'>) =>
  new DynamoDBClient({ endpoint, credentials, region: 'us-east-1', maxAttempts: 1 });

const PLANS = new CreateTableCommand({
  TableName: 'plans',
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  BillingMode: 'PAY_PER_REQUEST',
});
const put = (pk: string) => new PutItemCommand({ TableName: 'plans', Item: { pk: { S: pk } } });
const get = (pk: string) => new GetItemCommand({ TableName: 'plans', Key: { pk: { S: pk } }, ConsistentRead: true });

/** Pids of running programs whose command line holds the text; a process that nobody has buried yet is not running. */
function running(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('the embedded DynamoDB', () => {
  test('keeps its records across a restart, in files that nobody else can read', async () => {
    const before = clientOf(await start());
    await before.send(PLANS);
    await before.send(put('a'));
    const after = clientOf(await start());
    expect((await after.send(get('a'))).Item).toEqual({ pk: { S: 'a' } });
    for (const file of readdirSync(temporary.path)) expect(statSync(join(temporary.path, file)).mode & 0o077).toBe(0);
  });

  test("refuses the credentials of another run, so that another user's process cannot read or write records", async () => {
    const { endpoint } = await start();
    const stranger = clientOf({ endpoint, credentials: createRunCredentials() });
    await expect(stranger.send(PLANS)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  test('tells of writes and not of reads or failed writes', async () => {
    const { onWrite, ...rest } = await start();
    const client = clientOf(rest);
    await client.send(PLANS);
    const listener = vi.fn();
    const remove = onWrite(listener);
    await client.send(get('a'));
    await expect(client.send(new PutItemCommand({ TableName: 'plans', Item: {} }))).rejects.toThrow();
    expect(listener).toHaveBeenCalledTimes(0);
    await client.send(put('a'));
    expect(listener).toHaveBeenCalledTimes(1);
    remove();
    await client.send(put('b'));
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('leaves no process behind when it is stopped', async () => {
    await start();
    expect(running(temporary.path)).toHaveLength(2); // The program and its watcher.
    await database?.stop();
    await vi.waitFor(() => expect(running(temporary.path)).toEqual([]));
  });

  test('leaves no process behind when its parent is killed by SIGKILL', async () => {
    const here = JSON.stringify(import.meta.dirname);
    const script = `const { startDynamoDb } = await import(${here} + '/dynamodb.ts');
      const { openDataDirectory } = await import(${here} + '/../contract/data-directory.ts');
      const { createRunCredentials } = await import(${here} + '/run-credentials.ts');
      await startDynamoDb({ port: 0, data: openDataDirectory(${JSON.stringify(temporary.path)}), credentials: createRunCredentials(), environment: {} });
      console.log('started');`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(parent.stdout, 'data');
    const family = running(temporary.path).filter((pid) => pid !== parent.pid);
    expect(family).toHaveLength(2);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await vi.waitFor(() => expect(running(temporary.path)).toEqual([]));
  });

  test('says so when the program ends by itself', async () => {
    const { failed } = await start();
    for (const pid of running(temporary.path)) process.kill(pid, 'SIGKILL');
    expect(await failed).toMatch(/^[^\n]*ended unexpectedly[^\n]*\.$/);
  });
});

describe('a DynamoDB of somebody else', () => {
  test('is used as it is, with its own credentials, and nothing is started', async () => {
    const { endpoint, credentials } = await start({
      COUNTERSIGN_DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000',
      AWS_ACCESS_KEY_ID: 'theirs',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
    expect({ endpoint, credentials }).toEqual({
      endpoint: 'http://127.0.0.1:8000',
      credentials: { accessKeyId: 'theirs', secretAccessKey: 'secret' },
    });
    expect(existsSync(join(temporary.path, 'records.sqlite'))).toBe(false);
  });

  test.each(['8000', 'ftp://host', 'not an address'])('is refused when the address is %j', async (endpoint) => {
    await expect(start({ COUNTERSIGN_DYNAMODB_ENDPOINT: endpoint })).rejects.toThrow('COUNTERSIGN_DYNAMODB_ENDPOINT');
  });
});
