import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRecord, type JsonRecord, listAt, recordAt, stringAt } from '../json/record.ts';
import { testDeployment } from '../testing/manifests.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

let cluster: TestSandbox;
beforeAll(async () => {
  // No image exists here: the Deployments of these tests stay as they are written but for their status.
  cluster = await startTestSandbox({ images: [] });
});
afterAll(() => cluster.dispose());

const base = '/apis/apps/v1/namespaces/shop/deployments';
const media = { 'content-type': 'application/apply-patch+yaml' };
const apply = (name: string, body: unknown, query = 'fieldManager=me') =>
  cluster.as('user').send('PATCH', `${base}/${name}?${query}`, body, media);
const get = async (name: string) => (await cluster.as('user').send('GET', `${base}/${name}`)).body;
const some = (name: string, spec: JsonRecord = {}): JsonRecord => {
  const { metadata, ...whole } = testDeployment(name);
  return { ...whole, metadata: { name: metadata.name }, spec: { ...whole.spec, ...spec } };
};
const entryOf = (object: JsonRecord, manager: string, operation: string) =>
  listAt(object, 'metadata', 'managedFields').find(
    (entry) => isRecord(entry) && entry.manager === manager && entry.operation === operation,
  );

describe('server-side apply', () => {
  it('creates what is not there, from YAML, with the defaults owned by nobody', async () => {
    const yaml = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: by-yaml }
spec:
  replicas: 2
  paused: yes
  selector: { matchLabels: { app: by-yaml } }
  template:
    metadata: { labels: { app: by-yaml, when: 2026-01-01 } }
    spec: { containers: [{ name: main, image: "nginx:1.27-alpine" }] }
`;
    const reply = await apply('by-yaml', yaml);
    expect(reply).toMatchObject({
      status: 201,
      body: { spec: { replicas: 2, paused: true, revisionHistoryLimit: 10 } },
    });
    expect(reply.body).toMatchObject({ spec: { template: { metadata: { labels: { when: '2026-01-01' } } } } });
    expect(JSON.stringify(listAt(reply.body, 'metadata', 'managedFields'))).not.toContain('revisionHistoryLimit');
    expect(entryOf(reply.body, 'me', 'Apply')).toMatchObject({ apiVersion: 'apps/v1', fieldsType: 'FieldsV1' });
  });

  it('says who owns what it would change, in the words of the API server, and changes nothing', async () => {
    await apply('owned', some('owned', { replicas: 1 }), 'fieldManager=first');
    await cluster.as('user').send('PATCH', `${base}/owned?fieldManager=scaler`, { spec: { replicas: 4 } });
    const before = await get('owned');
    const reply = await apply('owned', some('owned', { replicas: 2 }));
    expect(reply.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "scaler" using apps/v1: .spec.replicas',
      details: {
        causes: [
          { reason: 'FieldManagerConflict', message: 'conflict with "scaler" using apps/v1', field: '.spec.replicas' },
        ],
      },
    });
    const image = some('owned', { replicas: 2, template: testDeployment('owned', 'nginx:2').spec.template });
    const two = await apply('owned', image);
    expect(two.body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "first":\n- .spec.template.spec.containers[name="main"].image\nconflicts with "scaler" using apps/v1:\n- .spec.replicas',
    );
    expect(recordAt(await get('owned'), 'spec')).toEqual(recordAt(before, 'spec'));
    expect((await apply('owned', some('owned', { replicas: 2 }), 'fieldManager=me&force=true')).body).toMatchObject({
      spec: { replicas: 2 },
    });
  });

  it('repeated is no write: neither resourceVersion nor time move', async () => {
    const first = await apply('again', some('again'));
    await cluster.sandbox.settled();
    const before = await get('again');
    const second = await apply('again', some('again'));
    expect(second.status).toBe(200);
    expect(second.body.metadata).toEqual(before.metadata);
    expect(entryOf(second.body, 'me', 'Apply')).toEqual(entryOf(first.body, 'me', 'Apply'));
  });

  it('that only adds an owner is a write, and moves no generation', async () => {
    await apply('shared', some('shared'));
    await cluster.sandbox.settled();
    const before = await get('shared');
    const after = (await apply('shared', some('shared'), 'fieldManager=other')).body;
    expect(stringAt(after, 'metadata', 'resourceVersion')).not.toBe(stringAt(before, 'metadata', 'resourceVersion'));
    expect(recordAt(after, 'metadata')?.generation).toBe(recordAt(before, 'metadata')?.generation);
  });

  it('honours a resourceVersion and a uid in the configuration', async () => {
    const { body } = await apply('guarded', some('guarded'));
    const stated = (metadata: JsonRecord) => ({
      ...some('guarded', { replicas: 3 }),
      metadata: { name: 'guarded', ...metadata },
    });
    expect((await apply('guarded', stated({ resourceVersion: '1' }))).body).toMatchObject({ reason: 'Conflict' });
    expect([409, 422]).toContain((await apply('guarded', stated({ uid: 'another' }))).status);
    expect((await apply('nobody', { ...some('nobody'), metadata: { name: 'nobody', uid: 'x' } })).status).toBe(409);
    expect(recordAt(await get('guarded'), 'spec')?.replicas).toBe(1);
    await cluster.sandbox.settled();
    const { resourceVersion, uid } = recordAt(await get('guarded'), 'metadata') ?? {};
    expect(stringAt(body, 'metadata', 'uid')).toBe(uid);
    expect((await apply('guarded', stated({ resourceVersion, uid }))).body).toMatchObject({ spec: { replicas: 3 } });
  });

  it('dry-runs to the same answer, and stores nothing', async () => {
    const dry = await apply('dry', some('dry'), 'fieldManager=me&dryRun=All');
    expect(dry.status).toBe(201);
    expect(dry.body.metadata).not.toHaveProperty('resourceVersion');
    expect((await get('dry')).code).toBe(404);
    await apply('dry', some('dry'));
    const change = await apply('dry', some('dry', { replicas: 5 }), 'fieldManager=me&dryRun=All');
    expect(change.body).toMatchObject({ spec: { replicas: 5 } });
    expect(recordAt(await get('dry'), 'spec')?.replicas).toBe(1);
  });

  it('is a write like others afterwards: an update takes the field from the applier', async () => {
    await apply('taken', some('taken', { replicas: 2 }));
    const { body } = await cluster
      .as('user')
      .send('PATCH', `${base}/taken?fieldManager=scaler`, { spec: { replicas: 4 } });
    expect(JSON.stringify(entryOf(body, 'me', 'Apply'))).not.toContain('f:replicas');
    expect(JSON.stringify(entryOf(body, 'scaler', 'Update'))).toContain('f:replicas');
  });

  it.each([
    ['no field manager', some('wrong'), '', 422, 'fieldManager: Required value: is required for apply patch'],
    ['another kind', { ...some('wrong'), kind: 'Pod' }, 'fieldManager=me', 400, 'invalid object type'],
    ['another name', some('other'), 'fieldManager=me', 400, 'does not match the name on the URL'],
    [
      'managedFields',
      { ...some('wrong'), metadata: { name: 'wrong', managedFields: [] } },
      'fieldManager=me',
      400,
      'metadata.managedFields must be nil',
    ],
    ['an unknown field', some('wrong', { replica: 1 }), 'fieldManager=me', 500, '.spec.replica: field not declared'],
    ['what is no YAML', 'spec: [', 'fieldManager=me', 400, 'error decoding patch'],
    ['a key twice, strictly', '{"a":1,"a":2}', 'fieldManager=me&fieldValidation=Strict', 400, 'strict'],
    ['an odd force', some('wrong'), 'fieldManager=me&force=maybe', 400, 'force'],
    ['an invalid object', some('wrong', { replicas: -1 }), 'fieldManager=me', 422, 'spec.replicas'],
  ])('refuses %s', async (_what, body, query, status, message) => {
    const reply = await apply('wrong', body, query);
    expect([reply.status, reply.body.message]).toEqual([status, expect.stringContaining(message)]);
    expect((await get('wrong')).code).toBe(404);
  });

  it('asks for the right to create where it creates, and only reads by alias bombs up to a bound', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
    expect((await apply('bomb', bomb)).status).toBe(400);
    const reply = await cluster.as('reader').send('PATCH', `${base}/mine?fieldManager=me`, some('mine'), media);
    expect(reply.status).toBe(403);
  });

  it('lets kubectl, and nobody else, take over what kubectl applied from the client and nobody changed since', async () => {
    const key = 'kubectl.kubernetes.io/last-applied-configuration';
    const first = some('client', { replicas: 1, minReadySeconds: 1 });
    const recorded = { name: 'client', annotations: { [key]: JSON.stringify(first) } };
    await cluster
      .as('user')
      .send('POST', `${base}?fieldManager=kubectl-client-side-apply`, { ...first, metadata: recorded });
    const wanted = some('client', { replicas: 2, minReadySeconds: 1 });
    expect((await apply('client', wanted, 'fieldManager=other')).status).toBe(409);
    const taken = await apply('client', wanted, 'fieldManager=kubectl');
    expect(taken.body).toMatchObject({ spec: { replicas: 2 } });
    expect(stringAt(taken.body, 'metadata', 'annotations', key)).toContain('"replicas":2');
    await cluster.as('user').send('PATCH', `${base}/client?fieldManager=scaler`, { spec: { replicas: 7 } });
    const late = await apply('client', some('client', { replicas: 3 }), 'fieldManager=kubectl');
    expect(late.body.message).toContain('conflict with "scaler" using apps/v1: .spec.replicas');
  });

  it('works on other kinds and on status', async () => {
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data: { a: '1' } };
    const path = '/api/v1/namespaces/shop/configmaps/applied?fieldManager=';
    const send = (manager: string, data: JsonRecord) =>
      cluster.as('user').send('PATCH', `${path}${manager}`, { ...map, data }, media);
    expect((await send('a', { a: '1' })).status).toBe(201);
    expect((await send('b', { b: '2' })).body.data).toEqual({ a: '1', b: '2' });
    expect((await send('b', { a: '2' })).status).toBe(409);
    await apply('with-status', some('with-status'));
    const status = { apiVersion: 'apps/v1', kind: 'Deployment', status: { collisionCount: 7 } };
    const reply = await cluster.as('user').send('PATCH', `${base}/with-status/status?fieldManager=s`, status, media);
    expect(reply.body).toMatchObject({ status: { collisionCount: 7 } });
    expect(entryOf(reply.body, 's', 'Apply')).toMatchObject({ subresource: 'status' });
  });
});
