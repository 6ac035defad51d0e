import { closeSync, openSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { replaceFile } from './atomic-file.ts';
import { startRefusal } from './start-refusal.ts';

/**
 * Takes the data directory for this process, or refuses and names the process that holds it.
 *
 * Two instances on one directory would run one grant twice and interleave their writes. A file with a pid alone goes
 * stale when its process is killed, and a reused pid makes it lie; so the lock itself is one that the kernel holds for
 * the process and drops however it dies: SQLite's, the only file lock that Node can reach without a native module.
 * The pid file beside it is only for the message.
 *
 * @returns releases the lock
 */
export function lockInstance(lockPath: string, pidPath: string): () => void {
  closeSync(openSync(lockPath, 'a', 0o600)); // SQLite would create it readable by all.
  const lock = new DatabaseSync(lockPath);
  try {
    lock.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (problem) {
    lock.close();
    if (!isBusy(problem)) throw problem;
    const pid = readPid(pidPath);
    throw startRefusal(
      `Another Countersign${pid === undefined ? '' : ` (process ${pid})`} is running on this data directory: stop it first, or name another directory with --data.`,
    );
  }
  replaceFile(pidPath, `${process.pid}\n`, false);
  return () => lock.close();
}

const SQLITE_BUSY = 5;

function isBusy(problem: unknown): boolean {
  return problem instanceof Error && 'errcode' in problem && problem.errcode === SQLITE_BUSY;
}

function readPid(path: string): number | undefined {
  try {
    const text = readFileSync(path, 'utf8').trim();
    return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
  } catch {
    return undefined; // The holder is between taking the lock and writing its pid.
  }
}
