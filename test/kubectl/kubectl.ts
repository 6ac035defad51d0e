import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type IdentityName, type Sandbox, startSandbox } from '@countersign/sandbox';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

export interface KubectlCluster {
  readonly sandbox: Sandbox;
  /** Runs kubectl as an identity; never throws for its exit code. */
  as(identity: IdentityName, args: readonly string[], input?: string): Promise<Outcome>;
  /** As the user; throws with kubectl's own words where it fails. Answers what it printed. */
  kubectl(...args: string[]): Promise<string>;
  /** Runs a command that does not end by itself until its output matches, then ends it. */
  until(pattern: RegExp, ...args: string[]): Promise<string>;
  dispose(): Promise<void>;
}

/** KUBECTL names another kubectl than the one on the PATH: the API must please old and new ones. */
const program = process.env.KUBECTL ?? 'kubectl';

const infra = (file: string) => fileURLToPath(new URL(`../../infra/cluster/${file}`, import.meta.url));

/** A sandbox of its own, and the guard policies and roles of infra/cluster applied to it by kubectl as an administrator would. */
export async function startKubectlCluster(): Promise<KubectlCluster> {
  await requireKubectl();
  const directory = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const sandbox = await startSandbox({ dataDirectory: join(directory, 'sandbox') });
  const kubeconfig = join(directory, 'kubeconfig');
  writeFileSync(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  // HOME too: kubectl keeps what it discovered of a server under it.
  const env = { PATH: process.env.PATH ?? '', HOME: directory, KUBECONFIG: kubeconfig };

  const as = (identity: IdentityName, args: readonly string[], input = '') =>
    new Promise<Outcome>((resolve) => {
      const child = execFile(
        program,
        ['--context', identity, ...args],
        { env, timeout: 50_000 },
        (failure, out, error) => {
          const code = failure === null ? 0 : typeof failure.code === 'number' ? failure.code : 1;
          resolve({ code, out, error });
        },
      );
      child.stdin?.end(input);
    });
  const kubectl = async (...args: string[]) => {
    const { code, out, error } = await as('user', args);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} failed: ${error}`);
    return out;
  };
  const until = (pattern: RegExp, ...args: string[]) =>
    new Promise<string>((resolve, reject) => {
      const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 50_000 });
      let text = '';
      const hear = (part: Buffer) => {
        text += part.toString('utf8');
        if (pattern.test(text)) child.kill();
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('close', () =>
        pattern.test(text) ? resolve(text) : reject(new Error(`kubectl ${args.join(' ')} said: ${text}`)),
      );
    });

  await kubectl('apply', '-f', infra('guard-policies.yaml'), '-f', infra('rbac.yaml'));
  await kubectl('apply', '--namespace', 'shop', '-f', infra('managed-namespace.yaml'));
  return {
    sandbox,
    as,
    kubectl,
    until,
    async dispose() {
      await sandbox.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function requireKubectl(): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, ['version', '--client'], (failure) => {
      if (failure === null) resolve();
      else reject(new Error('These tests need kubectl on the PATH: on Debian, `apt-get install kubernetes-client`.'));
    });
  });
}
