import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordAt } from '../json/record.ts';
import { testConfigMap, testDeployment } from '../testing/manifests.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';
import type { IdentityName } from './identity.ts';

let cluster: TestSandbox;
beforeAll(async () => {
  cluster = await startTestSandbox();
});
afterAll(() => cluster.dispose());

const status = async (identity: IdentityName, method: string, path: string, body?: unknown) =>
  (await cluster.as(identity).send(method, path, body)).status;

const admission = '/apis/admissionregistration.k8s.io/v1';
const deployments = '/apis/apps/v1/namespaces/shop/deployments';

describe('the roles of infra/cluster', () => {
  it.each([
    ['GET', '/api/v1/pods'],
    ['GET', '/api/v1/namespaces'],
    ['GET', '/api/v1/nodes'],
    ['GET', '/api/v1/namespaces/shop/events'],
    ['GET', '/apis/events.k8s.io/v1/namespaces/shop/events'],
    ['GET', '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices'],
    ['GET', deployments],
    ['GET', `${admission}/validatingadmissionpolicies`],
  ])('let the reader %s %s', async (method, path) => {
    expect(await status('reader', method, path)).toBe(200);
  });

  it.each(['reader', 'proposer', 'executor'] as const)('keep Secrets from the %s', async (identity) => {
    expect(await status(identity, 'GET', '/api/v1/namespaces/shop/secrets')).toBe(403);
    expect(await status(identity, 'GET', '/api/v1/namespaces/shop/secrets/shop-credentials')).toBe(403);
    expect(await status(identity, 'GET', '/api/v1/secrets')).toBe(403);
  });

  it('let the reader write nothing, not even in a dry run', async () => {
    expect(await status('reader', 'PATCH', `${deployments}/web?dryRun=All`, { spec: { replicas: 1 } })).toBe(403);
    expect(await status('reader', 'POST', `${deployments}?dryRun=All`, testDeployment('x'))).toBe(403);
    expect(await status('reader', 'DELETE', `${deployments}/web?dryRun=All`)).toBe(403);
    expect(await status('reader', 'PATCH', `${deployments}/web/scale`, { spec: { replicas: 1 } })).toBe(403);
  });

  it.each(['proposer', 'executor'] as const)(
    'let the %s learn which cluster it is and whether the guards stand, and no more of the cluster',
    async (identity) => {
      expect(await status(identity, 'GET', '/api/v1/namespaces/kube-system')).toBe(200);
      expect(await status(identity, 'GET', `${admission}/validatingadmissionpolicies`)).toBe(200);
      expect(
        await status(
          identity,
          'GET',
          `${admission}/validatingadmissionpolicybindings/countersign-executor-marked-writes`,
        ),
      ).toBe(200);
      expect(await status(identity, 'GET', '/api/v1/namespaces')).toBe(403);
      expect(await status(identity, 'GET', '/api/v1/namespaces/shop')).toBe(403);
      expect(await status(identity, 'GET', '/api/v1/pods')).toBe(403);
      expect(
        await status(identity, 'DELETE', `${admission}/validatingadmissionpolicies/countersign-executor-marked-writes`),
      ).toBe(403);
    },
  );

  it.each(['proposer', 'executor'] as const)(
    'keep the %s out of namespaces that were not handed over, and out of subresources',
    async (identity) => {
      expect(await status(identity, 'GET', `${deployments}/web`)).toBe(200);
      expect(await status(identity, 'GET', '/apis/apps/v1/namespaces/payments/deployments/ledger')).toBe(403);
      expect(
        await status(identity, 'PATCH', '/apis/apps/v1/namespaces/payments/deployments/ledger?dryRun=All', {}),
      ).toBe(403);
      expect(
        await status(identity, 'POST', '/api/v1/namespaces/kube-system/configmaps?dryRun=All', testConfigMap('x')),
      ).toBe(403);
      expect(await status(identity, 'PATCH', `${deployments}/web/scale?dryRun=All`, { spec: { replicas: 1 } })).toBe(
        403,
      );
      expect(await status(identity, 'PATCH', `${deployments}/web/status?dryRun=All`, { status: {} })).toBe(403);
      expect(await status(identity, 'DELETE', deployments)).toBe(403);
    },
  );

  it('name the user, the verb and the resource in the refusal', async () => {
    const reply = await cluster.as('executor').send('GET', '/apis/apps/v1/namespaces/payments/deployments/ledger');
    expect(reply.body).toMatchObject({
      reason: 'Forbidden',
      message:
        'deployments.apps "ledger" is forbidden: User "system:serviceaccount:countersign-system:countersign-executor" cannot get resource "deployments" in API group "apps" in the namespace "payments"',
      details: { name: 'ledger', group: 'apps', kind: 'deployments' },
    });
  });

  it('are what decides: without its binding the reader may nothing', async () => {
    const binding = '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/countersign-reader';
    const kept = (await cluster.as('user').send('GET', binding)).body;
    await cluster.as('user').send('DELETE', binding);
    expect(await status('reader', 'GET', '/api/v1/pods')).toBe(403);
    const { roleRef, subjects } = kept;
    const again = {
      apiVersion: kept.apiVersion,
      kind: kept.kind,
      metadata: { name: 'countersign-reader' },
      roleRef,
      subjects,
    };
    await cluster.as('user').send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', again);
    expect(await status('reader', 'GET', '/api/v1/pods')).toBe(200);
  });
});

describe('a SelfSubjectAccessReview', () => {
  it('is answered by the authoriser that decides on requests, for the proposer too', async () => {
    const ask = async (identity: IdentityName, resourceAttributes: Record<string, string>) => {
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      };
      const reply = await cluster
        .as(identity)
        .send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body);
      expect(reply.status).toBe(201);
      return recordAt(reply.body, 'status')?.allowed;
    };
    const patch = { verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'shop', name: 'web' };
    expect(await ask('proposer', patch)).toBe(true);
    expect(await ask('executor', { ...patch, namespace: 'payments' })).toBe(false);
    expect(await ask('executor', { ...patch, subresource: 'scale' })).toBe(false);
    expect(await ask('reader', { verb: 'get', group: '', resource: 'secrets', namespace: 'shop' })).toBe(false);
    expect(await ask('user', { verb: '*', group: '*', resource: '*' })).toBe(true);
  });
});
