import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JsonRecord, listAt } from '../json/record.ts';
import { widgetDefinition } from '../testing/definitions.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

let cluster: TestSandbox;
beforeAll(async () => {
  cluster = await startTestSandbox({ images: [] });
  await send('POST', definitions, widgetDefinition());
});
afterAll(() => cluster.dispose());

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const widgets = '/apis/example.com/v1/namespaces/shop/widgets';
const merge = { 'content-type': 'application/merge-patch+json' };
const applying = { 'content-type': 'application/apply-patch+yaml' };
const send = (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  cluster.as('user').send(method, path, body, headers);
const widget = (name: string, spec: JsonRecord = { size: 1 }, metadata: JsonRecord = {}) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name, ...metadata },
  spec,
});

describe('a CustomResourceDefinition', () => {
  it('is established, and served in both forms of discovery and in OpenAPI', async () => {
    const { body } = await send('GET', `${definitions}/widgets.example.com`);
    expect(body).toMatchObject({
      metadata: { finalizers: ['customresourcecleanup.apiextensions.k8s.io'] },
      spec: { names: { singular: 'widget', listKind: 'WidgetList' } },
      status: { acceptedNames: { kind: 'Widget' }, storedVersions: ['v1'] },
    });
    expect(listAt(body, 'status', 'conditions')).toMatchObject([{ type: 'NamesAccepted' }, { type: 'Established' }]);
    expect((await send('GET', '/apis/example.com/v1')).body.resources).toMatchObject([
      { name: 'widgets', kind: 'Widget', namespaced: true, shortNames: ['wd'] },
      { name: 'widgets/status' },
    ]);
    const accept = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' };
    expect((await send('GET', '/apis', undefined, accept)).text).toContain('"resource":"widgets"');
    expect((await send('GET', '/openapi/v3/apis/example.com/v1')).text).toContain('com.example.v1.Widget');
  });

  it.each([
    ['a name that is not its own', { metadata: { name: 'x.example.com' } }, 'must be spec.names.plural'],
    [
      'no stored version',
      { spec: { ...(widgetDefinition('a.b').spec as JsonRecord), versions: [] } },
      'storage version',
    ],
  ])('is refused with %s', async (_what, change, message) => {
    const reply = await send('POST', definitions, { ...widgetDefinition('a.b'), ...change });
    expect([reply.status, reply.body.message]).toEqual([422, expect.stringContaining(message)]);
  });

  it('of cluster scope serves objects without a namespace; deleted, it takes them along', async () => {
    await send('POST', definitions, widgetDefinition('wide.example', 'Cluster'));
    const path = '/apis/wide.example/v1/widgets';
    const body = { ...widget('one'), apiVersion: 'wide.example/v1' };
    expect((await send('POST', path, body)).status).toBe(201);
    expect((await send('POST', '/apis/wide.example/v1/namespaces/shop/widgets', body)).status).toBe(404);
    expect((await send('DELETE', `${definitions}/widgets.wide.example`)).status).toBe(200);
    expect((await send('GET', path)).status).toBe(404);
    expect((await send('GET', `${definitions}/widgets.wide.example`)).status).toBe(404);
    await send('POST', definitions, widgetDefinition('wide.example', 'Cluster'));
    expect((await send('GET', path)).body.items).toEqual([]);
  });
});

