import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringAt } from '../json/record.ts';
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

async function create(name: string) {
  const reply = await send('POST', base, testDeployment(name));
  expect(reply.status).toBe(201);
  return reply.body;
}

const current = async (name: string) => (await send('GET', `${base}/${name}`)).body;
const version = (object: unknown) => stringAt(object, 'metadata', 'resourceVersion') ?? '';

describe('a delete', () => {
  it('honours uid and resourceVersion preconditions', async () => {
    const first = await create('guarded');
    const options = (preconditions: unknown) => ({ kind: 'DeleteOptions', apiVersion: 'v1', preconditions });
    expect((await send('DELETE', `${base}/guarded`, options({ uid: 'another' }))).body).toMatchObject({
      code: 409,
      reason: 'Conflict',
    });
    expect((await send('DELETE', `${base}/guarded`, options({ resourceVersion: '1' }))).status).toBe(409);
    const uid = stringAt(first, 'metadata', 'uid');
    const reply = await send(
      'DELETE',
      `${base}/guarded`,
      options({ uid, resourceVersion: version(await current('guarded')) }),
    );
    expect(reply.body).toMatchObject({
      status: 'Success',
      details: { name: 'guarded', kind: 'deployments', group: 'apps', uid },
    });
    expect((await send('DELETE', `${base}/guarded`)).status).toBe(404);
  });

  it('takes what the object owns along, or leaves it behind when asked to', async () => {
    for (const [name, propagationPolicy, left] of [
      ['cascades', 'Background', 0],
      ['orphans', 'Orphan', 1],
    ] as const) {
      await create(name);
      await cluster.sandbox.settled();
      const sets = async () =>
        (
          (await send('GET', `/apis/apps/v1/namespaces/shop/replicasets?labelSelector=app%3D${name}`)).body
            .items as unknown[]
        ).length;
      expect(await sets()).toBe(1);
      await send('DELETE', `${base}/${name}`, { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy });
      await cluster.sandbox.settled();
      expect(await sets()).toBe(left);
    }
    expect((await send('DELETE', `${base}/defaults`, { propagationPolicy: 'Sideways' })).status).toBe(422);
  });

  it('marks an object that a finalizer holds, and removes it with the finalizer', async () => {
    const map = testConfigMap('held');
    await send('POST', maps, { ...map, metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    const marked = await send('DELETE', `${maps}/held`);
    expect(marked.body).toMatchObject({ kind: 'ConfigMap', metadata: { deletionTimestamp: expect.any(String) } });
    expect((await send('GET', `${maps}/held`)).status).toBe(200);
    await send('PATCH', `${maps}/held`, { metadata: { finalizers: null } }, merge);
    expect((await send('GET', `${maps}/held`)).status).toBe(404);
  });

  it('of a namespace takes all that is in it, and spares the namespaces of the system', async () => {
    await send('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'short-lived' },
    });
    await send('POST', '/api/v1/namespaces/short-lived/configmaps', testConfigMap('inside'));
    await send('DELETE', '/api/v1/namespaces/short-lived');
    expect((await send('GET', '/api/v1/namespaces/short-lived')).status).toBe(404);
    expect((await send('GET', '/api/v1/namespaces/short-lived/configmaps')).body.items).toEqual([]);
    expect((await send('DELETE', '/api/v1/namespaces/kube-system')).status).toBe(403);
  });
});
