import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';

/** A data directory for one test, and the same one again after a restart. */
export type TemporaryData = {
  readonly path: string;
  open(): DataDirectory;
  /** Releases what is open and deletes everything. */
  remove(): void;
};

export function createTemporaryData(): TemporaryData {
  const path = mkdtempSync(join(tmpdir(), 'countersign-'));
  let current: DataDirectory | undefined;
  return {
    path,
    open() {
      current?.release();
      current = openDataDirectory(path);
      return current;
    },
    remove() {
      current?.release();
      rmSync(path, { recursive: true, force: true });
    },
  };
}
