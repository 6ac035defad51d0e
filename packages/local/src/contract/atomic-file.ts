import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces a file whole or not at all, mode 0600. A reader, and a start after a crash, sees the old or the new
 * content and never half of it.
 *
 * @param durable waits until the disk has it. Without, a power cut may bring the old content back (never a mixture);
 *   a killed process loses nothing either way.
 */
export function replaceFile(path: string, content: string | Uint8Array, durable: boolean): void {
  // A name of its own, opened exclusively: another writer, or a planted symbolic link, cannot be written through.
  const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      if (durable) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (problem) {
    rmSync(draft, { force: true });
    throw problem;
  }
  if (durable) syncDirectory(dirname(path));
}

/** A rename is durable only when the directory that holds the name is. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
