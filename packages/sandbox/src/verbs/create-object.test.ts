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

async function create(name: string) {
  const reply = await send('POST', base, testDeployment(name));
  expect(reply.status).toBe(201);
  return reply.body;
}

describe('a create', () => {
  it('fills the defaults that the real API fills', async () => {
    expect(await create('defaults')).toMatchObject({
      metadata: {
        namespace: 'shop',
        generation: 1,
        uid: expect.any(String),
        creationTimestamp: expect.stringMatching(/^\d{4}-.*Z$/),
      },
      spec: {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
        template: {
          spec: {
            restartPolicy: 'Always',
            dnsPolicy: 'ClusterFirst',
            schedulerName: 'default-scheduler',
            terminationGracePeriodSeconds: 30,
            securityContext: {},
            containers: [
              {
                imagePullPolicy: 'IfNotPresent',
                resources: {},
                terminationMessagePath: '/dev/termination-log',
                terminationMessagePolicy: 'File',
              },
            ],
          },
        },
      },
      status: {},
    });
  });

  it('gives a Service an address of its own, a type and the target of its ports', async () => {
    const service = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { ports: [{ port: 80 }] },
    });
    const one = (await send('POST', '/api/v1/namespaces/shop/services', service('one'))).body;
    const two = (await send('POST', '/api/v1/namespaces/shop/services', service('two'))).body;
    expect(one.spec).toMatchObject({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
    });
    expect(stringAt(one, 'spec', 'clusterIP')).toMatch(/^10\.96\./);
    expect(stringAt(one, 'spec', 'clusterIP')).not.toBe(stringAt(two, 'spec', 'clusterIP'));
    const { clusterIP: _kept, clusterIPs: _too, ...spec } = recordAt(one, 'spec') ?? {};
    const put = await send('PUT', '/api/v1/namespaces/shop/services/one', { ...one, spec });
    expect(stringAt(put.body, 'spec', 'clusterIP')).toBe(stringAt(one, 'spec', 'clusterIP'));
  });

  it('refuses a second object of the name, a namespace that is not there and a resourceVersion', async () => {
    await create('twice');
    expect((await send('POST', base, testDeployment('twice'))).body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
    });
    const elsewhere = await send('POST', '/apis/apps/v1/namespaces/nowhere/deployments', testDeployment('x'));
    expect(elsewhere.body).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
    const versioned = { ...testDeployment('y'), metadata: { name: 'y', resourceVersion: '1' } };
    expect((await send('POST', base, versioned)).status).toBe(400);
  });

  it('says field by field what is wrong', async () => {
    const reply = await send('POST', base, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'Wrong_Name' },
      spec: {
        replicas: -1,
        selector: { matchLabels: { app: 'a' } },
        template: {
          metadata: { labels: { app: 'b' } },
          spec: { containers: [{ name: 'c' }, { name: 'c', image: 'x:1' }] },
        },
      },
    });
    expect(reply.status).toBe(422);
    const details = reply.body.details as { causes: { field: string; reason: string }[] };
    expect(details.causes.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
      'metadata.name FieldValueInvalid',
      'spec.replicas FieldValueInvalid',
      'spec.template.metadata.labels FieldValueInvalid',
      'spec.template.spec.containers[0].image FieldValueRequired',
      'spec.template.spec.containers[1].name FieldValueDuplicate',
    ]);
  });

  it('refuses a Deployment without a selector and a field of the wrong type', async () => {
    const { selector: _gone, ...spec } = testDeployment('no-selector').spec;
    expect((await send('POST', base, { ...testDeployment('no-selector'), spec })).body.message).toContain(
      'spec.selector: Required value',
    );
    const wrong = { ...testDeployment('typed'), spec: { ...testDeployment('typed').spec, replicas: 'three' } };
    expect((await send('POST', base, wrong)).body).toMatchObject({ code: 400, reason: 'BadRequest' });
  });

  it('drops a status that the creator claims, and null members', async () => {
    const claimed = {
      ...testDeployment('claims'),
      status: { readyReplicas: 9 },
      metadata: { name: 'claims', creationTimestamp: null },
    };
    const reply = await send('POST', base, claimed);
    expect(reply.body.status).not.toHaveProperty('readyReplicas');
    expect(stringAt(reply.body, 'metadata', 'creationTimestamp')).toMatch(/Z$/);
  });
});
