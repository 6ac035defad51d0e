/** The access log: a hash chain a shard, never in the way, and nobody crowds out anybody. */
import type { AccessEntry } from '@countersign/approvals';
import { readAccessShard } from '@countersign/aws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientsAt, type EndpointUrl, openStores, type Stores, storesOn } from './endpoint.ts';
import { after } from './plan-records.ts';
import { partitionItems, plant, remove } from './stored-items.ts';

export function accessLogContract(url: EndpointUrl): void {
  describe('AccessLog', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());
    const entry = (over: Partial<AccessEntry> = {}): AccessEntry => ({
      writer: 'mcp',
      at: after(0).toISOString(),
      type: 'tool.called',
      actor: 'cli_one',
      planId: null,
      data: { tool: 'get_plan_status' },
      ...over,
    });
    const read = (writer: AccessEntry['writer']) => readAccessShard(stores.dynamo, stores.table, writer, 0);

    it('keeps one gapless chain of several processes, in which every entry is written or counted', async () => {
      const logs = Array.from({ length: 4 }, () => stores.accessLog({ shards: 1, budgetPerMinute: 1_000 }));
      await Promise.all(
        logs.flatMap((log, n) => Array.from({ length: 15 }, (_, k) => log.record(entry({ data: { n, k } })))),
      );
      for (const log of logs) await log.record(entry({ type: 'signed.out', data: {} }));
      const { records, broken } = await read('mcp');
      expect(broken).toBeNull();
      expect(records.map((record) => record.seq)).toEqual(records.map((_, n) => n + 1));
      const called = records.filter((record) => record.type === 'tool.called');
      expect(new Set(called.map((record) => JSON.stringify(record.data))).size).toBe(called.length);
      const omitted = records.reduce((sum, record) => sum + (record.omitted?.['tool.called'] ?? 0), 0);
      expect(called.length + omitted).toBe(60);
      expect(omitted).toBeLessThan(20);
    });

    it('goes on where the chain ends when a process starts anew', async () => {
      await stores.accessLog({ shards: 1, budgetPerMinute: 10 }).record(entry({ writer: 'web' }));
      await stores.accessLog({ shards: 1, budgetPerMinute: 10 }).record(entry({ writer: 'web', actor: null }));
      const { records, broken } = await read('web');
      expect(records.map(({ seq, actor }) => ({ seq, actor }))).toEqual([
        { seq: 1, actor: 'cli_one' },
        { seq: 2, actor: null },
      ]);
      expect(broken).toBeNull();
    });

    it('shows a record that was changed, removed or forged', async () => {
      const log = stores.accessLog({ shards: 1, budgetPerMinute: 100 });
      for (let n = 0; n < 8; n += 1) await log.record(entry({ writer: 'verify', data: { n } }));
      const items = await partitionItems(stores.dynamo, stores.table, 'ACCESS#verify#0');
      const [third, fifth] = [items[2] ?? {}, items[4] ?? {}];
      await plant(stores.dynamo, stores.table, { ...third, data: { S: '{"n":99}' } });
      expect((await read('verify')).broken).toBe(4);
      await plant(stores.dynamo, stores.table, third);
      await remove(stores.dynamo, stores.table, fifth);
      expect((await read('verify')).broken).toBe(6);
      await plant(stores.dynamo, stores.table, fifth);
      await plant(stores.dynamo, stores.table, { ...fifth, type: { S: 'nonsense' } });
      expect((await read('verify')).broken).toBe(5);
      await plant(stores.dynamo, stores.table, fifth);
      expect((await read('verify')).broken).toBeNull();
    });

    it('goes on behind a forged newest record, and the break stays visible', async () => {
      await plant(stores.dynamo, stores.table, {
        pk: { S: 'ACCESS#grant#0' },
        sk: { S: '000000000004' },
        junk: { BOOL: true },
      });
      await stores.accessLog({ shards: 1, budgetPerMinute: 10 }).record(entry({ writer: 'grant' }));
      const { records, broken } = await read('grant');
      expect(records.map((record) => record.seq)).toEqual([5]);
      expect(broken).toBe(4);
    });

    it('keeps a flood of strangers to half of the budget and one actor to a quarter, and counts what it leaves out', async () => {
      const log = stores.accessLog({ shards: 1, budgetPerMinute: 8 });
      const flood = (actor: string | null, type: AccessEntry['type']) =>
        Array.from({ length: 20 }, () => log.record(entry({ writer: 'propose', actor, type })));
      await Promise.all([...flood(null, 'token.refused'), ...flood('cli_noisy', 'tool.refused')]);
      await log.record(entry({ writer: 'propose', actor: 'per_ann', type: 'signin.succeeded' }));
      const { records } = await read('propose');
      expect(records.map((record) => record.actor).sort()).toEqual(
        ['cli_noisy', 'cli_noisy', null, null, null, null, 'per_ann'].sort(),
      );
      await log.record(entry({ writer: 'propose', at: after(60).toISOString() }));
      const omitted = (await read('propose')).records
        .map((record) => record.omitted)
        .filter((counts) => counts !== null);
      const sum = (type: AccessEntry['type']) => omitted.reduce((total, counts) => total + (counts[type] ?? 0), 0);
      expect(sum('token.refused')).toBe(16);
      expect(sum('tool.refused')).toBe(18);
    });

    it('logs whoever sends odd text or far too much of it', async () => {
      const log = stores.accessLog({ shards: 1, budgetPerMinute: 100 });
      const odd = [{ lone: '\ud800' }, { '\udc00': 1 }, { huge: 'x'.repeat(100_000) }, { number: Number.NaN }];
      for (const data of odd) await log.record(entry({ writer: 'notify', actor: `a\ud800${'x'.repeat(500)}`, data }));
      const { records, broken } = await read('notify');
      expect(records).toHaveLength(4);
      expect(broken).toBeNull();
    });

    it('does not throw when nothing answers, and says later what it left out', async () => {
      const clients = clientsAt('http://127.0.0.1:9');
      const lost = storesOn(clients, stores.table).accessLog({ shards: 1, budgetPerMinute: 10 });
      await expect(lost.record(entry({ writer: 'sweep' }))).resolves.toBeUndefined();
      clients.close();
    });

    it('spreads the processes of a writer over its shards', async () => {
      for (let n = 0; n < 12; n += 1) {
        await stores.accessLog({ shards: 3, budgetPerMinute: 10 }).record(entry({ writer: 'observe' }));
      }
      const shards = await Promise.all(
        [0, 1, 2].map((shard) => readAccessShard(stores.dynamo, stores.table, 'observe', shard)),
      );
      expect(shards.every(({ records, broken }) => records.length > 0 && broken === null)).toBe(true);
      expect(shards.reduce((sum, { records }) => sum + records.length, 0)).toBe(12);
    });
  });
}
