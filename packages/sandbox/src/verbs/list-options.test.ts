import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import { watchHistoryMaxEvents } from '../limits.ts';
import { testConfigMap } from '../testing/manifests.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

let cluster: TestSandbox;
beforeAll(async () => {
  cluster = await startTestSandbox({ images: [] });
  for (const name of ['page-a', 'page-b', 'page-c']) await send('POST', maps, testConfigMap(name, { page: 'x' }));
});
afterAll(() => cluster.dispose());

const maps = '/api/v1/namespaces/shop/configmaps';
const send = (method: string, path: string, body?: unknown) => cluster.as('user').send(method, path, body);
const list = async (query: Record<string, string>) =>
  (await send('GET', `${maps}?${new URLSearchParams({ labelSelector: 'page=x', ...query })}`)).body;
const names = (body: JsonRecord) => listAt(body, 'items').map((item) => stringAt(item, 'metadata', 'name'));
const version = (body: JsonRecord) => stringAt(body, 'metadata', 'resourceVersion') ?? '';

describe('a list', () => {
  it('shows the state that is asked for, exactly or at least', async () => {
    const before = version(await list({}));
    await send('POST', maps, testConfigMap('page-late', { page: 'x' }));
    expect(names(await list({ resourceVersion: before, resourceVersionMatch: 'Exact' }))).not.toContain('page-late');
    expect(names(await list({ resourceVersion: before, resourceVersionMatch: 'NotOlderThan' }))).toContain('page-late');
    expect(names(await list({ resourceVersion: '0' }))).toContain('page-late');
    await send('DELETE', `${maps}/page-late`);
  });

  it('of a state that has not been reached yet is refused, and so is an object', async () => {
    const later = { resourceVersion: '999999999' };
    expect(await list(later)).toMatchObject({
      code: 504,
      reason: 'Timeout',
      details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
    });
    expect((await send('GET', `${maps}/page-a?resourceVersion=999999999`)).body).toMatchObject({ code: 504 });
  });

  it.each([
    [{ resourceVersionMatch: 'Exact' }, 422],
    [{ resourceVersionMatch: 'Exact', resourceVersion: '0' }, 422],
    [{ resourceVersionMatch: 'Near', resourceVersion: '5' }, 422],
    [{ resourceVersion: 'five' }, 400],
    [{ limit: 'many' }, 400],
    [{ continue: 'nonsense' }, 400],
  ])('with %j is refused with %i', async (query, code) => {
    expect((await list(query)).code).toBe(code);
  });

  it('says how many remain where nothing is selected, and takes no resourceVersion with a continue token', async () => {
    const first = (await send('GET', `${maps}?limit=1`)).body;
    const all = listAt((await send('GET', maps)).body, 'items').length;
    expect(recordAt(first, 'metadata')?.remainingItemCount).toBe(all - 1);
    const token = stringAt(first, 'metadata', 'continue') ?? '';
    expect((await list({ continue: token, resourceVersion: version(first) })).code).toBe(400);
    expect(recordAt(await list({ limit: '1' }), 'metadata')).not.toHaveProperty('remainingItemCount');
  });

  it('whose first page is forgotten answers 410, with a token that goes on from where it was', async () => {
    const first = await list({ limit: '1' });
    const token = stringAt(first, 'metadata', 'continue') ?? '';
    const busy = cluster.sandbox.store.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'payments', name: 'busy' },
    });
    let last = busy;
    for (let change = 0; change <= 2 * watchHistoryMaxEvents; change += 1)
      last = cluster.sandbox.store.update('configmaps', { ...last, data: { change: String(change) } });
    const gone = await list({ continue: token });
    expect(gone).toMatchObject({ code: 410, reason: 'Expired', metadata: { continue: expect.any(String) } });
    const rest = await list({ continue: stringAt(gone, 'metadata', 'continue') ?? '' });
    expect([...names(first), ...names(rest)]).toEqual(['page-a', 'page-b', 'page-c']);
    expect(await list({ resourceVersion: version(first), resourceVersionMatch: 'Exact' })).toMatchObject({ code: 410 });
  });
});
