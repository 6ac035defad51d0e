/** What goes wrong between us and DynamoDB: lost answers, contention, throttling, silence. */
import { type Plan, type PlanChange, Unavailable } from '@countersign/approvals';
import { readAccessShard } from '@countersign/aws';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientsAt, type EndpointUrl, openStores, type Stores, storesOn } from './endpoint.ts';
import { type FaultyEndpoint, startFaultyEndpoint } from './faulty-endpoint.ts';
import { after, anomalyFor, creation, next, outboxFor, voted } from './plan-records.ts';

export function faultsContract(url: EndpointUrl): void {
  describe('stores on a faulty connection', () => {
    let direct: Stores;
    let faulty: FaultyEndpoint;
    let stores: Stores;
    beforeAll(async () => {
      direct = await openStores(url());
    });
    afterAll(() => direct.close());
    beforeEach(async () => {
      faulty = await startFaultyEndpoint(url());
      stores = storesOn(clientsAt(faulty.url), direct.table);
    });
    afterEach(async () => {
      stores.close();
      await faulty.stop();
    });

    const created = async (name: string): Promise<Plan> => {
      expect(await direct.plans.commit(creation({ name }))).toEqual({ ok: true, repeated: false });
      return creation({ name }).after;
    };

    it('counts its own success when the first answer is lost, and sends the repeat under the same token', async () => {
      const plan = await created('lost answer');
      faulty.next('TransactWriteItems', 'lose-answer');
      expect(await stores.plans.commit(voted(plan))).toMatchObject({ ok: true });
      const tokens = faulty.seen('TransactWriteItems').map((body) => body.ClientRequestToken);
      expect(tokens).toHaveLength(2);
      expect(tokens[0]).toBe(tokens[1]);
      expect(tokens[0]).toMatch(/^.{10,36}$/);
      expect(await direct.plans.chain(plan.planId)).toHaveLength(2);
    });

    it('knows its own success when the repeat is refused because of it', async () => {
      const plan = await created('own refusal');
      faulty.next('TransactWriteItems', 'lose-answer-forget-token');
      expect(await stores.plans.commit(voted(plan))).toEqual({ ok: true, repeated: true });
      expect(await direct.plans.readPlan(plan.planId)).toEqual(voted(plan).after);
    });

    it('does not take another’s success for its own when its first answer is lost', async () => {
      const plan = await created('other first');
      await direct.plans.commit(next(plan, { type: 'plan.canceled', actor: 'somebody else' }));
      faulty.next('TransactWriteItems', 'lose-answer-forget-token');
      expect(await stores.plans.commit(voted(plan))).toEqual({ ok: false, conflict: 'plan' });
    });

    it('gives every commit a token of its own', async () => {
      const plan = await created('tokens');
      await stores.plans.commit(voted(plan));
      await stores.plans.commit(voted(plan));
      const tokens = faulty.seen('TransactWriteItems').map((body) => body.ClientRequestToken);
      expect(new Set(tokens).size).toBe(2);
    });

    it('tries again when it meets another transaction, and gives up after a bounded number of times', async () => {
      const plan = await created('contended');
      faulty.next('TransactWriteItems', 'transaction-conflict', 'transaction-conflict', 'item-in-transaction');
      expect(await stores.plans.commit(voted(plan))).toEqual({ ok: true, repeated: false });
      expect(faulty.seen('TransactWriteItems')).toHaveLength(4);
      const next_ = next(voted(plan).after, { type: 'plan.canceled' });
      faulty.next('TransactWriteItems', ...Array<'transaction-conflict'>(6).fill('transaction-conflict'));
      await expect(stores.plans.commit(next_)).rejects.toThrow(Unavailable);
      expect(faulty.seen('TransactWriteItems')).toHaveLength(10);
      expect((await direct.plans.readPlan(plan.planId))?.status).toBe('pending');
    });

    it('tries single writes again when a transaction holds their item', async () => {
      faulty.next('PutItem', 'item-in-transaction');
      faulty.next('UpdateItem', 'item-in-transaction');
      faulty.next('DeleteItem', 'item-in-transaction');
      await stores.outbox.add(outboxFor('contended'));
      await stores.outbox.postpone('contended', after(99).toISOString());
      expect((await direct.outbox.read('contended'))?.dueAt).toBe(after(99).toISOString());
      await stores.outbox.settle('contended');
      expect(await direct.outbox.read('contended')).toBeNull();
    });

    it('knows its own anomaly when the first answer is lost', async () => {
      faulty.next('PutItem', 'lose-answer');
      expect(await stores.anomalies.put(anomalyFor('ano_lost'), 0)).toBe(true);
      expect(faulty.seen('PutItem')).toHaveLength(2);
    });

    it('never writes an access entry twice, although an answer is lost', async () => {
      const log = stores.accessLog({ shards: 1, budgetPerMinute: 10 });
      faulty.next('PutItem', 'lose-answer');
      const entry = {
        writer: 'mcp',
        at: after(0).toISOString(),
        type: 'tool.called',
        actor: null,
        planId: null,
        data: {},
      } as const;
      await log.record(entry);
      await log.record(entry);
      const puts = faulty.seen('PutItem').map((body) => (body.Item as { readonly sk: { readonly S: string } }).sk.S);
      expect(puts).toEqual(['000000000001', '000000000001', '000000000002']);
    });

    it('carries the counts of what was left out through a failed write', async () => {
      const log = stores.accessLog({ shards: 1, budgetPerMinute: 4 });
      const by = (actor: string) =>
        log.record({ writer: 'web', at: after(0).toISOString(), type: 'tool.called', actor, planId: null, data: {} });
      await by('one');
      await by('one');
      faulty.next('PutItem', 'internal', 'internal', 'internal');
      await by('two');
      await by('three');
      const { records, broken } = await readAccessShard(direct.dynamo, direct.table, 'web', 0);
      expect(records.map(({ actor, omitted }) => ({ actor, omitted }))).toEqual([
        { actor: 'one', omitted: null },
        { actor: 'three', omitted: { 'tool.called': 2 } },
      ]);
      expect(broken).toBeNull();
    });

    it.each(['throttled', 'internal'] as const)(
      'is Unavailable when every answer is %s, and says nothing of the content',
      async (fault) => {
        const plan = await created(`always ${fault}`);
        const change: PlanChange = voted(plan);
        const calls: readonly (readonly [operation: string, call: () => Promise<unknown>])[] = [
          ['TransactWriteItems', () => stores.plans.commit(change)],
          ['Query', () => stores.plans.read(plan.planId)],
        ];
        for (const [operation, call] of calls) {
          faulty.next(operation, fault, fault, fault);
          const error = await call().then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          expect(error).toBeInstanceOf(Unavailable);
          expect(String(error)).toContain(`DynamoDB ${operation}: `);
          expect(JSON.stringify([String(error), error, (error as Error).cause ?? null])).not.toMatch(/secret|pln_/);
        }
      },
    );

    it('is Unavailable when nobody answers', async () => {
      const clients = clientsAt('http://127.0.0.1:9');
      const nowhere = storesOn(clients, direct.table);
      await expect(nowhere.plans.readPlan(creation({ name: 'x' }).after.planId)).rejects.toThrow(Unavailable);
      clients.close();
    });

    it('is a plain error, not Unavailable, when the table does not exist', async () => {
      const clients = clientsAt(url());
      const elsewhere = storesOn(clients, 'no-such-table');
      const error: unknown = await elsewhere.plans
        .readPlan(creation({ name: 'x' }).after.planId)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(error).not.toBeInstanceOf(Unavailable);
      clients.close();
    });
  });
}
