import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt, recordAt, stringAt } from '../json/record.ts';
import { testConfigMap } from '../testing/manifests.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

const path = '/api/v1/namespaces/paged/configmaps';

let cluster: TestSandbox;
const send = (method: string, url: string, body?: unknown, headers?: Record<string, string>) =>
  cluster.as('user').send(method, url, body, headers);
const names = (list: unknown) => listAt(list, 'items').map((item) => stringAt(item, 'metadata', 'name'));

beforeAll(async () => {
  cluster = await startTestSandbox();
  await send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'paged' } });
  for (const [index, tier] of ['front', 'front', 'back', 'back', 'none'].entries()) {
    await send('POST', path, testConfigMap(`map-${index}`, tier === 'none' ? {} : { tier, index: String(index) }));
  }
});
afterAll(() => cluster.dispose());

describe('a list', () => {
  it('carries the kind, a resourceVersion and items without kind, sorted by name', async () => {
    const list = (await send('GET', path)).body;
    expect(list).toMatchObject({
      kind: 'ConfigMapList',
      apiVersion: 'v1',
      metadata: { resourceVersion: expect.stringMatching(/^\d+$/) },
    });
    expect(names(list)).toEqual(['map-0', 'map-1', 'map-2', 'map-3', 'map-4']);
    expect(listAt(list, 'items')[0]).not.toHaveProperty('kind');
  });

  it('covers all namespaces without one in the path', async () => {
    const list = (await send('GET', '/api/v1/configmaps')).body;
    expect(names(list)).toEqual(expect.arrayContaining(['map-0', 'shop-settings']));
  });

  it('comes in pages that together are the list as it was when the first page was read', async () => {
    const first = (await send('GET', `${path}?limit=2`)).body;
    expect(names(first)).toEqual(['map-0', 'map-1']);
    expect(first.metadata).toMatchObject({ remainingItemCount: 3, continue: expect.any(String) });
    await send('POST', path, testConfigMap('map-15'));
    await send('DELETE', `${path}/map-3`);
    await send('PATCH', `${path}/map-4`, { data: { key: 'changed' } });
    const token = encodeURIComponent(stringAt(first, 'metadata', 'continue') ?? '');
    const second = (await send('GET', `${path}?limit=2&continue=${token}`)).body;
    const secondToken = encodeURIComponent(stringAt(second, 'metadata', 'continue') ?? '');
    const third = (await send('GET', `${path}?limit=2&continue=${secondToken}`)).body;
    expect([...names(second), ...names(third)]).toEqual(['map-2', 'map-3', 'map-4']);
    expect(recordAt(listAt(third, 'items')[0], 'data')).toEqual({ key: 'value' });
    expect(third.metadata).not.toHaveProperty('continue');
    expect(recordAt(third, 'metadata')?.resourceVersion).toBe(recordAt(first, 'metadata')?.resourceVersion);
    await send('DELETE', `${path}/map-15`);
    await send('POST', path, testConfigMap('map-3', { tier: 'back', index: '3' }));
  });

  it('answers 410 to a page of a list that is older than what is remembered', async () => {
    const token = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: 0, start: 'paged/a' })).toString('base64url');
    expect((await send('GET', `${path}?limit=2&continue=${token}`)).body).toMatchObject({
      code: 410,
      reason: 'Expired',
    });
  });

  it.each([
    ['tier=front', ['map-0', 'map-1']],
    ['tier==back', ['map-2', 'map-3']],
    ['tier!=front', ['map-2', 'map-3', 'map-4']],
    ['tier in (front,back),index notin (0, 2)', ['map-1', 'map-3']],
    ['tier', ['map-0', 'map-1', 'map-2', 'map-3']],
    ['!tier', ['map-4']],
    ['index>1,index<3', ['map-2']],
  ])('selects by labels: %s', async (selector, expected) => {
    expect(names((await send('GET', `${path}?labelSelector=${encodeURIComponent(selector)}`)).body)).toEqual(expected);
  });

  it('selects by fields that the kind has for that, and by no other', async () => {
    const by = (selector: string, url = path) => send('GET', `${url}?fieldSelector=${encodeURIComponent(selector)}`);
    expect(names((await by('metadata.name=map-2')).body)).toEqual(['map-2']);
    expect(names((await by('metadata.name!=map-2,metadata.namespace=paged')).body)).toEqual([
      'map-0',
      'map-1',
      'map-3',
      'map-4',
    ]);
    await cluster.sandbox.settled();
    const running = names((await by('status.phase=Running', '/api/v1/namespaces/payments/pods')).body);
    expect(running).toEqual([expect.stringMatching(/^ledger-/)]);
    expect((await by('data.key=value')).status).toBe(400);
  });

  it('is a table of the kind’s own columns for those who ask for one, metadata only for others', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    const table = (await send('GET', '/apis/apps/v1/namespaces/shop/deployments', undefined, { accept })).body;
    expect(table).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(listAt(table, 'columnDefinitions').map((column) => stringAt(column, 'name'))).toEqual([
      'Name',
      'Ready',
      'Up-to-date',
      'Available',
      'Age',
      'Containers',
      'Images',
      'Selector',
    ]);
    const row = listAt(table, 'rows')[0];
    expect(listAt(row, 'cells').slice(0, 2)).toEqual(['api', '2/2']);
    expect(recordAt(row, 'object')).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'api' } });
    const metadata = { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' };
    const partial = (await send('GET', '/apis/apps/v1/namespaces/shop/deployments', undefined, metadata)).body;
    expect(partial.kind).toBe('PartialObjectMetadataList');
    expect(listAt(partial, 'items')[0]).not.toHaveProperty('spec');
  });

  it('shows events in both of their API groups', async () => {
    await cluster.sandbox.settled();
    const core = (await send('GET', '/api/v1/namespaces/shop/events')).body;
    const newer = (await send('GET', '/apis/events.k8s.io/v1/namespaces/shop/events')).body;
    expect(names(newer)).toEqual(names(core));
    expect(listAt(core, 'items')[0]).toHaveProperty('involvedObject');
    expect(listAt(newer, 'items')[0]).toMatchObject({ regarding: expect.anything(), note: expect.any(String) });
  });
});
