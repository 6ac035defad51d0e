import { readFileSync } from 'node:fs';
import type * as z from 'zod';
import { replaceFile } from './atomic-file.ts';
import { startRefusal } from './start-refusal.ts';

/** One JSON file of the data directory, checked against its schema on every read. */
export type JsonDocument<T> = {
  /** undefined when it was never written. Throws a start refusal when the file is not what we wrote. */
  read(): T | undefined;
  /** Whole or not at all. */
  write(value: T): void;
};

/** @param durable false for what may fall back to an older state in a power cut, such as a reader's position */
export function createJsonDocument<T>(path: string, schema: z.ZodType<T>, durable: boolean): JsonDocument<T> {
  return {
    read() {
      const text = readIfPresent(path);
      if (text === undefined) return undefined;
      const parsed = schema.safeParse(parseJson(text));
      if (!parsed.success) {
        throw startRefusal(
          `${path} is damaged or from another version: move the data directory away, or name another with --data.`,
        );
      }
      return parsed.data;
    },
    write(value) {
      replaceFile(path, `${JSON.stringify(value, undefined, 2)}\n`, durable);
    },
  };
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return undefined;
    throw problem;
  }
}

/** undefined for what is not JSON: no schema of ours takes it, so a cut file is refused like a foreign one. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
