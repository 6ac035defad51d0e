import { readFileSync, rmSync } from 'node:fs';
import * as z from 'zod';
import { replaceFile } from './atomic-file.ts';

const ConfidentialClient = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  scopes: z.array(z.string()),
});

/** What a running instance tells tests, the demo and the person at the keyboard: stable, part of the local contract. */
export const ReadyFile = z.strictObject({
  webUrl: z.url(),
  mcpUrl: z.url(),
  mailboxUrl: z.url(),
  issuer: z.url(),
  tokenEndpoint: z.url(),
  pid: z.number().int().positive(),
  /** Absolute path of a file that plain kubectl takes. */
  kubeconfig: z.string().startsWith('/'),
  dynamodb: z.strictObject({
    endpoint: z.url(),
    tables: z.array(z.string()),
    credentials: z.strictObject({ accessKeyId: z.string().min(1), secretAccessKey: z.string().min(1) }),
  }),
  clients: z.strictObject({
    agent: ConfidentialClient,
    reader: ConfidentialClient,
    cli: z.strictObject({ clientId: z.string().min(1), redirectUri: z.url(), note: z.string() }),
  }),
  users: z.array(z.strictObject({ email: z.email(), password: z.string().min(1), groups: z.array(z.string()) })),
});
export type ReadyFile = z.infer<typeof ReadyFile>;

/** Writes it 0600 (it holds passwords) and whole: whoever waits for the file to appear never reads half of it. */
export function writeReadyFile(path: string, ready: ReadyFile): void {
  replaceFile(path, `${JSON.stringify(ReadyFile.parse(ready), undefined, 2)}\n`, false);
}

/** @throws ZodError or SyntaxError when the file is not a ready file, ENOENT when it is not there (yet) */
export function readReadyFile(path: string): ReadyFile {
  return ReadyFile.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Removes it at the stop of the process that wrote it; another instance's file stays. */
export function removeReadyFile(path: string, pid: number): void {
  try {
    if (readReadyFile(path).pid !== pid) return;
  } catch {
    return; // Gone already, or not ours to remove.
  }
  rmSync(path, { force: true });
}
