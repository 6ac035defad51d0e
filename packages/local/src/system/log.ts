/** Faults of this run, a JSON line each, in the data directory: codes and small facts, never content. */
import { appendFileSync, existsSync, statSync } from 'node:fs';
import type { Platform } from '@countersign/functions/platform';
import type { DataDirectory } from '../contract/data-directory.ts';
import { LOG_BYTES_MAX } from './limits.ts';

export function createLog(data: DataDirectory): Platform['log'] {
  const file = data.file('faults.jsonl');
  let bytes = existsSync(file) ? statSync(file).size : 0;
  return (fault) => {
    const line = `${JSON.stringify({ at: new Date().toISOString(), ...fault })}\n`;
    if (bytes + line.length > LOG_BYTES_MAX) return;
    bytes += line.length;
    appendFileSync(file, line, { mode: 0o600 });
  };
}
