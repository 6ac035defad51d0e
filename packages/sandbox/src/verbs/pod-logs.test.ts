import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAt, stringAt } from '../json/record.ts';
import { startTestSandbox, type TestSandbox } from '../testing/test-sandbox.ts';

let cluster: TestSandbox;
/** Added to the machine's time: what the API takes for now. */
let aheadMs = 0;

beforeAll(async () => {
  cluster = await startTestSandbox({ clock: () => new Date(Date.now() + aheadMs) });
  await cluster.sandbox.settled();
});
afterAll(() => cluster.dispose());

async function podOf(app: string): Promise<string> {
  const list = (await cluster.as('user').send('GET', `/api/v1/namespaces/shop/pods?labelSelector=app%3D${app}`)).body;
  return stringAt(listAt(list, 'items')[0], 'metadata', 'name') ?? '';
}

const log = async (app: string, query = '') =>
  cluster.as('reader').send('GET', `/api/v1/namespaces/shop/pods/${await podOf(app)}/log${query}`);

describe('a pod’s log', () => {
  it('is plain text, cut to the last lines, to bytes and to a time', async () => {
    aheadMs += 600_000;
    const all = await log('api');
    expect(all.status).toBe(200);
    expect(all.headers['content-type']).toContain('text/plain');
    const lines = all.text.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(3);
    expect((await log('api', '?tailLines=2')).text).toBe(`${lines.slice(-2).join('\n')}\n`);
    expect((await log('api', '?tailLines=0')).text).toBe('');
    expect((await log('api', '?limitBytes=10')).text).toBe(all.text.slice(0, 10));
    const recent = (await log('api', '?sinceSeconds=30')).text;
    expect(recent.length).toBeLessThan(all.text.length);
    expect((await log('api', '?timestamps=true&tailLines=1')).text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z /);
  });

  it('is refused with a clear 400 where there is none', async () => {
    expect((await log('web')).body).toMatchObject({ code: 400, message: expect.stringContaining('waiting to start') });
    expect((await log('api', '?container=none')).body.message).toContain('container none is not valid for pod');
    expect((await log('api', '?previous=true')).body.message).toContain('previous terminated container');
    expect((await log('api', '?tailLines=-1')).status).toBe(400);
    const unknown = await cluster.as('user').send('GET', '/api/v1/namespaces/shop/pods/none/log');
    expect(unknown.body).toMatchObject({ code: 404, message: 'pods "none" not found' });
  });

  it('can be followed, and the stream ends with the pod', async () => {
    const pod = await podOf('cart');
    const stream = await cluster.as('user').stream(`/api/v1/namespaces/shop/pods/${pod}/log?follow=true&tailLines=1`);
    await stream.next();
    aheadMs += 60_000;
    expect(await stream.next()).toContain('shop-cart');
    await cluster.as('user').send('DELETE', `/api/v1/namespaces/shop/pods/${pod}?gracePeriodSeconds=0`);
    const drain = async (): Promise<void> => {
      await stream.next();
      return drain();
    };
    await expect(drain()).rejects.toThrow('ended');
  });
});
