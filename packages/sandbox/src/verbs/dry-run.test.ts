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

const current = async (name: string) => (await send('GET', `${base}/${name}`)).body;
const version = (object: unknown) => stringAt(object, 'metadata', 'resourceVersion') ?? '';

async function create(name: string) {
  const reply = await send('POST', base, testDeployment(name));
  expect(reply.status).toBe(201);
  return reply.body;
}

describe('dryRun=All', () => {
  it('answers a create as it would be, and stores nothing', async () => {
    const reply = await send('POST', `${base}?dryRun=All`, testDeployment('dry'));
    expect(reply.status).toBe(201);
    expect(reply.body).toMatchObject({
      metadata: { name: 'dry', generation: 1, uid: expect.any(String) },
      spec: { replicas: 1 },
    });
    expect(reply.body.metadata).not.toHaveProperty('resourceVersion');
    expect((await send('GET', `${base}/dry`)).status).toBe(404);
  });

  it('answers a patch exactly as the write then does, but for resourceVersion and times', async () => {
    await send('POST', maps, testConfigMap('compared'));
    const before = (await send('GET', `${maps}/compared`)).body;
    const body = { metadata: { annotations: { note: 'x' } }, data: { key: 'other' } };
    const dry = await send('PATCH', `${maps}/compared?dryRun=All&fieldManager=someone`, body, merge);
    expect((await send('GET', `${maps}/compared`)).body).toEqual(before);
    expect(version(dry.body)).toBe(version(before));
    const real = await send('PATCH', `${maps}/compared?fieldManager=someone`, body, merge);
    const comparable = (object: unknown) => {
      const { resourceVersion: _version, managedFields, ...metadata } = recordAt(object, 'metadata') ?? {};
      const entries = (managedFields as { time: string }[]).map(({ time: _time, ...entry }) => entry);
      return { ...recordAt({ object }, 'object'), metadata: { ...metadata, entries } };
    };
    expect(comparable(real.body)).toEqual(comparable(dry.body));
    expect(version(real.body)).not.toBe(version(before));
  });

  it('shows the generation that the write would bring, and finds conflicts and invalid fields', async () => {
    await create('dry-checks');
    const path = `${base}/dry-checks?dryRun=All`;
    expect((await send('PATCH', path, { spec: { replicas: 3 } })).body).toMatchObject({
      metadata: { generation: 2 },
      spec: { replicas: 3 },
    });
    expect((await send('PATCH', path, { metadata: { resourceVersion: '1' } })).status).toBe(409);
    expect((await send('PATCH', path, { spec: { replicas: -1 } })).status).toBe(422);
    expect(recordAt(await current('dry-checks'), 'metadata')?.generation).toBe(1);
  });

  it('deletes nothing', async () => {
    await create('dry-delete');
    expect((await send('DELETE', `${base}/dry-delete?dryRun=All`)).body).toMatchObject({ status: 'Success' });
    const byBody = { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] };
    expect((await send('DELETE', `${base}/dry-delete`, byBody)).body).toMatchObject({ status: 'Success' });
    // The real API server ignores the query where there is a body, and deletes: not something to find out on a real cluster.
    expect((await send('DELETE', `${base}/dry-delete?dryRun=All`, { kind: 'DeleteOptions' })).status).toBe(400);
    expect((await send('GET', `${base}/dry-delete`)).status).toBe(200);
  });

  it('is refused in any other spelling, lest a misspelt dry run write', async () => {
    expect((await send('POST', `${base}?dryRun=all`, testDeployment('misspelt'))).status).toBe(422);
    expect((await send('POST', `${base}?dryRun=`, testDeployment('misspelt'))).status).toBe(422);
    expect((await send('DELETE', `${base}/dry-delete`, { dryRun: ['true'] })).status).toBe(422);
    expect((await send('GET', `${base}/misspelt`)).status).toBe(404);
  });
});
