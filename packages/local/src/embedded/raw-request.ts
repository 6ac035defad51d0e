import { type IncomingHttpHeaders, request } from 'node:http';

export type RawAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

/** Sends what fetch would not: a Host, an Origin, a path as it is written. For tests of what a hostile caller may send. */
export function sendRaw(
  port: number,
  options: {
    method?: string;
    path?: string;
    headers?: Record<string, string | string[]>;
    body?: string | Buffer;
    host?: string;
  } = {},
): Promise<RawAnswer> {
  const {
    method = options.body === undefined ? 'GET' : 'POST',
    path = '/',
    headers = {},
    body,
    host = '127.0.0.1',
  } = options;
  return new Promise((resolve, reject) => {
    const outgoing = request({ host, port, method, path, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
      answer.on('error', reject);
    });
    outgoing.on('error', reject).end(body);
  });
}
