import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordAt, stringAt } from '../json/record.ts';
import { testConfigMap, testDeployment } from '../testing/manifests.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

let cluster: TestSandbox;
beforeAll(async () => {
  // No image exists here: the Deployments of these tests stay as they are written but for their status.
  cluster = await startTestSandbox({ images: [] });
});
afterAll(() => cluster.dispose());

const base = '/apis/apps/v1/namespaces/shop/deployments';
const maps = '/api/v1/namespaces/shop/configmaps';
const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  cluster.as('user').send(method, path, body, headers);
const merge = { 'content-type': 'application/merge-patch+json' };
const jsonPatch = { 'content-type': 'application/json-patch+json' };

async function create(name: string) {
  const reply = await send('POST', base, testDeployment(name));
  expect(reply.status).toBe(201);
  return reply.body;
}

const current = async (name: string) => (await send('GET', `${base}/${name}`)).body;
const version = (object: unknown) => stringAt(object, 'metadata', 'resourceVersion') ?? '';

describe('a resourceVersion is a precondition, stale is 409', () => {
  it.each([
    ['PUT', {}],
    ['PATCH', { 'content-type': 'application/strategic-merge-patch+json' }],
    ['PATCH', merge],
    ['PATCH', jsonPatch],
  ])('in %s %o', async (method, headers) => {
    const name = `conflict-${method}${Object.values(headers).join('')}`.toLowerCase().replace(/[^a-z]+/g, '-');
    const first = await create(name);
    await send('PATCH', `${base}/${name}`, { metadata: { labels: { moved: 'on' } } });
    const attempt = (resourceVersion: string) => {
      if (method === 'PUT') {
        const spec = { ...recordAt(first, 'spec'), replicas: 0 };
        return send('PUT', `${base}/${name}`, {
          ...first,
          metadata: { ...recordAt(first, 'metadata'), resourceVersion },
          spec,
        });
      }
      const body =
        headers === jsonPatch
          ? [
              { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
              { op: 'replace', path: '/spec/replicas', value: 0 },
            ]
          : { metadata: { resourceVersion }, spec: { replicas: 0 } };
      return send('PATCH', `${base}/${name}`, body, headers);
    };
    const stale = await attempt(version(first));
    expect(stale.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      details: { name, kind: 'deployments', group: 'apps' },
    });
    expect(recordAt(await current(name), 'spec')?.replicas).toBe(1);
    expect((await attempt(version(await current(name)))).status).toBe(200);
    expect(recordAt(await current(name), 'spec')?.replicas).toBe(0);
  });

  it('as is a uid: an object that was replaced by another of its name is not written', async () => {
    await create('replaced');
    const body = { metadata: { uid: '00000000-0000-0000-0000-000000000000' }, spec: { replicas: 0 } };
    // A PUT means that object, a patch would change this one: the API server tells the two apart.
    expect((await send('PATCH', `${base}/replaced`, body)).body).toMatchObject({ code: 422, reason: 'Invalid' });
    const whole = { ...(await current('replaced')), metadata: { name: 'replaced', ...body.metadata } };
    expect((await send('PUT', `${base}/replaced`, whole)).body).toMatchObject({ code: 409, reason: 'Conflict' });
  });

  it('without one, an update is unconditional', async () => {
    const first = await create('unconditional');
    await send('PATCH', `${base}/unconditional`, { spec: { replicas: 0 } });
    const { resourceVersion: _none, ...metadata } = recordAt(first, 'metadata') ?? {};
    expect((await send('PUT', `${base}/unconditional`, { ...first, metadata })).status).toBe(200);
  });
});

describe('generation', () => {
  it('grows with the spec and, as in the real API, with a Deployment’s annotations; not with labels, status or nothing', async () => {
    const name = 'generations';
    await create(name);
    const patch = async (body: unknown, path = '') => {
      const reply = await send('PATCH', `${base}/${name}${path}`, body, merge);
      expect(reply.status).toBe(200);
      return recordAt(reply.body, 'metadata')?.generation;
    };
    expect(await patch({ metadata: { labels: { a: 'b' } } })).toBe(1);
    expect(await patch({ spec: { replicas: 0 } })).toBe(2);
    expect(await patch({ metadata: { annotations: { note: 'x' } } })).toBe(3);
    expect(await patch({ spec: { replicas: 0 } })).toBe(3);
    expect(await patch({ status: { observedGeneration: 3 } }, '/status')).toBe(3);
    const map = await send('POST', maps, testConfigMap('no-generation'));
    expect(map.body.metadata).not.toHaveProperty('generation');
  });

  it('stays, with the resourceVersion, when a write changes nothing', async () => {
    await send('POST', maps, testConfigMap('same'));
    const before = (await send('GET', `${maps}/same`)).body;
    const again = await send('PATCH', `${maps}/same`, { data: { key: 'value' } }, merge);
    expect(again.body).toEqual(before);
  });
});
