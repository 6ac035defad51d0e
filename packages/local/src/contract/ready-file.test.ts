import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ReadyFile, readReadyFile, removeReadyFile, writeReadyFile } from './ready-file.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-ready-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const READY: ReadyFile = {
  webUrl: 'http://localhost:8787',
  mcpUrl: 'http://127.0.0.1:8788/mcp',
  mailboxUrl: 'http://127.0.0.1:8788/local/mailbox',
  issuer: 'http://127.0.0.1:8788/local/oidc',
  tokenEndpoint: 'http://127.0.0.1:8788/local/oidc/token',
  pid: 4711,
  kubeconfig: '/data/kubeconfig',
  dynamodb: {
    endpoint: 'http://127.0.0.1:9000',
    tables: ['plans'],
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  },
  clients: {
    agent: { clientId: 'agent', clientSecret: 's', scopes: ['mcp:read', 'mcp:propose', 'mcp:execute'] },
    reader: { clientId: 'reader', clientSecret: 's', scopes: ['mcp:read'] },
    cli: { clientId: 'cli', redirectUri: 'http://127.0.0.1/callback', note: 'public client' },
  },
  users: [{ email: 'operator@example.com', password: 'p', groups: ['kubernetes-operators'] }],
};

test('is written 0600 and whole, leaves nothing else behind, and reads back', () => {
  const path = join(root, 'ready.json');
  writeReadyFile(path, READY);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(root)).toEqual(['ready.json']);
  expect(readReadyFile(path)).toEqual(READY);
});

test('refuses to write what the contract does not name', () => {
  const path = join(root, 'ready.json');
  expect(() => writeReadyFile(path, Object.assign({ extra: 1 }, READY))).toThrow();
  expect(readdirSync(root)).toEqual([]);
});

test('is removed by the process that wrote it and by no other', () => {
  const path = join(root, 'ready.json');
  writeReadyFile(path, READY);
  removeReadyFile(path, 4712);
  expect(readReadyFile(path).pid).toBe(4711);
  removeReadyFile(path, 4711);
  removeReadyFile(path, 4711);
  expect(readdirSync(root)).toEqual([]);
});
