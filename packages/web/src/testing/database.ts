/** The real DynamoDB stores on the embedded database, in memory, for one test file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { canonicalize } from '@countersign/approvals';
import { createAwsClients, createTables } from '@countersign/aws';

export interface Database {
  readonly clients: ReturnType<typeof createAwsClients>;
  readonly table: string;
  /** Every stored item but the access log's and the budgets', as one text: equal texts mean that nothing was changed. */
  contents(): Promise<string>;
  stop(): Promise<void>;
}

const TABLES = { main: 'countersign', people: 'countersign-people' };

export async function startDatabase(): Promise<Database> {
  const port = await freePort();
  const binary = createRequire(import.meta.url).resolve('@dynoxide/linux-x64/dynoxide');
  const child = spawn(binary, ['--host', '127.0.0.1', '--port', String(port)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const exited = once(child, 'exit');
  await untilListening(child.stderr);
  const endpoint = `http://127.0.0.1:${port}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const clients = createAwsClients({ region: 'eu-central-1', dynamodbEndpoint: endpoint, credentials });
  await createTables(clients.tables, TABLES);
  // The stores know no Scan, and need none; only a test wants to see everything.
  const scanner = new DynamoDBClient({ region: 'eu-central-1', endpoint, credentials });
  return {
    clients,
    table: TABLES.main,
    contents: async () =>
      (await scanAll(scanner))
        .filter(isRecord)
        .map((item) => canonicalize(item))
        .sort()
        .join('\n'),
    stop: async () => {
      clients.close();
      scanner.destroy();
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const isRecord = (item: Record<string, AttributeValue>): boolean => !/^(ACCESS|BUDGET)#/.test(item.pk?.S ?? '');

async function scanAll(scanner: DynamoDBClient): Promise<readonly Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await scanner.send(
      new ScanCommand({
        TableName: TABLES.main,
        ConsistentRead: true,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return items;
}

async function untilListening(stderr: NodeJS.ReadableStream): Promise<void> {
  for await (const line of createInterface({ input: stderr })) {
    if (line.includes('listening on')) break;
  }
  stderr.resume();
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
