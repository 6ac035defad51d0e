/** Anomalies, mail links and budgets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointUrl, openStores, type Stores } from './endpoint.ts';
import { after, anomalyFor, NOW, planIdFor } from './plan-records.ts';
import { partitionItems, plant } from './stored-items.ts';

export function recordsContract(url: EndpointUrl): void {
  describe('AnomalyStore', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());

    it('stores an anomaly once a version, and tells who was not first', async () => {
      const anomaly = anomalyFor('ano_a');
      expect(await stores.anomalies.put(anomaly, 0)).toBe(true);
      expect(await stores.anomalies.get('ano_a')).toEqual(anomaly);
      expect(await stores.anomalies.put(anomalyFor('ano_a', { summary: 'another observer' }), 0)).toBe(false);
      const second = anomalyFor('ano_a', { version: 2, missedCycles: 1 });
      expect(await stores.anomalies.put(second, 1)).toBe(true);
      expect(await stores.anomalies.put(anomalyFor('ano_a', { version: 2, missedCycles: 2 }), 1)).toBe(false);
      expect(await stores.anomalies.get('ano_a')).toEqual(second);
    });

    it('takes the very same put for its own, sent twice', async () => {
      const anomaly = anomalyFor('ano_twice');
      expect(await stores.anomalies.put(anomaly, 0)).toBe(true);
      expect(await stores.anomalies.put(anomaly, 0)).toBe(true);
    });

    it('lets one of many observers win', async () => {
      const puts = Array.from({ length: 16 }, (_, n) =>
        stores.anomalies.put(anomalyFor('ano_race', { note: `${n}` }), 0),
      );
      expect((await Promise.all(puts)).filter((won) => won)).toHaveLength(1);
    });

    it('keeps facts exactly as they were computed', async () => {
      const facts = {
        deep: Array.from({ length: 20 }).reduce<object>((inner) => ({ inner }), {}) as never,
        tiny: 5e-324,
        large: 2 ** 53 - 1,
      };
      await stores.anomalies.put(anomalyFor('ano_facts', { facts }), 0);
      expect((await stores.anomalies.get('ano_facts'))?.facts).toEqual(facts);
    });

    it('lists a cluster’s active anomalies, newest first; with the resolved ones when asked', async () => {
      const at = (n: number) => ({ cluster: 'listed', firstSeenAt: after(n).toISOString() });
      await stores.anomalies.put(anomalyFor('ano_l1', at(1)), 0);
      await stores.anomalies.put(
        anomalyFor('ano_l2', { ...at(2), status: 'resolved', resolvedAt: NOW.toISOString() }),
        0,
      );
      await stores.anomalies.put(anomalyFor('ano_l3', at(3)), 0);
      await stores.anomalies.put(anomalyFor('ano_l4', { ...at(4), cluster: 'other' }), 0);
      const keys = async (active: boolean, limit = 10) =>
        (await stores.anomalies.list({ cluster: 'listed', active, limit })).map((anomaly) => anomaly.key);
      expect(await keys(true)).toEqual(['ano_l3', 'ano_l1']);
      expect(await keys(false)).toEqual(['ano_l3', 'ano_l2', 'ano_l1']);
      expect(await keys(false, 2)).toEqual(['ano_l3', 'ano_l2']);
      await stores.anomalies.put(anomalyFor('ano_l3', { ...at(3), version: 2, status: 'resolved' }), 1);
      expect(await keys(true)).toEqual(['ano_l1']);
    });

    it('lists more than one batch', async () => {
      const many = Array.from({ length: 130 }, (_, n) => anomalyFor(`ano_many_${n}`, { cluster: 'many' }));
      await Promise.all(many.map((anomaly) => stores.anomalies.put(anomaly, 0)));
      expect(await stores.anomalies.list({ cluster: 'many', active: true, limit: 200 })).toHaveLength(130);
    });

    it('finds nothing under odd keys, and nothing forged', async () => {
      for (const key of ['', 'a b', 'x'.repeat(1_000), 'é', '../x']) expect(await stores.anomalies.get(key)).toBeNull();
      await plant(stores.dynamo, stores.table, {
        pk: { S: 'ANOMALY#ano_forged' },
        sk: { S: 'ANOMALY' },
        planId: { S: 'x' },
      });
      await expect(stores.anomalies.get('ano_forged')).rejects.toThrow('cannot be read');
    });
  });

  describe('LocatorStore', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());
    const locator = (hash: string, recipient = 'ann@example.com') => ({
      hash,
      planId: planIdFor('mailed'),
      recipient,
      createdAt: NOW.toISOString(),
    });

    it('leads to the plan and the recipient it was made for, and never elsewhere afterwards', async () => {
      const hash = 'a'.repeat(43);
      await stores.locators.put(locator(hash));
      await stores.locators.put(locator(hash, 'mallory@example.com'));
      expect(await stores.locators.find(hash)).toEqual({ planId: planIdFor('mailed'), recipient: 'ann@example.com' });
    });

    it('leads nowhere for what was never mailed, for odd input and for forged records', async () => {
      await plant(stores.dynamo, stores.table, {
        pk: { S: `LOCATOR#${'f'.repeat(43)}` },
        sk: { S: 'LOCATOR' },
        planId: { S: 'x' },
      });
      for (const hash of [
        'b'.repeat(43),
        '',
        'short',
        'x'.repeat(10_000),
        'é'.repeat(43),
        `${'a'.repeat(42)}#`,
        'f'.repeat(43),
      ]) {
        expect(await stores.locators.find(hash)).toBeNull();
      }
    });
  });

  describe('BudgetStore', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());
    const take = (key: string, limit: number, window = 0): Promise<boolean> =>
      stores.budgets.take(key, after(window).toISOString(), limit, after(window + 60).toISOString());

    it('lets exactly the limit through, however many ask at once', async () => {
      const taken = await Promise.all(Array.from({ length: 40 }, () => take('cli_parallel', 7)));
      expect(taken.filter((ok) => ok)).toHaveLength(7);
    });

    it('counts principals and windows apart', async () => {
      expect(await take('one', 1)).toBe(true);
      expect(await take('one', 1)).toBe(false);
      expect(await take('two', 1)).toBe(true);
      expect(await take('one', 1, 60)).toBe(true);
      expect(await take('one#2026-03-01T10:00:00.000Z', 1)).toBe(true);
    });

    it('lets nothing through a limit of zero, and leaves its counters to be removed', async () => {
      expect(await take('none', 0)).toBe(false);
      await take('kept', 3);
      const [item] = await partitionItems(stores.dynamo, stores.table, 'BUDGET#kept#2026-03-01T10:00:00.000Z');
      expect(item).toMatchObject({ used: { N: '1' }, expiresAtEpoch: { N: String(after(60).getTime() / 1000) } });
    });
  });
}
