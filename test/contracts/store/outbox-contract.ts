/** The outbox: nothing that must happen is lost, nothing settled comes back. */

import { UnreadableRecord } from '@countersign/approvals';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointUrl, openStores, type Stores } from './endpoint.ts';
import { after, creation, outboxFor, planIdFor } from './plan-records.ts';
import { plant } from './stored-items.ts';

export function outboxContract(url: EndpointUrl): void {
  describe('Outbox', () => {
    let stores: Stores;
    beforeAll(async () => {
      stores = await openStores(url());
    });
    afterAll(() => stores.close());
    const due = async (seconds: number, limit = 100): Promise<readonly string[]> =>
      (await stores.outbox.due(after(seconds).toISOString(), limit)).map((record) => record.outboxId);

    it('gives back what was added, until it is settled', async () => {
      const record = outboxFor('propose.ano_1.1');
      await stores.outbox.add(record);
      expect(await stores.outbox.read('propose.ano_1.1')).toEqual(record);
      await stores.outbox.settle('propose.ano_1.1');
      expect(await stores.outbox.read('propose.ano_1.1')).toBeNull();
      await stores.outbox.settle('propose.ano_1.1');
    });

    it('does not reset a record that is there already', async () => {
      await stores.outbox.add(outboxFor('kept'));
      await stores.outbox.postpone('kept', after(90).toISOString());
      await stores.outbox.add(outboxFor('kept'));
      expect((await stores.outbox.read('kept'))?.dueAt).toBe(after(90).toISOString());
      await stores.outbox.settle('kept');
    });

    it('lists what is overdue, oldest first, and what is due at that very moment', async () => {
      await stores.outbox.add(outboxFor('c', { dueAt: after(30).toISOString() }));
      await stores.outbox.add(outboxFor('a', { dueAt: after(10).toISOString() }));
      await stores.outbox.add(outboxFor('b', { dueAt: after(20).toISOString() }));
      expect(await due(9)).toEqual([]);
      expect(await due(20)).toEqual(['a', 'b']);
      expect(await due(1_000)).toEqual(['a', 'b', 'c']);
      expect(await due(1_000, 2)).toEqual(['a', 'b']);
      await stores.outbox.postpone('a', after(40).toISOString());
      expect(await due(1_000)).toEqual(['b', 'c', 'a']);
    });

    it('does not bring a settled record back to life by postponing it', async () => {
      await stores.outbox.postpone('never-added', after(1).toISOString());
      expect(await stores.outbox.read('never-added')).toBeNull();
      expect(await due(1_000)).not.toContain('never-added');
    });

    it('makes a plan’s records due by themselves', async () => {
      const change = creation({ name: 'due by itself' });
      await stores.plans.commit(change);
      expect(await due(30)).toContain(`notify.decision-needed.${planIdFor('due by itself')}.1`);
    });

    it('finds nothing under ids that nobody of ours makes', async () => {
      for (const id of ['', ' ', 'a b', 'x'.repeat(201), 'x'.repeat(1_000_000), 'é', 'a\nb', '~']) {
        expect(await stores.outbox.read(id)).toBeNull();
        await stores.outbox.settle(id);
        await stores.outbox.postpone(id, after(1).toISOString());
        await expect(stores.outbox.add(outboxFor(id))).rejects.toThrow(TypeError);
      }
    });

    it('refuses a forged record, and a list with forged records still gives the good ones', async () => {
      const list = { listPk: { S: 'OUTBOX#due' }, listSk: { S: `${after(-500).toISOString()}#x` } };
      const forged = [
        { pk: { S: 'OUTBOX#forged' }, sk: { S: 'OUTBOX' }, ...list },
        { pk: { S: 'OUTBOX#other' }, sk: { S: 'OUTBOX' }, ...list, ...wire('b') },
      ];
      for (const item of forged) await plant(stores.dynamo, stores.table, item);
      for (const id of ['forged', 'other']) {
        const error: unknown = await stores.outbox.read(id).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(UnreadableRecord);
      }
      expect(await due(1_000, 1)).toEqual(['b']);
    });

    const wire = (outboxId: string) => ({
      format: { S: 'countersign.outbox/v1' },
      outboxId: { S: outboxId },
      kind: { S: 'execute' },
      pointer: { M: { type: { S: 'plan' }, planId: { S: planIdFor('forged') } } },
      notice: { NULL: true },
      createdAt: { S: after(0).toISOString() },
      dueAt: { S: after(0).toISOString() },
    });
  });
}
