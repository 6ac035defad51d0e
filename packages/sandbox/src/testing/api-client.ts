import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isRecord, type JsonRecord } from '../json/record.ts';

export interface ApiReply {
  readonly status: number;
  readonly text: string;
  /** The parsed body; an empty object where it is not a JSON object. */
  readonly body: JsonRecord;
  readonly headers: IncomingMessage['headers'];
}

export interface ApiClient {
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiReply>;
  /** Opens a stream; `lines` are the complete lines so far, `next` resolves with each further one. */
  stream(path: string, headers?: Readonly<Record<string, string>>): Promise<ApiStream>;
}

export interface ApiStream {
  readonly status: number;
  /** The next line; rejects when the stream has ended. */
  next(): Promise<string>;
  close(): void;
}

/** Plain requests over HTTPS that trust the sandbox's CA and nothing else. Each has a connection of its own, so that nothing is left when a test ends. */
export function apiClient(url: string, ca: string, token: string | undefined): ApiClient {
  const open = (method: string, path: string, headers: Readonly<Record<string, string>>) =>
    httpsRequest(new URL(path, url), {
      method,
      ca,
      agent: false,
      // A test that lies in Host still means this server; without this Node checks the certificate against the lie.
      ...(headers.host === undefined ? {} : { servername: 'localhost' }),
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        'user-agent': 'sandbox-test/1',
        ...headers,
      },
    });

  return {
    send: (method, path, body, headers = {}) =>
      new Promise((resolve, reject) => {
        const contentType = method === 'PATCH' ? 'application/strategic-merge-patch+json' : 'application/json';
        const bytes = body === undefined ? undefined : asBytes(body);
        // Node frames the body of a DELETE only where it is told the length.
        const framing =
          bytes === undefined ? {} : { 'content-type': contentType, 'content-length': String(bytes.length) };
        const request = open(method, path, { ...framing, ...headers });
        request.once('error', reject);
        request.once('response', (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.once('error', reject);
          response.once('end', () => {
            const text = Buffer.concat(parts).toString('utf8');
            resolve({ status: response.statusCode ?? 0, text, body: asRecord(text), headers: response.headers });
          });
        });
        request.end(bytes);
      }),

    stream: (path, headers = {}) =>
      new Promise((resolve, reject) => {
        const request = open('GET', path, headers);
        request.once('error', reject);
        request.once('response', (response) =>
          resolve(lineStream(response.statusCode ?? 0, response, () => request.destroy())),
        );
        request.end();
      }),
  };
}

function lineStream(status: number, response: IncomingMessage, close: () => void): ApiStream {
  const lines: string[] = [];
  const waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  let rest = '';
  let ended = false;
  const end = () => {
    ended = true;
    for (const one of waiting.splice(0)) one.reject(new Error('the stream has ended'));
  };
  response.setEncoding('utf8');
  response.on('data', (part: string) => {
    const parts = (rest + part).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      const first = waiting.shift();
      if (first === undefined) lines.push(line);
      else first.resolve(line);
    }
  });
  response.once('end', end);
  response.once('error', end);
  response.once('close', end);
  return {
    status,
    next: () => {
      const line = lines.shift();
      if (line !== undefined) return Promise.resolve(line);
      if (ended) return Promise.reject(new Error('the stream has ended'));
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    close,
  };
}

function asBytes(body: unknown): Buffer {
  if (body instanceof Uint8Array) return Buffer.from(body);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function asRecord(text: string): JsonRecord {
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}
