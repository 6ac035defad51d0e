/** What keeps a write from hitting something else than was approved: versions, uids, and what a delete carries. */
import { describe, expect, it } from 'vitest';
import type { Answer, Answered, UnderTest } from './cluster-under-test.ts';
import { configMaps, deploymentPath, OURS, workbench } from './some-deployment.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

export function preconditionContract(cluster: UnderTest): void {
  const { create, get, patch } = workbench(cluster);
  const { createConfigMap, configMapPath } = configMaps(cluster);

  describe('metadata.resourceVersion in a patch', () => {
    const bodies: readonly [string, string, (version: string) => unknown][] = [
      ['strategic merge', STRATEGIC, (resourceVersion) => ({ metadata: { resourceVersion }, spec: { paused: true } })],
      ['merge', MERGE_PATCH, (resourceVersion) => ({ metadata: { resourceVersion }, spec: { paused: true } })],
      [
        'JSON',
        JSON_PATCH,
        (value) => [
          { op: 'replace', path: '/metadata/resourceVersion', value },
          { op: 'add', path: '/spec/paused', value: true },
        ],
      ],
    ];

    it.each(bodies)(
      'is a precondition of a %s patch: 409 where it is another, and nothing is written',
      async (_kind, type, body) => {
        const { metadata } = await create();
        await patch('user', metadata.name, { metadata: { labels: { note: 'between' } } });
        for (const query of [OURS, { ...OURS, dryRun: 'All' }]) {
          const answer = await patch('user', metadata.name, body(metadata.resourceVersion), query, type);
          expect(answer).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
        }
        expect((await get(metadata.name)).spec.paused).toBeUndefined();
        const { resourceVersion } = (await get(metadata.name)).metadata;
        expect((await patch('user', metadata.name, body(resourceVersion), OURS, type)).status).toBe(200);
      },
    );

    it('of a PUT as well; without one a PUT overwrites whatever is there', async () => {
      const before = await create();
      await patch('user', before.metadata.name, { metadata: { labels: { note: 'between' } } });
      const put = (body: Answered): Promise<Answer> =>
        cluster().call('user', { method: 'PUT', path: deploymentPath(before.metadata.name), body });
      expect(await put(before)).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
      const { resourceVersion: _version, ...metadata } = before.metadata;
      expect((await put({ ...before, metadata })).status).toBe(200);
      expect((await get(metadata.name)).metadata.labels.note).toBeUndefined();
    });
  });

  describe('a JSON patch whose test fails', () => {
    it('is refused with 422 and writes nothing', async () => {
      const { metadata } = await create();
      const answer = await patch(
        'user',
        metadata.name,
        [
          { op: 'test', path: '/spec/replicas', value: 7 },
          { op: 'replace', path: '/spec/replicas', value: 1 },
        ],
        OURS,
        JSON_PATCH,
      );
      expect(answer).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
      expect((await get(metadata.name)).spec.replicas).toBe(0);
    });
  });

  describe('a delete', () => {
    const remove = (name: string, options: object, query: Record<string, string> = {}): Promise<Answer> =>
      cluster().call('user', {
        method: 'DELETE',
        path: configMapPath(name),
        query,
        body: { apiVersion: 'v1', kind: 'DeleteOptions', ...options },
      });
    const isThere = async (name: string): Promise<boolean> =>
      (await cluster().call('user', { path: configMapPath(name) })).status === 200;

    it('with another uid or another version is refused with 409, also when the other one is right', async () => {
      const { metadata } = await createConfigMap();
      const { name, uid, resourceVersion } = metadata;
      for (const preconditions of [
        { uid: 'another' },
        { resourceVersion: '1' },
        { uid, resourceVersion: '1' },
        { uid: 'another', resourceVersion },
      ])
        expect(await remove(name, { preconditions })).toMatchObject({ status: 409, body: { reason: 'Conflict' } });
      expect(await isThere(name)).toBe(true);
      expect((await remove(name, { preconditions: { uid, resourceVersion } })).status).toBe(200);
    });

    it('with dryRun in its body stores nothing, and preconditions are checked all the same', async () => {
      const { metadata } = await createConfigMap();
      expect((await remove(metadata.name, { dryRun: ['All'], preconditions: { uid: 'another' } })).status).toBe(409);
      expect((await remove(metadata.name, { dryRun: ['All'] })).status).toBe(200);
      expect(await isThere(metadata.name)).toBe(true);
    });

    it('with a body reads the dryRun of its query on no account: it either deletes or is refused', async () => {
      const { metadata } = await createConfigMap();
      const answer = await remove(metadata.name, {}, { dryRun: 'All' });
      expect(await isThere(metadata.name)).toBe(answer.status !== 200);
    });

    it('without a body takes dryRun from its query', async () => {
      const { metadata } = await createConfigMap();
      const answer = await cluster().call('user', {
        method: 'DELETE',
        path: configMapPath(metadata.name),
        query: { dryRun: 'All' },
      });
      expect(answer.status).toBe(200);
      expect(await isThere(metadata.name)).toBe(true);
    });

    it('of what is gone is 404', async () => {
      expect(await remove('never-was', {})).toMatchObject({ status: 404, body: { reason: 'NotFound' } });
    });
  });
}
