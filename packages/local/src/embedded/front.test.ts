import { once } from 'node:events';
import { createConnection, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Front, type FrontOptions, startFront } from './front.ts';
import { sendRaw } from './raw-request.ts';

let front: Front;
let served: string[] = [];
const record =
  (name: string): FrontOptions['routes'][number]['listener'] =>
  (request, response) => {
    served.push(`${name} ${request.url}`);
    response.end(name);
  };
const start = (more: Partial<FrontOptions> = {}) =>
  startFront({
    port: 0,
    addresses: ['127.0.0.1'],
    names: ['127.0.0.1'],
    routes: [
      { path: '/mcp', origins: [], listener: record('mcp') },
      { path: '/local/oidc', origins: ['http://self.example'], listener: record('issuer') },
      { path: '/local', origins: ['http://self.example'], listener: record('local') },
    ],
    report: () => {},
    ...more,
  });
beforeEach(async () => {
  served = [];
  front = await start();
});
afterEach(() => front.stop());

describe('the front of a loopback origin', () => {
  test('gives each path to the longest route that covers it in whole segments', async () => {
    for (const path of ['/mcp', '/mcp/x?y=/local', '/local/oidc/token', '/local/oidcx'])
      await sendRaw(front.port, { path });
    expect(served).toEqual(['mcp /mcp', 'mcp /mcp/x?y=/local', 'issuer /local/oidc/token', 'local /local/oidcx']);
    expect(await sendRaw(front.port, { path: '/mcpx' })).toMatchObject({ status: 404 });
  });

  test.each([
    ['another name that leads here', 'rebound.example'],
    ['localhost, another origin', 'localhost'],
    ['a name that starts like ours', '127.0.0.1.example'],
    ['our address with a dot at its end', '127.0.0.1.'],
  ])('refuses on every route the Host of %s', async (_what, name) => {
    for (const path of ['/mcp', '/local/oidc/token', '/nowhere']) {
      expect(await sendRaw(front.port, { path, headers: { host: `${name}:${front.port}` } })).toMatchObject({
        status: 403,
      });
    }
    expect(served).toEqual([]);
  });

  test('refuses a Host without our port, and two Hosts', async () => {
    expect(await sendRaw(front.port, { headers: { host: '127.0.0.1' } })).toMatchObject({ status: 403 });
    const socket = createConnection(front.port, '127.0.0.1');
    socket.end(
      `GET /mcp HTTP/1.1\r\nHost: 127.0.0.1:${front.port}\r\nHost: other.example\r\nConnection: close\r\n\r\n`,
    );
    const [answer] = await once(socket.setEncoding('utf8'), 'data');
    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(served).toEqual([]);
  });

  test.each(['https://page.example', 'null', 'http://self.example.evil', 'http://localhost:8787'])(
    'refuses the Origin %s on every route',
    async (origin) => {
      for (const path of ['/mcp', '/local', '/local/oidc/token', '/nowhere']) {
        const answer = await sendRaw(front.port, { path, headers: { origin }, body: '' });
        expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('origin_not_allowed') });
        expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      }
      expect(served).toEqual([]);
    },
  );

  test('lets an Origin in where the route names it, and nowhere else', async () => {
    const headers = { origin: 'http://self.example' };
    expect(await sendRaw(front.port, { path: '/local/x', headers, body: '' })).toMatchObject({ status: 200 });
    expect(await sendRaw(front.port, { path: '/mcp', headers, body: '' })).toMatchObject({ status: 403 });
  });

  test('refuses a target that is no path, a very long one, and a body over the limit', async () => {
    expect(await sendRaw(front.port, { path: 'http://127.0.0.1/mcp' })).toMatchObject({ status: 400 });
    expect(await sendRaw(front.port, { path: `/mcp?${'x'.repeat(9_000)}` })).toMatchObject({ status: 400 });
    expect(
      await sendRaw(front.port, { path: '/mcp', method: 'POST', headers: { 'content-length': '7000000' } }),
    ).toMatchObject({ status: 413 });
    expect(served).toEqual([]);
  });

  test('answers a defect of a listener without its reason, and reports it', async () => {
    const reported: unknown[] = [];
    const broken = await start({
      routes: [{ path: '/', origins: [], listener: () => Promise.reject(new Error('secret detail')) }],
      report: (problem) => reported.push(problem),
    });
    const answer = await sendRaw(broken.port);
    await broken.stop();
    expect(answer).toMatchObject({ status: 500 });
    expect(answer.body).not.toContain('secret');
    expect(reported).toHaveLength(1);
  });

  test('says which port is taken', async () => {
    await expect(start({ port: front.port })).rejects.toThrow(`Port ${front.port} is used by another program`);
  });

  test('answers on both addresses of localhost, or refuses where somebody else has the second', async () => {
    const both = await start({ addresses: ['127.0.0.1', '::1'], names: ['localhost'] });
    const headers = { host: `localhost:${both.port}` };
    const hasIpv6 = await canListen('::1', 0);
    for (const host of hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1']) {
      expect(await sendRaw(both.port, { path: '/mcp', headers, host })).toMatchObject({ status: 200 });
    }
    await both.stop();
    if (!hasIpv6) return;
    const squatter = createServer().listen(both.port, '::1');
    await once(squatter, 'listening');
    await expect(start({ port: both.port, addresses: ['127.0.0.1', '::1'] })).rejects.toThrow(
      'is used by another program',
    );
    expect(await canListen('127.0.0.1', both.port)).toBe(true); // The first address was let go again.
    squatter.close();
  });

  test('lets a running request end when it stops', async () => {
    let finish = () => {};
    const arrived = new Promise<void>((began) => {
      void start({
        routes: [
          {
            path: '/',
            origins: [],
            listener: (_request, response) => {
              finish = () => response.end('whole');
              began();
            },
          },
        ],
      }).then((slow) => {
        stopped = sendRaw(slow.port);
        stop = () => slow.stop();
      });
    });
    let stopped: ReturnType<typeof sendRaw> | undefined;
    let stop = async () => {};
    await arrived;
    const stopping = stop();
    finish();
    expect(await stopped).toMatchObject({ status: 200, body: 'whole' });
    await stopping;
  });
});

async function canListen(host: string, port: number): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    probe.close();
  }
}
