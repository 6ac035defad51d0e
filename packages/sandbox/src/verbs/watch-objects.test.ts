import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordAt, stringAt } from '../json/record.ts';
import type { ApiStream } from '../testing/api-client.ts';
import { testConfigMap } from '../testing/manifests.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

const path = '/api/v1/namespaces/payments/configmaps';

let cluster: TestSandbox;
beforeAll(async () => {
  cluster = await startTestSandbox();
});
afterAll(() => cluster.dispose());

const send = (method: string, url: string, body?: unknown) => cluster.as('user').send(method, url, body);
const watch = (query: string, headers?: Record<string, string>) =>
  cluster.as('user').stream(`${path}?watch=true${query}`, headers);

interface Seen {
  type: string;
  object: unknown;
}

const next = async (stream: ApiStream): Promise<Seen> => JSON.parse(await stream.next()) as Seen;
const brief = async (stream: ApiStream) => {
  const { type, object } = await next(stream);
  return `${type} ${stringAt(object, 'metadata', 'name')}`;
};
const newest = async () => stringAt((await send('GET', path)).body, 'metadata', 'resourceVersion') ?? '';

describe('a watch', () => {
  it('from a resourceVersion tells each change after it, in order, and nothing before', async () => {
    await send('POST', path, testConfigMap('before'));
    const from = await newest();
    await send('POST', path, testConfigMap('one'));
    const stream = await watch(`&resourceVersion=${from}`);
    await send('PATCH', `${path}/one`, { data: { key: 'changed' } });
    await send('DELETE', `${path}/one`);
    expect([await brief(stream), await brief(stream), await brief(stream)]).toEqual([
      'ADDED one',
      'MODIFIED one',
      'DELETED one',
    ]);
    stream.close();
  });

  it('without a resourceVersion begins with what is there', async () => {
    await send('POST', path, testConfigMap('present'));
    const stream = await watch('&fieldSelector=metadata.name%3Dpresent');
    expect(await brief(stream)).toBe('ADDED present');
    await send('PATCH', `${path}/present`, { data: { key: 'changed' } });
    expect(await brief(stream)).toBe('MODIFIED present');
    stream.close();
  });

  it('ends the initial events with a bookmark where that is asked for', async () => {
    const before = await newest();
    const stream = await watch(
      '&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&fieldSelector=metadata.name%3Dnone',
    );
    const bookmark = await next(stream);
    expect(bookmark).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
    });
    // Controllers may have written since.
    expect(Number(stringAt(bookmark, 'object', 'metadata', 'resourceVersion'))).toBeGreaterThanOrEqual(Number(before));
    stream.close();
  });

  it('by labels tells of an object that comes into the selection and of one that leaves it', async () => {
    const stream = await watch(`&labelSelector=tier%3Dfront&resourceVersion=${await newest()}`);
    await send('POST', path, testConfigMap('moving', { tier: 'back' }));
    await send('PATCH', `${path}/moving`, { metadata: { labels: { tier: 'front' } } });
    await send('PATCH', `${path}/moving`, { data: { key: 'changed' } });
    const left = await send('PATCH', `${path}/moving`, { metadata: { labels: { tier: 'back' } } });
    expect([await brief(stream), await brief(stream)]).toEqual(['ADDED moving', 'MODIFIED moving']);
    const last = await next(stream);
    expect(last).toMatchObject({ type: 'DELETED', object: { metadata: { labels: { tier: 'front' } } } });
    expect(stringAt(last.object, 'metadata', 'resourceVersion')).toBe(
      stringAt(left.body, 'metadata', 'resourceVersion'),
    );
    stream.close();
  });

  it('hears nothing of other namespaces and kinds', async () => {
    const stream = await watch(`&resourceVersion=${await newest()}`);
    await send('POST', '/api/v1/namespaces/shop/configmaps', testConfigMap('elsewhere'));
    await send('POST', path, testConfigMap('here'));
    expect(await brief(stream)).toBe('ADDED here');
    stream.close();
  });

  it('ends after timeoutSeconds', async () => {
    const stream = await watch(`&timeoutSeconds=0&resourceVersion=${await newest()}`);
    await expect(stream.next()).rejects.toThrow('ended');
  });

  it('shows rows of a table to those who ask for one', async () => {
    const stream = await watch('&fieldSelector=metadata.name%3Dpresent', {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    const { object } = await next(stream);
    expect(recordAt({ object }, 'object')).toMatchObject({
      kind: 'Table',
      rows: [{ cells: ['present', 1, expect.any(String)] }],
    });
    stream.close();
  });

  it('sees a whole rollout of the controllers, each step in its order', async () => {
    const pods = await cluster
      .as('user')
      .stream('/api/v1/namespaces/payments/pods?watch=true&labelSelector=app%3Dledger');
    expect((await next(pods)).type).toBe('ADDED');
    await send('PATCH', '/apis/apps/v1/namespaces/payments/deployments/ledger', {
      spec: { template: { metadata: { annotations: { again: 'x' } } } },
    });
    const seen: string[] = [];
    while (!seen.includes('DELETED')) seen.push((await next(pods)).type);
    expect(seen).toContain('ADDED');
    pods.close();
  });
});
