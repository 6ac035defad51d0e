/**
 * One HTTPS request and what became of it. Whether it was sent is what at-most-one-effect rests on: only a connection that was refused,
 * or a handshake that failed, proves that nothing arrived. In doubt it was sent.
 *
 * Not the client library's transport: it opens a new connection with each request, and its errors carry bodies and headers.
 */
import { type Agent, request as httpsRequest } from 'node:https';
import { TLSSocket } from 'node:tls';
import { RESPONSE_BYTES_MAX } from '../limits.ts';
import { type ApiRequest, type Exchange, requestTarget } from './api-request.ts';

export interface ExchangeOptions {
  readonly server: URL;
  readonly agent: Agent;
  readonly authorization: string | undefined;
  readonly timeoutMilliseconds: number;
}

/** Never rejects for what the network or the server did. */
export function exchange(request: ApiRequest, options: ExchangeOptions): Promise<Exchange> {
  const { server, agent, authorization, timeoutMilliseconds } = options;
  const body = request.body === undefined ? undefined : JSON.stringify(request.body.json);
  return new Promise((resolve) => {
    let sent = false;
    const outgoing = httpsRequest({
      agent,
      host: server.hostname.replace(/^\[|\]$/g, ''),
      port: server.port === '' ? 443 : Number(server.port),
      method: request.method,
      path: requestTarget(server, request),
      headers: {
        accept: request.accept ?? 'application/json, */*;q=0.5',
        'user-agent': 'countersign',
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined || request.body === undefined
          ? {}
          : { 'content-type': request.body.contentType, 'content-length': String(Buffer.byteLength(body)) }),
      },
    });
    // From connecting to the last byte: a server that drips its answer must not hold us past the lease.
    const deadline = setTimeout(() => outgoing.destroy(new Error('timed out')), timeoutMilliseconds);
    const settle = (result: Exchange): void => {
      clearTimeout(deadline);
      resolve(result);
    };
    const fail = (answered: boolean): void =>
      settle(sent ? { kind: 'lost', staleConnection: outgoing.reusedSocket && !answered } : { kind: 'unsent' });

    outgoing.once('socket', (socket) => {
      const handshaking = socket instanceof TLSSocket && (socket.connecting || socket.getProtocol() === 'unknown');
      if (!handshaking) sent = true;
      else
        socket.once('secureConnect', () => {
          sent = true;
        });
    });
    outgoing.on('error', () => fail(false));
    // The last net: whatever ends a request without an answer ends it here.
    outgoing.on('close', () => fail(true));
    outgoing.once('response', (incoming) => {
      sent = true;
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > RESPONSE_BYTES_MAX) outgoing.destroy(new Error('too large'));
        else chunks.push(chunk);
      });
      incoming.on('error', () => fail(true));
      incoming.once('end', () => {
        const warnings = ([] as string[]).concat(incoming.headers.warning ?? []).flatMap(warningTexts);
        settle({ kind: 'answered', status: incoming.statusCode ?? 0, body: Buffer.concat(chunks), warnings });
      });
    });
    outgoing.end(body);
  });
}

/** `299 - "text"` (RFC 7234 section 5.5), the API server's way of telling about deprecations; several may share a header line. */
function warningTexts(header: string): readonly string[] {
  return [...header.matchAll(/\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text]) =>
    (text ?? '').replace(/\\(.)/g, '$1'),
  );
}
