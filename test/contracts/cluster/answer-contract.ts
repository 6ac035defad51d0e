/** The shapes that reads and refusals come in: what the adapter takes apart. */
import { describe, expect, it } from 'vitest';
import type { Answered, UnderTest } from './cluster-under-test.ts';
import { configMaps, deploymentPath, newName, workbench } from './some-deployment.ts';

export function answerContract(cluster: UnderTest): void {
  const { create } = workbench(cluster);
  const { createConfigMap, configMapPath } = configMaps(cluster);
  const deployment = (spec: object): object => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: newName() },
    spec,
  });
  const post = (body: unknown, query: Record<string, string> = {}) =>
    cluster().call('user', { method: 'POST', path: '/apis/apps/v1/namespaces/shop/deployments', body, query });

  describe('a refusal', () => {
    it('says NotFound with name, group and plural', async () => {
      expect(await cluster().call('reader', { path: deploymentPath('nobody') })).toMatchObject({
        status: 404,
        body: {
          kind: 'Status',
          apiVersion: 'v1',
          status: 'Failure',
          reason: 'NotFound',
          code: 404,
          message: 'deployments.apps "nobody" not found',
          details: { name: 'nobody', group: 'apps', kind: 'deployments' },
        },
      });
    });

    it('says AlreadyExists where the name is taken, with 409 as a conflict has', async () => {
      const { metadata } = await createConfigMap();
      const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: metadata.name } };
      const path = '/api/v1/namespaces/shop/configmaps';
      expect(await cluster().call('user', { method: 'POST', path, body })).toMatchObject({
        status: 409,
        body: { reason: 'AlreadyExists', details: { name: metadata.name, kind: 'configmaps' } },
      });
    });

    it('says Forbidden, and who wanted what where', async () => {
      const { status, body } = await cluster().call('executor', {
        path: '/apis/apps/v1/namespaces/kube-system/deployments/x',
      });
      expect(status).toBe(403);
      expect(body).toMatchObject({ reason: 'Forbidden', details: { name: 'x', group: 'apps', kind: 'deployments' } });
      expect(body.message).toBe(
        'deployments.apps "x" is forbidden: User "system:serviceaccount:countersign-system:countersign-executor" cannot get resource "deployments" in API group "apps" in the namespace "kube-system"',
      );
    });

    it('says Invalid, with a cause and its field for each fault', async () => {
      const { metadata } = await create();
      const { status, body } = await cluster().call('user', {
        method: 'PATCH',
        path: deploymentPath(metadata.name),
        body: { spec: { replicas: -1 } },
      });
      expect(status).toBe(422);
      expect(body).toMatchObject({
        reason: 'Invalid',
        details: { name: metadata.name, group: 'apps', kind: 'Deployment' },
      });
      expect(body.details.causes).toContainEqual(
        expect.objectContaining({ reason: 'FieldValueInvalid', field: 'spec.replicas' }),
      );
    });

    it('says Invalid where the selector of a Deployment is changed', async () => {
      const { metadata } = await create();
      const body = {
        spec: { selector: { matchLabels: { app: 'other' } }, template: { metadata: { labels: { app: 'other' } } } },
      };
      const answer = await cluster().call('user', { method: 'PATCH', path: deploymentPath(metadata.name), body });
      expect(answer).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
      expect(answer.body.details.causes[0].field).toBe('spec.selector');
    });

    it('says Invalid to a patch with a field that it does not know, where validation is strict', async () => {
      const { metadata } = await create();
      const answer = await cluster().call('user', {
        method: 'PATCH',
        path: deploymentPath(metadata.name),
        query: { fieldValidation: 'Strict' },
        body: { spec: { replica: 1 } },
      });
      expect(answer).toMatchObject({ status: 422, body: { reason: 'Invalid' } });
      expect(answer.body.message).toContain('unknown field "spec.replica"');
      expect(answer.body.details.causes[0].field).toBe('patch');
    });

    it('says BadRequest to a create and a PUT with such a field, and 500 to an apply: before anything is written', async () => {
      const before = await create();
      const { name } = before.metadata;
      const spec = { ...before.spec, replica: 1 };
      const query = { fieldValidation: 'Strict' };
      expect(await post(deployment(spec), query)).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
      const put = { method: 'PUT', path: deploymentPath(name), query, body: { ...before, spec } } as const;
      expect(await cluster().call('user', put)).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
      const applied = await cluster().call('user', {
        method: 'PATCH',
        path: deploymentPath(name),
        query: { ...query, fieldManager: 'contract-apply' },
        body: { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replica: 1 } },
        contentType: 'application/apply-patch+yaml',
      });
      expect(applied.status).toBe(500);
      expect(applied.body.message).toMatch(
        /^failed to create typed patch object .*\.spec\.replica: field not declared in schema$/,
      );
      expect((await cluster().call('user', { path: deploymentPath(name) })).body.spec).toEqual(before.spec);
    });

    it('says Unauthorized to a token that is none', async () => {
      expect(
        await cluster().call('reader', {
          path: '/api/v1/namespaces/shop/pods',
          headers: { authorization: 'Bearer none' },
        }),
      ).toMatchObject({ status: 401, body: { kind: 'Status', reason: 'Unauthorized' } });
    });

    it('says UnsupportedMediaType to a patch of an unknown kind', async () => {
      const { metadata } = await createConfigMap();
      expect(
        await cluster().call('user', {
          method: 'PATCH',
          path: configMapPath(metadata.name),
          body: {},
          contentType: 'application/json',
        }),
      ).toMatchObject({ status: 415, body: { reason: 'UnsupportedMediaType' } });
    });

    it('says MethodNotAllowed to a verb that a resource has not', async () => {
      expect(
        (await cluster().call('user', { method: 'POST', path: '/api/v1/namespaces/shop/pods/x/log', body: {} })).status,
      ).toBe(405);
    });
  });

  it('defaults what a create leaves out, and says it in the answer', async () => {
    const labels = { app: newName() };
    const answer = await post(
      deployment({
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.27-alpine' }] } },
      }),
      { dryRun: 'All' },
    );
    expect(answer.status).toBe(201);
    expect(answer.body.spec).toMatchObject({
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
        },
      },
    });
    expect(answer.body.spec.template.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
    });
  });

  describe('a Table', () => {
    it('has columns and rows, and of each object its metadata alone', async () => {
      const { metadata } = await create();
      const { status, body } = await cluster().call('reader', {
        path: '/apis/apps/v1/namespaces/shop/deployments',
        query: { labelSelector: `app=${metadata.name}` },
        headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
      });
      expect([status, body.kind, body.apiVersion]).toEqual([200, 'Table', 'meta.k8s.io/v1']);
      const columns = body.columnDefinitions.map(({ name }: Answered) => name);
      expect(columns.slice(0, 5)).toEqual(['Name', 'Ready', 'Up-to-date', 'Available', 'Age']);
      expect(body.rows).toHaveLength(1);
      expect(body.rows[0].cells.slice(0, 4)).toEqual([metadata.name, '0/0', 0, 0]);
      expect(body.rows[0].object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: metadata.name } });
    });
  });

  describe('a list', () => {
    it('says its kind and version, its items do not', async () => {
      await createConfigMap();
      const { body } = await cluster().call('reader', { path: '/api/v1/namespaces/shop/configmaps' });
      expect(body).toMatchObject({
        kind: 'ConfigMapList',
        apiVersion: 'v1',
        metadata: { resourceVersion: expect.any(String) },
      });
      expect(body.items[0].kind).toBeUndefined();
    });

    it('is sorted by name within a namespace, whatever was created first', async () => {
      for (let at = 0; at < 3; at += 1) await createConfigMap();
      const { body } = await cluster().call('reader', { path: '/api/v1/namespaces/shop/configmaps' });
      const names = body.items.map(({ metadata }: Answered) => metadata.name);
      expect(names).toEqual([...names].sort());
    });

    it('by a field that the kind does not select on is refused with 400', async () => {
      const query = { fieldSelector: 'spec.replicas=0' };
      expect(
        await cluster().call('reader', { path: '/apis/apps/v1/namespaces/shop/deployments', query }),
      ).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
    });
  });

  describe('discovery', () => {
    const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

    it('comes in two documents that name each resource with its verbs and scope', async () => {
      const resources: string[] = [];
      for (const path of ['/api', '/apis']) {
        const { status, body } = await cluster().call('reader', { path, headers: { accept: aggregated } });
        expect([status, body.kind, body.apiVersion]).toEqual([200, 'APIGroupDiscoveryList', 'apidiscovery.k8s.io/v2']);
        for (const group of body.items)
          for (const version of group.versions)
            for (const { resource, scope, verbs, responseKind } of version.resources) {
              expect(verbs.length).toBeGreaterThan(0);
              resources.push(
                [group.metadata.name ?? '', version.version, resource, scope, responseKind.kind].join(' '),
              );
            }
      }
      expect(resources).toEqual(
        expect.arrayContaining([
          ' v1 pods Namespaced Pod',
          ' v1 namespaces Cluster Namespace',
          'apps v1 deployments Namespaced Deployment',
          'admissionregistration.k8s.io v1 validatingadmissionpolicies Cluster ValidatingAdmissionPolicy',
        ]),
      );
    });

    it('still answers the older documents, group by group', async () => {
      const { body } = await cluster().call('reader', { path: '/apis/apps/v1' });
      expect(body).toMatchObject({ kind: 'APIResourceList', groupVersion: 'apps/v1' });
      expect(body.resources).toContainEqual(
        expect.objectContaining({ name: 'deployments', kind: 'Deployment', namespaced: true }),
      );
      expect(body.resources.map(({ name }: Answered) => name)).toEqual(
        expect.arrayContaining(['deployments/scale', 'deployments/status']),
      );
    });
  });

  describe('what somebody may do', () => {
    it.each([
      ['reader', { verb: 'list', resource: 'pods', namespace: 'shop' }, true],
      ['reader', { verb: 'get', resource: 'secrets', namespace: 'shop' }, false],
      ['proposer', { verb: 'patch', group: 'apps', resource: 'deployments', namespace: 'shop' }, true],
      [
        'proposer',
        { verb: 'patch', group: 'apps', resource: 'deployments', subresource: 'scale', namespace: 'shop' },
        false,
      ],
      ['executor', { verb: 'delete', resource: 'namespaces' }, false],
    ] as const)('is told the %s, before it tries: %j -> %s', async (identity, resourceAttributes, allowed) => {
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const answer = await cluster().call(identity, { method: 'POST', path, body });
      expect([answer.status, answer.body.status.allowed]).toEqual([201, allowed]);
    });
  });
}
