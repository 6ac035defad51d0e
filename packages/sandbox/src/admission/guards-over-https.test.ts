import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt, recordAt, stringAt } from '../json/record.ts';
import { testConfigMap, testDeployment } from '../testing/manifests.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

let cluster: TestSandbox;
beforeAll(async () => {
  cluster = await startTestSandbox();
});
afterAll(() => cluster.dispose());

const base = '/apis/apps/v1/namespaces/shop/deployments';
const maps = '/api/v1/namespaces/shop/configmaps';
const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const bindings = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
const mark = (step: number, plan = 'A') => `pln_${plan.repeat(22)}/${step}/sha256:${'0123456789abcdef'.repeat(4)}`;
const marked = (value: string, change: Record<string, unknown> = {}) => ({
  metadata: { annotations: { 'countersign.dev/plan': value } },
  ...change,
});
const manager = 'fieldManager=countersign';
const as = (identity: 'user' | 'proposer' | 'executor') => cluster.as(identity);

async function create(name: string) {
  expect((await as('user').send('POST', base, testDeployment(name))).status).toBe(201);
  await cluster.sandbox.settled();
}

describe('the proposer', () => {
  it('dry-runs patches, updates, creates and deletes, with the executor’s very body', async () => {
    await create('proposed');
    const patch = await as('proposer').send(
      'PATCH',
      `${base}/proposed?dryRun=All&${manager}`,
      marked(mark(1), { spec: { replicas: 3 } }),
    );
    expect(patch.body).toMatchObject({
      spec: { replicas: 3 },
      metadata: { annotations: { 'countersign.dev/plan': mark(1) } },
    });
    expect((await as('proposer').send('POST', `${base}?dryRun=All`, testDeployment('other'))).status).toBe(201);
    expect(
      (await as('proposer').send('DELETE', `${base}/proposed`, { kind: 'DeleteOptions', dryRun: ['All'] })).status,
    ).toBe(200);
    const live = (await as('user').send('GET', `${base}/proposed`)).body;
    expect(recordAt(live, 'spec')?.replicas).toBe(1);
  });

  it('writes nothing for real, however the request is made', async () => {
    const spec = { spec: { replicas: 3 } };
    const attempts = [
      as('proposer').send('PATCH', `${base}/proposed`, spec),
      as('proposer').send('PATCH', `${base}/proposed?${manager}`, marked(mark(1), spec)),
      as('proposer').send('PATCH', `${base}/proposed`, spec, { 'content-type': 'application/merge-patch+json' }),
      as('proposer').send('POST', base, testDeployment('sneaked')),
      as('proposer').send('POST', maps, testConfigMap('sneaked')),
      as('proposer').send('DELETE', `${base}/proposed`),
    ];
    for (const reply of await Promise.all(attempts)) {
      expect(reply.body).toMatchObject({
        code: 403,
        reason: 'Forbidden',
        message: expect.stringContaining(
          "'countersign-proposer-dry-run-only' denied request: the proposer may only dry-run",
        ),
      });
    }
  });
});

describe('the executor', () => {
  it('writes what carries a fresh mark under its field manager, once per step', async () => {
    await create('executed');
    const write = (value: string, replicas: number) =>
      as('executor').send('PATCH', `${base}/executed?${manager}`, marked(value, { spec: { replicas } }));
    expect((await write(mark(1), 2)).body).toMatchObject({ spec: { replicas: 2 } });
    const again = await write(mark(1), 3);
    expect(again.body).toMatchObject({
      code: 403,
      message: expect.stringContaining('must set exactly one of the annotations'),
    });
    expect((await write(mark(2), 1)).status).toBe(200);
    expect(
      (await as('executor').send('PATCH', `${base}/executed?${manager}&dryRun=All`, marked(mark(2), {}))).status,
    ).toBe(403);
  });

  it.each([
    ['no mark', `?${manager}`, { spec: { replicas: 3 } }, 'exactly one of the annotations'],
    ['a malformed mark', `?${manager}`, marked('pln_x/1/sha256:abc'), 'mark must read'],
    ['another field manager', '?fieldManager=kubectl', marked(mark(7)), 'field manager must be countersign'],
    ['no field manager', '', marked(mark(7)), 'field manager must be countersign'],
    ['no mark in a dry run', `?${manager}&dryRun=All`, { spec: { replicas: 3 } }, 'exactly one of the annotations'],
  ])('is refused with %s', async (_title, query, body, reason) => {
    const reply = await as('executor').send('PATCH', `${base}/cache${query}`, body);
    expect(reply.body).toMatchObject({ code: 403, message: expect.stringContaining(reason) });
  });

  const apply = { 'content-type': 'application/apply-patch+yaml' };
  const applied = (key: string, value: string, spec: object) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { annotations: { [`countersign.dev/${key}`]: value } },
    spec,
  });

  it.each(['plan', 'applied'])('is refused an apply with force under the mark %s', async (key) => {
    const body = applied(key, mark(7, 'F'), { replicas: 3 });
    const reply = await as('executor').send('PATCH', `${base}/executed?${manager}&force=true`, body, apply);
    expect(reply.body).toMatchObject({ code: 403, message: expect.stringContaining('server-side apply must') });
  });

  it('applies without force under its own mark, beside the mark of a patch', async () => {
    const body = applied('applied', mark(8, 'F'), { minReadySeconds: 1 });
    const reply = await as('executor').send('PATCH', `${base}/executed?${manager}`, body, apply);
    expect(reply.body).toMatchObject({
      spec: { minReadySeconds: 1 },
      metadata: { annotations: expect.objectContaining({ 'countersign.dev/plan': mark(2) }) },
    });
  });

  it('creates only what carries the mark of a create', async () => {
    const create = (annotations: object, name = 'made') =>
      as('executor').send('POST', `${maps}?${manager}`, { ...testConfigMap(name), metadata: { name, annotations } });
    expect((await create({})).body.message).toContain('exactly one of the annotations');
    expect((await create({ 'countersign.dev/plan': mark(1) })).body.message).toContain('when it creates an object');
    expect((await create({ 'countersign.dev/created': mark(1) })).status).toBe(201);
  });

  it('deletes only with uid and resourceVersion preconditions', async () => {
    await as('user').send('POST', maps, testConfigMap('doomed'));
    const doomed = (await as('user').send('GET', `${maps}/doomed`)).body;
    const uid = stringAt(doomed, 'metadata', 'uid');
    const resourceVersion = stringAt(doomed, 'metadata', 'resourceVersion');
    const remove = (preconditions?: unknown) =>
      as('executor').send('DELETE', `${maps}/doomed`, {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        ...(preconditions === undefined ? {} : { preconditions }),
      });
    for (const incomplete of [undefined, { uid }, { resourceVersion }]) {
      expect((await remove(incomplete)).body).toMatchObject({
        code: 403,
        message: expect.stringContaining('preconditions'),
      });
    }
    expect((await remove({ uid, resourceVersion: '1' })).status).toBe(409);
    expect((await remove({ uid, resourceVersion })).status).toBe(200);
  });
});

