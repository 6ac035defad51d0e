import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type * as z from 'zod';
import { replaceFile } from './atomic-file.ts';
import { lockInstance } from './instance-lock.ts';
import { createJsonDocument, type JsonDocument } from './json-document.ts';
import { LARGEST_SECRET_BYTES, SMALLEST_SECRET_BYTES } from './limits.ts';
import { startRefusal } from './start-refusal.ts';

/** Everything that must survive a restart, held by one running instance. Names are [a-z0-9.-], never paths. */
export type DataDirectory = {
  readonly path: string;
  /** The absolute path for a file of this name; does not create it. */
  file(name: string): string;
  /** Whether there is a file or directory of this name. */
  has(name: string): boolean;
  /** The absolute path of a directory of this name, created with mode 0700. */
  directory(name: string): string;
  /** Random bytes made on the first call and the same ever after, 0600. */
  secret(name: string, bytes: number): Buffer;
  /** @param options.durable default true; see JsonDocument */
  document<T>(name: string, schema: z.ZodType<T>, options?: { readonly durable?: boolean }): JsonDocument<T>;
  /** Lets another instance take the directory. */
  release(): void;
};

/**
 * Opens the data directory, creates it with mode 0700 where it is missing, and takes it for this process.
 *
 * @throws StartRefusal where another instance holds it, it belongs to somebody else, or it is not a directory
 */
export function openDataDirectory(path: string): DataDirectory {
  const root = resolve(path);
  createPrivateDirectory(root);
  const release = lockInstance(join(root, 'instance.lock'), join(root, 'instance.pid'));
  const file = (name: string) => join(root, checkedName(name));
  const directory = (name: string) => {
    const inner = file(name);
    createPrivateDirectory(inner);
    return inner;
  };
  return {
    path: root,
    file,
    has: (name) => existsSync(file(name)),
    directory,
    secret: (name, bytes) => readOrCreateSecret(join(directory('secrets'), checkedName(name)), bytes),
    document: (name, schema, options) => createJsonDocument(file(`${name}.json`), schema, options?.durable ?? true),
    release,
  };
}

/** Stops a name that somebody else chose (a client id, a table) from leaving the directory. */
function checkedName(name: string): string {
  if (!/^[a-z0-9][a-z0-9.-]{0,99}$/.test(name))
    throw new Error(`not a name for the data directory: ${JSON.stringify(name)}`);
  return name;
}

/**
 * A directory that others could read gives every password and key away; one that belongs to somebody else, or a
 * symbolic link that somebody else planted in a shared place, lets them swap the records under us.
 */
function createPrivateDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (problem) {
    const reason = problem instanceof Error && 'code' in problem ? String(problem.code) : 'unknown reason';
    throw startRefusal(`The data directory ${path} cannot be created (${reason}): name another with --data.`);
  }
  const found = lstatSync(path);
  if (!found.isDirectory()) throw startRefusal(`${path} is not a directory: name another data directory with --data.`);
  if (found.uid !== process.getuid?.()) {
    throw startRefusal(`${path} belongs to another user: name a data directory of your own with --data.`);
  }
  if ((found.mode & 0o077) !== 0) chmodSync(path, 0o700);
}

function readOrCreateSecret(path: string, bytes: number): Buffer {
  if (bytes < SMALLEST_SECRET_BYTES || bytes > LARGEST_SECRET_BYTES)
    throw new Error(`not a length for a secret: ${bytes} bytes`);
  if (!existsSync(path)) replaceFile(path, randomBytes(bytes), true);
  const secret = readFileSync(path);
  if (secret.length !== bytes) {
    throw startRefusal(
      `${path} is damaged or from another version: move the data directory away, or name another with --data.`,
    );
  }
  return secret;
}
