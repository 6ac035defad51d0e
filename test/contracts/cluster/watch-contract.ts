/** What following a cluster rests on: no event twice, none left out, and a plain word where the past is gone. */
import { describe, expect, it } from 'vitest';
import type { Answered, UnderTest } from './cluster-under-test.ts';
import { configMaps, newName } from './some-deployment.ts';

export function watchContract(cluster: UnderTest): void {
  const { createConfigMap, configMapPath } = configMaps(cluster);
  const path = '/api/v1/namespaces/shop/configmaps';

  /** Events of one object from a version on, until `enough` of them are there. */
  function events(resourceVersion: string, enough: number, query: Record<string, string> = {}): Promise<Answered[]> {
    return new Promise((resolve, reject) => {
      const seen: Answered[] = [];
      const following = cluster().follow('reader', { path, query: { ...query, resourceVersion } }, (event) => {
        seen.push(event);
        if (seen.length < enough) return;
        following.stop();
        resolve(seen);
      });
      void following.ended.then(() => reject(new Error(`the watch ended after ${seen.length} events`)));
    });
  }
  const versionNow = async (): Promise<string> =>
    (await cluster().call('reader', { path, query: { limit: '1' } })).body.metadata.resourceVersion;

  it('a watch tells each change once, in order, from the version on that it is given', async () => {
    const since = await versionNow();
    const { metadata } = await createConfigMap({ a: '1' });
    const write = (data: object) =>
      cluster().call('user', { method: 'PATCH', path: configMapPath(metadata.name), body: { data } });
    await write({ a: '2' });
    await write({ a: '2' });
    await write({ a: '3' });
    await cluster().call('user', { method: 'DELETE', path: configMapPath(metadata.name) });
    const seen = await events(since, 4, { fieldSelector: `metadata.name=${metadata.name}` });
    expect(seen.map(({ type, object }) => [type, object.kind, object.data.a])).toEqual([
      ['ADDED', 'ConfigMap', '1'],
      ['MODIFIED', 'ConfigMap', '2'],
      ['MODIFIED', 'ConfigMap', '3'],
      ['DELETED', 'ConfigMap', '3'],
    ]);
  });

  it('a watch with a selector says DELETED where an object stops matching', async () => {
    const since = await versionNow();
    const group = newName();
    const { metadata } = await createConfigMap();
    const label = (value: string | null) =>
      cluster().call('user', {
        method: 'PATCH',
        path: configMapPath(metadata.name),
        body: { metadata: { labels: { group: value } } },
      });
    await label(group);
    await label(null);
    const seen = await events(since, 2, { labelSelector: `group=${group}` });
    expect(seen.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
  });

  describe('a version that the server does not know', () => {
    it('to come is refused or waited for, never taken for now', async () => {
      const answer = await cluster().call('reader', {
        path,
        query: { resourceVersion: '9999999999999', timeoutSeconds: '1' },
      });
      expect([400, 504]).toContain(answer.status);
    });

    it('that is no version is refused with 400', async () => {
      expect((await cluster().call('reader', { path, query: { resourceVersion: 'abc' } })).status).toBe(400);
    });
  });
}
