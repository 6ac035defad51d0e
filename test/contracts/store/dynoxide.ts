/** The embedded DynamoDB: one process in memory on a free port of the loopback. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { StoreEndpoint } from './endpoint.ts';

/** Where this is set, the suites run on what answers there (AWS's own DynamoDB Local, say) and start nothing. */
const ENDPOINT_VARIABLE = 'COUNTERSIGN_TEST_DYNAMODB_ENDPOINT';

export async function startStoreEndpoint(): Promise<StoreEndpoint> {
  const given = process.env[ENDPOINT_VARIABLE];
  if (given !== undefined && given !== '') return { url: given, stop: async () => {} };
  return startDynoxide();
}

async function startDynoxide(): Promise<StoreEndpoint> {
  const port = await freePort();
  const child = spawn(binary(), ['--port', String(port)], { stdio: ['ignore', 'pipe', 'pipe'] });
  // A test process that dies takes its database with it.
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', kill);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('dynoxide ended before it listened')));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('listening')) resolve();
      });
    }
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function binary(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json')), 'dynoxide');
  } catch {
    throw new Error(`no embedded DynamoDB for this platform: set ${ENDPOINT_VARIABLE} to a DynamoDB endpoint`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
