/** Builds and starts test/cluster/control-plane, a Kubernetes control plane in one process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  BUILD_TIMEOUT_MILLISECONDS,
  LAST_WORDS_BYTES,
  START_TIMEOUT_MILLISECONDS,
  STOP_TIMEOUT_MILLISECONDS,
} from './limits.ts';

const MODULE = fileURLToPath(new URL('control-plane/', import.meta.url));
const PROGRAM = `${MODULE}dist/control-plane`;

export interface ControlPlane {
  /** Text of a kubeconfig whose only user is a cluster administrator. */
  readonly kubeconfig: string;
  /** Path of a file with one audit.k8s.io/v1 Event per line; gone with the control plane. */
  readonly auditLog: string;
  /** Rejects when the control plane ends by itself. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

/**
 * Does nothing but look where everything is built already. Go's own caches are used, so that only the first build of a machine is long.
 * Rejects with one sentence where Go is missing or too old.
 */
export async function buildControlPlane(): Promise<void> {
  const flags = ['-mod=readonly', '-trimpath', '-buildvcs=false', `-ldflags=-s -w ${versionFlags()}`];
  const go = spawn('go', ['build', ...flags, '-o', PROGRAM, '.'], {
    cwd: MODULE,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: BUILD_TIMEOUT_MILLISECONDS,
    // The toolchain that is there: an old one says so instead of fetching another. No C compiler is needed.
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '', GOWORK: 'off' },
  });
  const [code] = await once(go, 'close').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error(NEITHER) : error;
  });
  if (code !== 0)
    throw new Error(`The control plane could not be built: go build ended with ${code}; its words are above.`);
}

/** A release is told its version by its build; else it would call itself v0.0.0. */
function versionFlags(): string {
  const [, version = '', major, minor] =
    /k8s\.io\/kubernetes (v(\d+)\.(\d+)\.\d+)/.exec(readFileSync(`${MODULE}go.mod`, 'utf8')) ?? [];
  return Object.entries({ gitVersion: version, gitMajor: major, gitMinor: minor })
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}

const NEITHER =
  'These tests need a Kubernetes cluster: install Go 1.26 or newer, from which they build a control plane of their own, ' +
  'or set KUBECONFIG to a cluster that they may use.';

/** Rejects with the last words of a control plane that does not come up. It ends with this process, however this process ends. */
export async function startControlPlane(): Promise<ControlPlane> {
  // Its stdin is our end of a pipe: when we are gone, it is closed. A process group of its own: a Ctrl-C is for us, who stop it in order.
  const child = spawn(PROGRAM, [], { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS_BYTES);
  });
  const failed = ended(child).then((code) => {
    throw new Error(`The control plane ended with ${code}. Its last words:\n${words}`);
  });
  failed.catch(() => undefined);
  const ready = await Promise.race([firstLine(child), failed, late()]).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const { kubeconfig, auditLog } = JSON.parse(ready) as { kubeconfig: string; auditLog: string };
  return {
    kubeconfig: readFileSync(kubeconfig, 'utf8'),
    auditLog,
    failed,
    stop: async () => {
      const over = ended(child);
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MILLISECONDS);
      await over;
      clearTimeout(patience);
    },
  };
}

const ended = async (child: ChildProcess): Promise<number | string> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode ?? child.signalCode ?? 'nothing';
};

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the control plane has no stdout');
  for await (const line of createInterface({ input: child.stdout })) return line;
  // It ended without a word: `failed` says with what.
  return new Promise(() => undefined);
}

const late = (): Promise<never> =>
  new Promise((_resolve, reject) => {
    const error = new Error('The control plane did not come up in time.');
    setTimeout(() => reject(error), START_TIMEOUT_MILLISECONDS).unref();
  });
