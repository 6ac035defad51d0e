import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordAt, stringAt } from '../json/record.ts';
import { testDeployment } from '../testing/manifests.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

let cluster: TestSandbox;
beforeAll(async () => {
  // No image exists here: the Deployments of these tests stay as they are written but for their status.
  cluster = await startTestSandbox({ images: [] });
});
afterAll(() => cluster.dispose());

const base = '/apis/apps/v1/namespaces/shop/deployments';
const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  cluster.as('user').send(method, path, body, headers);
const merge = { 'content-type': 'application/merge-patch+json' };

const current = async (name: string) => (await send('GET', `${base}/${name}`)).body;

async function create(name: string) {
  const reply = await send('POST', base, testDeployment(name));
  expect(reply.status).toBe(201);
  return reply.body;
}

describe('an update', () => {
  it('refuses another name, another namespace, a changed selector and a kind that is not the URL’s', async () => {
    const first = await create('fixed');
    const put = async (change: Record<string, unknown>) => send('PUT', `${base}/fixed`, { ...first, ...change });
    expect((await put({ metadata: { name: 'other' } })).status).toBe(400);
    expect((await put({ metadata: { name: 'fixed', namespace: 'payments' } })).status).toBe(400);
    expect((await put({ kind: 'StatefulSet' })).status).toBe(400);
    const changed = { app: 'changed' };
    const spec = { ...recordAt(first, 'spec'), selector: { matchLabels: changed } };
    expect((await put({ metadata: { name: 'fixed' }, spec })).body.message).toContain('field is immutable');
    expect((await send('PUT', `${base}/absent`, testDeployment('absent'))).status).toBe(404);
  });

  it('cannot change identity, creation time, managedFields or deletion', async () => {
    const first = await create('identity');
    const forged = {
      creationTimestamp: '2000-01-01T00:00:00Z',
      deletionTimestamp: '2000-01-01T00:00:00Z',
      generation: 99,
      managedFields: [],
    };
    const reply = await send('PATCH', `${base}/identity`, { metadata: { ...forged, labels: { a: 'b' } } }, merge);
    expect(reply.status).toBe(200);
    expect(reply.body.metadata).toMatchObject({
      creationTimestamp: stringAt(first, 'metadata', 'creationTimestamp'),
      generation: 1,
    });
    expect(reply.body.metadata).not.toHaveProperty('deletionTimestamp');
    expect(recordAt(reply.body, 'metadata')?.managedFields).not.toHaveLength(0);
  });

  it('records who wrote which fields', async () => {
    await create('managed');
    const reply = await send('PATCH', `${base}/managed?fieldManager=countersign`, {
      metadata: { annotations: { note: 'x' } },
    });
    expect(recordAt(reply.body, 'metadata')?.managedFields).toContainEqual(
      expect.objectContaining({
        manager: 'countersign',
        operation: 'Update',
        apiVersion: 'apps/v1',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:annotations': { 'f:note': {} } } },
      }),
    );
  });

  it('through /status changes status alone', async () => {
    const first = await create('status-only');
    const body = { ...first, spec: { ...recordAt(first, 'spec'), replicas: 7 }, status: { observedGeneration: 5 } };
    const { resourceVersion: _none, ...metadata } = recordAt(first, 'metadata') ?? {};
    const reply = await send('PUT', `${base}/status-only/status`, { ...body, metadata });
    expect(reply.body).toMatchObject({
      spec: { replicas: 1 },
      status: { observedGeneration: 5 },
      metadata: { generation: 1 },
    });
  });
});

describe('a patch', () => {
  it('has no force but in server-side apply', async () => {
    await create('forced');
    expect((await send('PATCH', `${base}/forced?force=true`, { spec: { replicas: 3 } })).status).toBe(422);
  });
});

describe('the scale subresource', () => {
  it('reads and writes replicas as an autoscaling/v1 Scale, with its resourceVersion as precondition', async () => {
    await create('scaled');
    const scale = (await send('GET', `${base}/scaled/scale`)).body;
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 1 },
      status: { selector: 'app=scaled' },
    });
    const put = await send('PUT', `${base}/scaled/scale`, {
      ...scale,
      metadata: { name: 'scaled' },
      spec: { replicas: 2 },
    });
    expect(put.body).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } });
    expect((await send('PUT', `${base}/scaled/scale`, { ...scale, spec: { replicas: 3 } })).status).toBe(409);
    expect(
      (await send('PATCH', `${base}/scaled/scale?dryRun=All`, { spec: { replicas: 5 } }, merge)).body.spec,
    ).toEqual({ replicas: 5 });
    expect(recordAt(await current('scaled'), 'spec')?.replicas).toBe(2);
    expect((await send('PATCH', `${base}/scaled/scale`, { spec: { replicas: -1 } }, merge)).status).toBe(422);
    expect((await send('PATCH', `${base}/scaled/scale`, { spec: { replicas: '2' } }, merge)).status).toBe(400);
  });
});