describe('a custom resource', () => {
  it('has a generation for its spec, a status of its own, and no field that its definition does not know', async () => {
    const made = await send('POST', widgets, { ...widget('a', { size: 1, odd: true }), status: { x: 1 } });
    expect(made.body).toMatchObject({ metadata: { generation: 1 }, spec: { size: 1 } });
    expect(made.body).not.toHaveProperty('status');
    expect(made.body).not.toHaveProperty('spec.odd');
    const changed = await send('PATCH', `${widgets}/a`, { spec: { size: 2 }, status: { x: 1 } }, merge);
    expect(changed.body).toMatchObject({ metadata: { generation: 2 }, spec: { size: 2 } });
    const reported = await send('PATCH', `${widgets}/a/status`, { spec: { size: 9 }, status: { x: 1 } }, merge);
    expect(reported.body).toMatchObject({ metadata: { generation: 2 }, spec: { size: 2 }, status: { x: 1 } });
  });

  it('takes JSON, merge and apply patches, and no strategic one', async () => {
    await send('POST', widgets, widget('patched', { size: 1, parts: [{ name: 'p' }] }));
    const json = { 'content-type': 'application/json-patch+json' };
    const replace = [{ op: 'replace', path: '/spec/size', value: 3 }];
    expect((await send('PATCH', `${widgets}/patched`, replace, json)).body).toMatchObject({ spec: { size: 3 } });
    expect((await send('PATCH', `${widgets}/patched`, { spec: { size: 4 } })).status).toBe(415);
    const config = widget('patched', { parts: [{ name: 'q' }] });
    expect((await send('PATCH', `${widgets}/patched?fieldManager=a`, config, applying)).body).toMatchObject({
      spec: { parts: [{ name: 'p' }, { name: 'q' }] },
    });
    const conflict = await send('PATCH', `${widgets}/patched?fieldManager=b`, widget('patched', { size: 9 }), applying);
    expect(conflict.body).toMatchObject({ code: 409, reason: 'Conflict' });
  });

  it('is never replaced unseen', async () => {
    const made = (await send('POST', widgets, widget('put'))).body;
    expect((await send('PUT', `${widgets}/put`, widget('put', { size: 5 }))).status).toBe(422);
    expect((await send('PUT', `${widgets}/put`, { ...made, spec: { size: 5 } })).body).toMatchObject({
      spec: { size: 5 },
    });
  });

  it('prints the columns of its definition', async () => {
    await send('POST', widgets, widget('shown', { size: 7 }, { annotations: { 'note/x': 'hello' } }));
    const ready = {
      status: {
        conditions: [
          { type: 'Other', status: 'False' },
          { type: 'Ready', status: 'True' },
        ],
      },
    };
    await send('PATCH', `${widgets}/shown/status`, ready, merge);
    const accept = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' };
    const { body } = await send('GET', `${widgets}/shown`, undefined, accept);
    expect(listAt(body, 'columnDefinitions')).toMatchObject([
      { name: 'Name' },
      { name: 'Size', type: 'integer', priority: 0 },
      { name: 'Ready' },
      { name: 'Note', priority: 1 },
      { name: 'Age' },
    ]);
    expect(listAt(body, 'rows')).toMatchObject([
      { cells: ['shown', 7, 'True', 'hello', expect.stringMatching(/^\d+s$/)] },
    ]);
  });

  it('is selected, watched and listed as any other, its items with their kind', async () => {
    await send('POST', widgets, widget('labelled', {}, { labels: { pick: 'me' } }));
    const list = (await send('GET', `${widgets}?labelSelector=pick%3Dme`)).body;
    expect(list).toMatchObject({ kind: 'WidgetList', items: [{ kind: 'Widget', apiVersion: 'example.com/v1' }] });
    const stream = await cluster.as('user').stream(`${widgets}?watch=true&labelSelector=pick%3Dme`);
    expect(JSON.parse(await stream.next())).toMatchObject({ type: 'ADDED', object: { kind: 'Widget' } });
    stream.close();
  });

  it('is under RBAC like any other', async () => {
    expect((await cluster.as('proposer').send('POST', widgets, widget('forbidden'))).status).toBe(403);
  });
});

describe('after a restart', () => {
  it('definitions and their objects are there', async () => {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'sandbox-'));
    const first = await startTestSandbox({ dataDirectory, images: [] });
    await first.as('user').send('POST', definitions, widgetDefinition());
    await first.as('user').send('POST', widgets, widget('kept'));
    await first.sandbox.stop();
    const second = await startTestSandbox({ dataDirectory, images: [] });
    try {
      expect((await second.as('user').send('GET', `${widgets}/kept`)).body).toMatchObject({ spec: { size: 1 } });
    } finally {
      await second.dispose();
      rmSync(dataDirectory, { recursive: true, force: true });
    }
  });
});
