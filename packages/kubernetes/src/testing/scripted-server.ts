/** An HTTPS server that answers what a test tells it to: for what a well-behaved API server never does. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { generate } from 'selfsigned';
import { stringify } from 'yaml';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface ScriptedServer {
  readonly url: string;
  readonly caPem: string;
  readonly received: readonly Received[];
  /** TLS connections so far. */
  connections(): number;
  kubeconfig(user?: Record<string, unknown>, cluster?: Record<string, unknown>): string;
  stop(): Promise<void>;
}

export type Answerer = (request: Received, response: ServerResponse, socket: Socket) => void;

export async function startScriptedServer(answer: Answerer): Promise<ScriptedServer> {
  const { ca, cert, key } = await certificates();
  const received: Received[] = [];
  const sockets = new Set<Duplex>();
  const server = createTlsServer({ cert, key, keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers, socket } = request;
      const entry = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
      received.push(entry);
      answer(entry, response, socket);
    });
  });
  let connections = 0;
  server.on('secureConnection', (socket) => {
    connections += 1;
    socket.on('error', () => {});
  });
  // Those that are still shaking hands, too: they would hold the server open.
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  const port = await listening(server);
  const url = `https://127.0.0.1:${port}`;
  return {
    url,
    caPem: ca,
    received,
    connections: () => connections,
    kubeconfig: (user = { token: 'test-token' }, cluster = {}) =>
      someKubeconfig({ server: url, 'certificate-authority-data': base64(ca), ...cluster }, user),
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const someKubeconfig = (cluster: Record<string, unknown>, user: Record<string, unknown>): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'ctx', context: { cluster: 'c', user: 'u' } }],
  });

/** A port on which nothing listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
}): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

export async function certificates(): Promise<{ readonly ca: string; readonly cert: string; readonly key: string }> {
  const common = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;
  const ca = await generate([{ name: 'commonName', value: 'test CA' }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true },
    ],
  });
  const serving = await generate([{ name: 'commonName', value: 'test' }], {
    ...common,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { ca: ca.cert, cert: serving.cert, key: serving.private };
}

export const answerJson = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};
