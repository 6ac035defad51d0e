/** Custom resources: what reading and changing kinds that nobody knew at build time rests on. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, Answered, Call, UnderTest } from './cluster-under-test.ts';
import { newName } from './some-deployment.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const GROUP = 'contract.countersign.dev';
const WIDGETS = `/apis/${GROUP}/v1/namespaces/shop/widgets`;

const part = { type: 'object', required: ['name'], properties: { name: { type: 'string' }, size: { type: 'string' } } };
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${GROUP}` },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['ctw'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer' },
                  tags: { type: 'array', items: { type: 'string' } },
                  parts: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: part,
                  },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
      },
    ],
  },
};
const widget = (name: string, spec: object = { size: 1 }): Answered => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Widget',
  metadata: { name },
  spec,
});

export function customResourceContract(cluster: UnderTest): void {
  const send = (method: NonNullable<Call['method']>, path: string, body?: unknown, more: Partial<Call> = {}) =>
    cluster().call('user', { method, path, ...(body === undefined ? {} : { body }), ...more });
  const merge = (name: string, body: unknown): Promise<Answer> =>
    send('PATCH', `${WIDGETS}/${name}`, body, { contentType: 'application/merge-patch+json' });
  const apply = (name: string, spec: object, manager: string): Promise<Answer> =>
    send('PATCH', `${WIDGETS}/${name}`, widget(name, spec), {
      contentType: 'application/apply-patch+yaml',
      query: { fieldManager: manager },
    });
  /** Until it is so: a definition takes its time. */
  const eventually = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (let looks = 0; looks < 2_000; looks += 1) if (await isSo()) return;
    throw new Error('it never came to be');
  };

  describe('a custom resource', () => {
    beforeAll(async () => {
      expect((await send('POST', DEFINITIONS, definition)).status).toBe(201);
      await eventually(async () => (await send('GET', WIDGETS)).status === 200);
    });
    afterAll(async () => {
      await send('DELETE', `${DEFINITIONS}/widgets.${GROUP}`);
      await eventually(async () => (await send('GET', `${DEFINITIONS}/widgets.${GROUP}`)).status === 404);
    });

    it('is found by discovery, with what can be done to it', async () => {
      await eventually(async () => (await send('GET', `/apis/${GROUP}/v1`)).status === 200);
      const { body } = await send('GET', `/apis/${GROUP}/v1`);
      const [first, second] = body.resources;
      expect(first).toMatchObject({ name: 'widgets', singularName: 'widget', kind: 'Widget', namespaced: true });
      expect(first.verbs).toEqual(
        expect.arrayContaining(['create', 'delete', 'get', 'list', 'patch', 'update', 'watch']),
      );
      expect(second).toMatchObject({ name: 'widgets/status', verbs: ['get', 'patch', 'update'] });
    });

    it('loses fields that its definition does not know, or refuses them when asked to be strict', async () => {
      const name = newName();
      const odd = widget(name, { size: 1, odd: true });
      expect((await send('POST', WIDGETS, odd, { query: { fieldValidation: 'Strict' } })).body.message).toContain(
        'unknown field "spec.odd"',
      );
      expect((await send('POST', WIDGETS, odd)).body.spec).toEqual({ size: 1 });
    });

    it('moves its generation with its spec, not with its status, which only /status reaches', async () => {
      const name = newName();
      await send('POST', WIDGETS, widget(name));
      const changed = await merge(name, { spec: { size: 2 }, status: { x: 1 } });
      expect([changed.body.metadata.generation, changed.body.status]).toEqual([2, undefined]);
      const reported = await merge(`${name}/status`, { spec: { size: 9 }, status: { x: 1 } });
      expect(reported.body).toMatchObject({ metadata: { generation: 2 }, spec: { size: 2 }, status: { x: 1 } });
    });

    it('takes no strategic merge patch; a merge patch replaces its lists, a JSON patch reaches into them', async () => {
      const name = newName();
      await send('POST', WIDGETS, widget(name, { parts: [{ name: 'a' }, { name: 'b' }] }));
      expect((await send('PATCH', `${WIDGETS}/${name}`, { spec: { size: 2 } })).status).toBe(415);
      const json = [{ op: 'add', path: '/spec/parts/1/size', value: 'l' }];
      const reached = await send('PATCH', `${WIDGETS}/${name}`, json, { contentType: 'application/json-patch+json' });
      expect(reached.body.spec.parts).toEqual([{ name: 'a' }, { name: 'b', size: 'l' }]);
      expect((await merge(name, { spec: { parts: [{ name: 'c' }] } })).body.spec.parts).toEqual([{ name: 'c' }]);
    });

    it('is applied like any other: keyed lists merge, atomic ones conflict', async () => {
      const name = newName();
      expect((await apply(name, { tags: ['x'], parts: [{ name: 'a' }] }, 'first')).status).toBe(201);
      expect((await apply(name, { parts: [{ name: 'b' }] }, 'second')).body.spec.parts).toEqual([
        { name: 'a' },
        { name: 'b' },
      ]);
      expect((await apply(name, { tags: ['y'] }, 'second')).body).toMatchObject({
        reason: 'Conflict',
        details: { causes: [{ message: 'conflict with "first"', field: '.spec.tags' }] },
      });
    });

    it('is not replaced without a resourceVersion', async () => {
      const name = newName();
      await send('POST', WIDGETS, widget(name));
      expect((await send('PUT', `${WIDGETS}/${name}`, widget(name, { size: 2 }))).status).toBe(422);
    });
  });
}