describe('everybody else', () => {
  it('writes as if the policies were not there: a rollout after the executor’s write, and rollout undo', async () => {
    await create('rolled');
    const image = { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:1.28-alpine' }] } } } };
    expect((await as('executor').send('PATCH', `${base}/rolled?${manager}`, marked(mark(1, 'B'), image))).status).toBe(
      200,
    );
    await cluster.sandbox.settled();
    const rolled = (await as('user').send('GET', `${base}/rolled`)).body;
    expect(rolled).toMatchObject({
      status: {
        updatedReplicas: 1,
        availableReplicas: 1,
        observedGeneration: recordAt(rolled, 'metadata')?.generation,
      },
    });
    // The Deployment controller copies our annotation to its ReplicaSet; that write is not ours, and no policy may stop it.
    const sets = (await as('user').send('GET', '/apis/apps/v1/namespaces/shop/replicasets?labelSelector=app%3Drolled'))
      .body;
    const copied = listAt(sets, 'items').map((set) => stringAt(set, 'metadata', 'annotations', 'countersign.dev/plan'));
    expect(copied).toContain(mark(1, 'B'));
    const back = [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'nginx:1.27-alpine' },
      { op: 'replace', path: '/metadata/annotations', value: { note: 'undone' } },
    ];
    const undone = await as('user').send('PATCH', `${base}/rolled`, back, {
      'content-type': 'application/json-patch+json',
    });
    expect(undone.status).toBe(200);
    await cluster.sandbox.settled();
    expect((await as('user').send('GET', `${base}/rolled`)).body).toMatchObject({
      status: { updatedReplicas: 1, availableReplicas: 1 },
    });
  });

  it('can scale, delete and change marked objects without a mark', async () => {
    const scale = await as('user').send(
      'PATCH',
      `${base}/rolled/scale`,
      { spec: { replicas: 2 } },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(scale.status).toBe(200);
    expect((await as('user').send('DELETE', `${base}/rolled`)).status).toBe(200);
  });
});

describe('the policies themselves', () => {
  it('lie in the cluster as objects, equal to the manifests', async () => {
    const list = (await as('executor').send('GET', policies)).body;
    expect(listAt(list, 'items').map((item) => stringAt(item, 'metadata', 'name'))).toEqual([
      'countersign-executor-marked-writes',
      'countersign-proposer-dry-run-only',
    ]);
    const one = (await as('proposer').send('GET', `${bindings}/countersign-proposer-dry-run-only`)).body;
    expect(one.spec).toEqual({ policyName: 'countersign-proposer-dry-run-only', validationActions: ['Deny'] });
  });

  it('are enforced only while policy and binding are there', async () => {
    const binding = (await as('user').send('GET', `${bindings}/countersign-proposer-dry-run-only`)).body;
    const write = () => as('proposer').send('PATCH', `${base}/proposed`, { metadata: { labels: { touched: 'yes' } } });
    expect((await write()).status).toBe(403);
    expect((await as('user').send('DELETE', `${bindings}/countersign-proposer-dry-run-only`)).status).toBe(200);
    expect((await write()).status).toBe(200);
    const again = {
      apiVersion: binding.apiVersion,
      kind: binding.kind,
      metadata: { name: 'countersign-proposer-dry-run-only' },
      spec: binding.spec,
    };
    expect((await as('user').send('POST', bindings, again)).status).toBe(201);
    expect((await write()).status).toBe(403);
  });
});
