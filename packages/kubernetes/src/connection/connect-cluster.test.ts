import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Unavailable } from '@countersign/approvals';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Answerer,
  answerJson,
  base64,
  certificates,
  closedPort,
  type ScriptedServer,
  someKubeconfig,
  startScriptedServer,
} from '../testing/scripted-server.ts';
import type { ApiRequest } from './api-request.ts';
import { type ClusterConnection, connectCluster } from './connect-cluster.ts';

const read: ApiRequest = { method: 'GET', path: ['version'], repeatable: true };
const write: ApiRequest = {
  method: 'PATCH',
  path: ['x'],
  body: { contentType: 'application/json', json: { a: 1 } },
  repeatable: false,
};

const stops: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function server(answer: Answerer): Promise<ScriptedServer> {
  const started = await startScriptedServer(answer);
  stops.push(started.stop);
  return started;
}
function connect(kubeconfig: string, requestTimeoutMs?: number): ClusterConnection {
  const connection = connectCluster({
    name: 'test',
    kubeconfig,
    context: 'ctx',
    ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
  });
  stops.push(connection.close);
  return connection;
}
const ok: Answerer = (_request, response) => answerJson(response, 200, { ok: true });

describe('connectCluster', () => {
  it('sends the token, and keeps one connection for one request after another', async () => {
    const api = await server(ok);
    const connection = connect(api.kubeconfig());
    for (let at = 0; at < 3; at += 1)
      expect(await connection.send(read)).toMatchObject({ kind: 'answered', status: 200 });
    expect(api.connections()).toBe(1);
    expect(api.received.map(({ headers }) => headers.authorization)).toEqual(new Array(3).fill('Bearer test-token'));
  });

  it('answers "unsent" where nothing listens', async () => {
    const { ca } = await certificates();
    const connection = connect(
      someKubeconfig(
        { server: `https://127.0.0.1:${await closedPort()}`, 'certificate-authority-data': base64(ca) },
        { token: 't' },
      ),
    );
    expect(await connection.send(write)).toEqual({ kind: 'unsent' });
  });

  it('answers "unsent" where the server shows a certificate of another CA, and sends it no token', async () => {
    const api = await server(ok);
    const { ca } = await certificates();
    const connection = connect(api.kubeconfig(undefined, { 'certificate-authority-data': base64(ca) }));
    expect(await connection.send(write)).toEqual({ kind: 'unsent' });
    expect(api.received).toEqual([]);
  });

  it('does not let NODE_TLS_REJECT_UNAUTHORIZED switch that off', async () => {
    const api = await server(ok);
    const { ca } = await certificates();
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const connection = connect(api.kubeconfig(undefined, { 'certificate-authority-data': base64(ca) }));
      expect(await connection.send(read)).toEqual({ kind: 'unsent' });
    } finally {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    }
  });

  it.each([
    ['never answers', () => {}],
    [
      'drips its answer',
      (_request, response) => {
        response.writeHead(200);
        response.write('{');
      },
    ],
    [
      'resets the connection',
      (_request, _response, socket) => {
        socket.destroy();
      },
    ],
    [
      'breaks off within its answer',
      (_request, response, socket) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{', () => socket.destroy());
      },
    ],
  ] as [string, Answerer][])(
    'answers "lost" for a write to a server that %s, and sends it once',
    async (_what, answer) => {
      const api = await server(answer);
      const connection = connect(api.kubeconfig(), 300);
      expect(await connection.send(write)).toMatchObject({ kind: 'lost' });
      expect(api.received).toHaveLength(1);
    },
  );

  it('repeats a read, never a write, on a kept connection that was closed under it', async () => {
    let answers = 0;
    const api = await server((request, response, socket) => {
      answers += 1;
      // The second request on the kept connection meets its end.
      if (answers === 2) socket.destroy();
      else answerJson(response, 200, { url: request.url });
    });
    const connection = connect(api.kubeconfig());
    await connection.send(read);
    expect(await connection.send(read)).toMatchObject({ kind: 'answered' });
    expect(api.received).toHaveLength(3);

    answers = 1;
    expect(await connection.send(write)).toMatchObject({ kind: 'lost' });
    expect(api.received.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });

  it('follows no redirect: the token would go with it', async () => {
    const api = await server((_request, response) => {
      response.writeHead(307, { location: '/elsewhere' });
      response.end();
    });
    expect(await connect(api.kubeconfig()).send(read)).toMatchObject({ kind: 'answered', status: 307 });
    expect(api.received).toHaveLength(1);
  });

  it('reads the warnings of an answer', async () => {
    const api = await server((_request, response) => {
      response.setHeader('warning', ['299 - "apps/v1beta1 is deprecated"', '299 - "say \\"hi\\"", 299 - "third"']);
      answerJson(response, 200, {});
    });
    expect(await connect(api.kubeconfig()).send(read)).toMatchObject({
      warnings: ['apps/v1beta1 is deprecated', 'say "hi"', 'third'],
    });
  });

  it('shows a client certificate where the identity is one', async () => {
    const api = await server(ok);
    const { cert, key } = await certificates();
    const connection = connect(
      api.kubeconfig({ 'client-certificate-data': base64(cert), 'client-key-data': base64(key) }),
    );
    expect(await connection.send(read)).toMatchObject({ kind: 'answered' });
    expect(api.received[0]?.headers.authorization).toBeUndefined();
  });

  describe('with a credential plugin', () => {
    const plugin = (script: string): Record<string, unknown> => {
      const directory = mkdtempSync(join(tmpdir(), 'plugin-'));
      stops.push(() => rmSync(directory, { recursive: true }));
      const file = join(directory, 'plugin.cjs');
      writeFileSync(file, script);
      return {
        exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [file], env: null },
      };
    };

    it('sends the token that it prints, once for as long as it lives', async () => {
      const api = await server(ok);
      const connection = connect(
        api.kubeconfig(plugin('console.log(JSON.stringify({ status: { token: "t" + process.pid } }))')),
      );
      await connection.send(read);
      await connection.send(read);
      const tokens = api.received.map(({ headers }) => headers.authorization);
      expect(tokens[0]).toMatch(/^Bearer t\d+$/);
      expect(tokens[1]).toBe(tokens[0]);
    });

    it('is unavailable where it fails, without a word of what it printed', async () => {
      const api = await server(ok);
      const connection = connect(api.kubeconfig(plugin('console.error("canary-s3cr3t"); process.exit(1)')));
      const failure = await connection.send(write).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Unavailable);
      expect(String(failure)).not.toContain('canary');
      expect(api.received).toEqual([]);
    });
  });

  it.each([{ token: 'a b' }, { token: 'a\r\nImpersonate-User: root' }, {}])('refuses the user %j', async (user) => {
    const api = await server(ok);
    expect(() => connect(api.kubeconfig(user))).toThrow(/^kubeconfig: /);
  });
});
