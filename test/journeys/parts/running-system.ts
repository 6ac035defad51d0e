/** Countersign as a newcomer starts it: `npm start`, its own data directory, its ready file; stopped by a signal to npm's own pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Ready {
  readonly webUrl: string;
  readonly mcpUrl: string;
  readonly mailboxUrl: string;
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly pid: number;
  readonly kubeconfig: string;
  readonly dynamodb: {
    readonly endpoint: string;
    readonly tables: readonly string[];
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly clients: {
    readonly agent: { readonly clientId: string; readonly clientSecret: string; readonly scopes: readonly string[] };
    readonly reader: { readonly clientId: string; readonly clientSecret: string; readonly scopes: readonly string[] };
    readonly cli: { readonly clientId: string; readonly redirectUri: string };
  };
  readonly users: readonly { readonly email: string; readonly password: string; readonly groups: readonly string[] }[];
}

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly sentAt: string;
}

export interface RunningSystem {
  readonly ready: Ready;
  readonly dataDirectory: string;
  readonly npmPid: number;
  user(email: string): Ready['users'][number];
  /** Runs one observer cycle. */
  observe(): Promise<void>;
  /** Runs observer cycles until this Deployment's mail is there: a cluster that has just started breaks only after a moment. */
  observeUntilMailed(object: string, to: string): Promise<Mail>;
  advanceClock(seconds: number): Promise<void>;
  /** What it has printed so far, on both streams. */
  output(): string;
  mails(): Promise<readonly Mail[]>;
  /** The first mail that fits; waits for it. */
  mail(fits: (mail: Mail) => boolean): Promise<Mail>;
  /** Signals npm, waits for its end, keeps the data. Answers the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Stops and starts on the same data. */
  restart(): Promise<RunningSystem>;
  /** Stops and removes the data. */
  dispose(): Promise<void>;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const READY_WITHIN_MS = 45_000;
const MAIL_WITHIN_MS = 20_000;

export async function startSystem(
  options: { readonly dataDirectory?: string; readonly flags?: readonly string[] } = {},
): Promise<RunningSystem> {
  const dataDirectory = options.dataDirectory ?? join(mkdtempSync(join(tmpdir(), 'countersign-journey-')), 'data');
  const readyFile = join(dirname(dataDirectory), 'ready.json');
  const flags = ['--port', '0', '--data', dataDirectory, '--observe-every', '0', '--ready-file', readyFile, '--quiet'];
  const npm = spawn('npm', ['start', '--silent', '--', ...flags, ...(options.flags ?? [])], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = new Promise<number | null>((resolve) => npm.once('exit', (code) => resolve(code)));
  const ready = await readyOf(readyFile, npm, () => output);
  const origin = new URL(ready.mcpUrl).origin;
  const post = async (path: string, body: unknown = {}): Promise<void> => {
    const answer = await fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  };
  const self: RunningSystem = {
    ready,
    dataDirectory,
    npmPid: npm.pid ?? 0,
    user: (email) => {
      const user = ready.users.find((candidate) => candidate.email === email);
      if (user === undefined) throw new Error(`no user ${email}`);
      return user;
    },
    observe: () => post('/local/observe'),
    output: () => output,
    observeUntilMailed: (object, to) =>
      eventually(`a mail about ${object}`, MAIL_WITHIN_MS, async () => {
        await self.observe();
        return (await self.mails()).find((mail) => mail.to === to && mail.text.includes(object));
      }),
    advanceClock: (advanceSeconds) => post('/local/clock', { advanceSeconds }),
    mails: async () => (await fetch(`${ready.mailboxUrl}/messages.json`)).json() as Promise<readonly Mail[]>,
    mail: (fits) => eventually('a mail', MAIL_WITHIN_MS, async () => (await self.mails()).find((mail) => fits(mail))),
    stop: async (signal = 'SIGTERM') => {
      npm.kill(signal);
      return ended;
    },
    restart: async () => {
      await self.stop();
      return startSystem({ ...options, dataDirectory });
    },
    dispose: async () => {
      await self.stop();
      rmSync(dirname(dataDirectory), { recursive: true, force: true });
    },
  };
  return self;
}

/** Asks again until there is an answer; a journey never waits for a length of time, only for a thing, and not for ever. */
export async function eventually<T>(what: string, withinMs: number, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not come within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function readyOf(file: string, npm: ChildProcess, output: () => string): Promise<Ready> {
  const directory = dirname(file);
  return new Promise<Ready>((resolve, reject) => {
    const read = (): void => {
      if (!existsSync(file)) return;
      const ready = JSON.parse(readFileSync(file, 'utf8')) as Ready;
      done();
      resolve(ready);
    };
    const fail = (why: string): void => {
      done();
      npm.kill('SIGKILL');
      reject(new Error(`${why}\n${output()}`));
    };
    const watcher = watch(directory, read);
    const timer = setTimeout(() => fail('the system was not ready in time'), READY_WITHIN_MS);
    const onExit = (): void => fail('the system ended before it was ready');
    npm.once('exit', onExit);
    const done = (): void => {
      watcher.close();
      clearTimeout(timer);
      npm.off('exit', onExit);
    };
    read();
  });
}
