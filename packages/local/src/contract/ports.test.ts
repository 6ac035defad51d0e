import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { choosePorts } from './ports.ts';

let root: string;
let data: DataDirectory;
let occupant: Server | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countersign-ports-'));
  data = openDataDirectory(root);
});
afterEach(() => {
  occupant?.close();
  data.release();
  rmSync(root, { recursive: true, force: true });
});

async function occupy(port: number): Promise<void> {
  occupant = createServer().listen(port, '127.0.0.1');
  await once(occupant, 'listening');
}

test('0 picks a free pair once and remembers it, services included', async () => {
  const first = await choosePorts(data, 0, ['dynamodb', 'queues']);
  expect(first.endpoint).toBe(first.pages + 1);
  expect(new Set([first.pages, first.endpoint, ...Object.values(first.services)]).size).toBe(4);
  expect(await choosePorts(data, 0, ['dynamodb', 'queues'])).toEqual(first);
});

test('refuses to move a remembered pair, because links and the issuer contain it', async () => {
  const { endpoint } = await choosePorts(data, 0, []);
  await occupy(endpoint);
  await expect(choosePorts(data, 0, [])).rejects.toThrow('which this data directory remembers');
});

test('refuses a named port that is taken', async () => {
  const { pages } = await choosePorts(data, 0, []);
  await occupy(pages);
  await expect(choosePorts(data, pages, [])).rejects.toThrow(`ports ${pages} and ${pages + 1}`);
});

test('moves the port of an embedded service that is taken', async () => {
  const before = await choosePorts(data, 0, ['dynamodb']);
  await occupy(before.services.dynamodb ?? 0);
  const after = await choosePorts(data, 0, ['dynamodb']);
  expect(after.pages).toBe(before.pages);
  expect(after.services.dynamodb).not.toBe(before.services.dynamodb);
});
