import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { HIGHEST_FREE_PORT, LOWEST_FREE_PORT } from '../contract/limits.ts';
import { startRefusal } from '../contract/start-refusal.ts';
import { DYNAMODB_START_ATTEMPTS, DYNAMODB_START_MILLISECONDS, DYNAMODB_STOP_MILLISECONDS } from './limits.ts';

export type DynamoDbChild = {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
};

/**
 * Becomes the program and leaves a watcher beside it. The watcher waits at descriptor 3, a pipe that only the parent
 * holds open: when the parent dies, by SIGKILL too, the kernel closes the pipe, `read` ends and the program is killed.
 * That loses no data (the database is a write-ahead log). Pids are safe to use here: the program leads the process
 * group in which the watcher lives, and the kernel reuses no number that still names a group.
 */
const RUN_WATCHED = `umask 077
{ read -r _ <&3; kill -KILL $$; } </dev/null >/dev/null 2>&1 &
exec "$@" 3<&-`;

const BINARY = '@dynoxide/linux-x64/dynoxide';

/** @throws StartRefusal on a platform whose package is not installed */
export function findDynamoDbBinary(): string {
  try {
    return createRequire(import.meta.url).resolve(BINARY);
  } catch {
    throw startRefusal(
      `The built-in DynamoDB runs on Linux x64 only (this is ${process.platform} ${process.arch}): run a DynamoDB of your own, such as amazon/dynamodb-local, and set COUNTERSIGN_DYNAMODB_ENDPOINT to its address.`,
    );
  }
}

/**
 * Starts dynoxide on a random loopback address and port that nobody is told.
 *
 * It checks no credentials and answers every web page's cross-origin question with "allowed"; so the door is
 * startGuardedEndpoint, and this is the back of the house. A page would have to guess one of 2^24 addresses times
 * thousands of ports. A process of another user that reads /proc/net/tcp can find it: on a machine shared with people
 * you do not trust, run a DynamoDB of your own. What it could write authorises nothing (votes, grants and releases
 * are signed elsewhere).
 */
export async function startDynamoDbChild(binary: string, databaseFile: string): Promise<DynamoDbChild> {
  for (let attempt = 1; ; attempt += 1) {
    const host = `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`;
    const port = randomInt(LOWEST_FREE_PORT, HIGHEST_FREE_PORT);
    const child = spawn(
      '/bin/sh',
      ['-c', RUN_WATCHED, 'sh', binary, '--host', host, '--port', String(port), '--db-path', databaseFile],
      {
        // A session of its own: Ctrl-C in the terminal reaches the parent only, which stops its children in order.
        detached: true,
        env: {},
        stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      },
    );
    if (await isListening(child)) return watch(child, host, port);
    if (attempt === DYNAMODB_START_ATTEMPTS)
      throw startRefusal(
        'The built-in DynamoDB does not start: its data file may be damaged, try another directory with --data.',
      );
  }
}

/** It prints one line when it listens, and exits where it cannot. */
async function isListening(child: ChildProcess): Promise<boolean> {
  child.once('error', () => {}); // Nothing was started: its output ends at once.
  const patience = setTimeout(() => endGroup(child), DYNAMODB_START_MILLISECONDS);
  try {
    if (!child.stderr) return false;
    for await (const line of createInterface({ input: child.stderr })) {
      if (line.includes('listening on')) {
        child.stderr.resume(); // Nobody reads on: a full pipe would stop it.
        return true;
      }
    }
    return false;
  } finally {
    clearTimeout(patience);
  }
}

function watch(child: ChildProcess, host: string, port: number): DynamoDbChild {
  const exited =
    child.exitCode === null && child.signalCode === null
      ? once(child, 'exit').then(() => undefined)
      : Promise.resolve();
  void exited.then(() => endGroup(child));
  return {
    host,
    port,
    pid: child.pid ?? 0,
    exited,
    async stop() {
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), DYNAMODB_STOP_MILLISECONDS);
      await exited;
      clearTimeout(patience);
    },
  };
}

/** Ends the program and its watcher; does nothing where both are gone. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // No such group: everything is gone.
  }
}
