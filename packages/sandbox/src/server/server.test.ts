import { request as httpsRequest } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiClient } from '../testing/api-client.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

let cluster: TestSandbox;
beforeAll(async () => {
  cluster = await startTestSandbox();
});
afterAll(() => cluster.dispose());

const user = () => cluster.as('user');
const pods = '/api/v1/namespaces/shop/pods';

describe('the server', () => {
  it('is trusted by its own CA under 127.0.0.1 and localhost, and by no other', async () => {
    const { sandbox } = cluster;
    expect((await user().send('GET', '/version')).status).toBe(200);
    const byName = apiClient(sandbox.url.replace('127.0.0.1', 'localhost'), sandbox.caCertificatePem, undefined);
    expect((await byName.send('GET', '/version')).status).toBe(401);
    await expect(
      new Promise((resolve, reject) => {
        httpsRequest(new URL('/version', sandbox.url), { agent: false }, resolve).once('error', reject).end();
      }),
    ).rejects.toThrow(/self-signed|unable to verify|self signed/);
  });

  it('answers 401 with a Status to no token, a wrong token and basic authentication', async () => {
    const { url, caCertificatePem } = cluster.sandbox;
    for (const headers of [{}, { authorization: 'Bearer wrong' }, { authorization: 'Basic dXNlcjpwYXNz' }]) {
      const reply = await apiClient(url, caCertificatePem, undefined).send('GET', pods, undefined, headers);
      expect(reply.status).toBe(401);
      expect(reply.body).toMatchObject({
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'Unauthorized',
        code: 401,
      });
      expect(reply.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('refuses a foreign Host, also with the right token (DNS rebinding)', async () => {
    const { port } = new URL(cluster.sandbox.url);
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1:1', 'localhost']) {
      expect((await user().send('GET', pods, undefined, { host })).status).toBe(403);
    }
    expect((await user().send('GET', pods, undefined, { host: `localhost:${port}` })).status).toBe(200);
  });

  it('refuses every request with an Origin (a web page)', async () => {
    for (const origin of ['https://evil.example', cluster.sandbox.url, 'null']) {
      expect((await user().send('GET', pods, undefined, { origin })).status).toBe(403);
    }
  });

  it('refuses impersonation to everyone, the user included', async () => {
    for (const header of ['impersonate-user', 'impersonate-group', 'impersonate-uid', 'impersonate-extra-scopes']) {
      const reply = await user().send('GET', pods, undefined, { [header]: 'x' });
      expect(reply.status).toBe(403);
    }
  });

  it.each([
    ['GET', '/api/v1/nothing', 404],
    ['GET', '/apis/apps/v2/deployments', 404],
    ['GET', '/nonsense', 404],
    ['GET', '/api/v1/namespaces/shop/pods/none', 404],
    ['GET', '/api/v1/namespaces/shop/nodes', 404],
    ['GET', '/api/v1/pods/none', 404],
    ['GET', '/api/v1/namespaces/shop/pods/none/exec', 404],
    ['GET', '/api/v1/namespaces/shop/configmaps/none/scale', 404],
    ['GET', '/api/v1/namespaces/%E0%A4%A/pods', 400],
    ['GET', `${pods}?limit=many`, 400],
    ['GET', `${pods}?continue=%00`, 400],
    ['GET', `${pods}?labelSelector=%28`, 400],
    ['GET', `${pods}?fieldSelector=spec.nothing%3D1`, 400],
    ['GET', `${pods}?resourceVersion=abc&watch=true`, 400],
    ['POST', `${pods}/name`, 405],
    ['PUT', pods, 405],
    ['DELETE', pods, 405],
    ['POST', '/version', 404],
    ['POST', '/apis/events.k8s.io/v1/namespaces/shop/events', 405],
  ])('answers %s %s with a Status of code %i', async (method, path, code) => {
    const reply = await user().send(method, path);
    expect(reply.status).toBe(code);
    expect(reply.body).toMatchObject({ kind: 'Status', status: 'Failure', code });
  });

  it('refuses bodies that are no JSON, no object, of another media type or not of the kind, with clear codes', async () => {
    const path = '/api/v1/namespaces/shop/configmaps';
    const send = async (body: unknown, headers = {}) => (await user().send('POST', path, body, headers)).status;
    expect(await send('{')).toBe(400);
    expect(await send('[]')).toBe(400);
    expect(await send('{"__proto__":{"polluted":true}}')).toBe(400);
    expect(await send(Buffer.from([0x22, 0xff, 0x22]))).toBe(400);
    expect(await send('kind: ConfigMap', { 'content-type': 'text/plain' })).toBe(415);
    expect(await send({ kind: 'Secret', apiVersion: 'v1', metadata: { name: 'x' } })).toBe(400);
    expect(await send({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x', namespace: 'payments' } })).toBe(
      400,
    );
    expect(await send({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x', labels: { a: 1 } } })).toBe(400);
    expect(await send({ kind: 'ConfigMap', apiVersion: 'v1', metadata: 'x' })).toBe(400);
  });

  it('refuses a body of more than 3 MiB with 413 and goes on serving', async () => {
    const reply = await user().send('POST', '/api/v1/namespaces/shop/configmaps', 'x'.repeat(4 * 1024 * 1024));
    expect(reply.status).toBe(413);
    expect((await user().send('GET', '/version')).status).toBe(200);
  });

  it('answers 406 where nothing that the client accepts is JSON', async () => {
    const accept = { accept: 'application/vnd.kubernetes.protobuf' };
    expect((await user().send('GET', pods, undefined, accept)).status).toBe(406);
    const both = { accept: 'application/vnd.kubernetes.protobuf,application/json' };
    expect((await user().send('GET', pods, undefined, both)).body.kind).toBe('PodList');
  });
});

describe('discovery', () => {
  it('names the version, the groups and the resources with their verbs and subresources', async () => {
    expect((await user().send('GET', '/version')).body).toMatchObject({
      major: '1',
      gitVersion: expect.stringMatching(/^v1\.\d+\.\d+\+/),
    });
    expect((await user().send('GET', '/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const groups = (await user().send('GET', '/apis')).body.groups as { name: string }[];
    expect(groups.map((group) => group.name)).toContain('admissionregistration.k8s.io');
    const apps = (await user().send('GET', '/apis/apps/v1')).body.resources as {
      name: string;
      verbs: string[];
      kind: string;
    }[];
    expect(apps).toContainEqual(
      expect.objectContaining({ name: 'deployments', kind: 'Deployment', shortNames: ['deploy'], namespaced: true }),
    );
    expect(apps).toContainEqual(
      expect.objectContaining({ name: 'deployments/scale', kind: 'Scale', group: 'autoscaling' }),
    );
    expect((await user().send('GET', '/apis/apps')).body).toMatchObject({ kind: 'APIGroup', name: 'apps' });
  });

  it('answers all groups in one document to a client that asks for it, and the classic one to all others', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const reply = await user().send('GET', '/apis', undefined, { accept });
    expect(reply.headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(reply.body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
    expect((await user().send('GET', '/apis', undefined, { accept: 'application/json' })).body.kind).toBe(
      'APIGroupList',
    );
  });

  it('serves the OpenAPI that kubectl looks into: dryRun and fieldValidation of each kind, in v3 and in the old protobuf', async () => {
    const index = (await user().send('GET', '/openapi/v3')).body.paths as Record<string, { serverRelativeURL: string }>;
    const apps = await user().send('GET', index['apis/apps/v1']?.serverRelativeURL ?? '');
    expect(apps.text).toContain('"fieldValidation"');
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    const old = await user().send('GET', '/openapi/v2', undefined, { accept });
    // Go's parser of media types refuses the @ that its clients send.
    expect(old.headers['content-type']).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
    expect(old.text).toContain('dryRun');
  });
});
