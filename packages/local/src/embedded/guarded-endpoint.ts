import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { awsRefusal } from './aws-refusal.ts';
import {
  AWS_REQUEST_BODY_BYTES,
  KEEP_ALIVE_MILLISECONDS,
  REQUEST_HEADER_BYTES,
  REQUEST_HEADERS_MILLISECONDS,
  REQUEST_MILLISECONDS,
} from './limits.ts';
import { readBody } from './read-body.ts';
import { createSignatureChecker, type SignatureChecker } from './request-signature.ts';
import type { AwsCredentials } from './run-credentials.ts';

/** A request that passed every check. */
export type GuardedRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly service: string;
};
export type GuardedAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
};

export type GuardedEndpoint = {
  /** http://127.0.0.1:<port> */
  readonly endpoint: string;
  readonly port: number;
  stop(): Promise<void>;
};

export type GuardedEndpointOptions = {
  readonly port: number;
  readonly credentials: AwsCredentials;
  /** The services whose signatures are taken, so that a signature for one cannot be spent at another. */
  readonly services: readonly string[];
  readonly handle: (request: GuardedRequest) => Promise<GuardedAnswer>;
  /** The caller went away before the answer to its request was ready. */
  readonly undelivered?: (request: GuardedRequest, answer: GuardedAnswer) => Promise<void>;
};

/**
 * The door of an embedded AWS service: one loopback port that only a client with this run's credentials gets through.
 *
 * - `Host` must be this very address: a page whose name was re-pointed to 127.0.0.1 (DNS rebinding) sends its own.
 * - Any `Origin` is refused: no browser has business here, and this is the header that pages cannot leave out of a
 *   request that could change something.
 * - The signature: see createSignatureChecker.
 */
export function startGuardedEndpoint(options: GuardedEndpointOptions): Promise<GuardedEndpoint> {
  const check = createSignatureChecker(options.credentials);
  const server = createServer(
    {
      maxHeaderSize: REQUEST_HEADER_BYTES,
      headersTimeout: REQUEST_HEADERS_MILLISECONDS,
      requestTimeout: REQUEST_MILLISECONDS,
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      noDelay: true,
    },
    (request, response) => {
      answer(request, response, options, check).catch(() => {
        // The problem itself may hold records: the caller learns only that there was one.
        if (!response.headersSent) refuse(request, response, 500, 'InternalFailure', 'The embedded service failed.');
        else response.destroy();
      });
    },
  );
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port, host: '127.0.0.1', exclusive: true }, () => {
      server.off('error', reject);
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : options.port;
      resolve({
        endpoint: `http://127.0.0.1:${port}`,
        port,
        stop: () =>
          new Promise((stopped) => {
            server.close(() => stopped());
            server.closeAllConnections();
          }),
      });
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: GuardedEndpointOptions,
  check: SignatureChecker,
): Promise<void> {
  const { headers, method = 'GET', url = '/' } = request;
  if (headers.host !== `127.0.0.1:${request.socket.localPort}`)
    return refuse(request, response, 403, 'AccessDeniedException', 'Wrong Host.');
  if (headers.origin !== undefined) return refuse(request, response, 403, 'AccessDeniedException', 'Not for browsers.');
  const body = await readBody(request, AWS_REQUEST_BODY_BYTES);
  if (body === undefined)
    return refuse(
      request,
      response,
      413,
      'RequestEntityTooLarge',
      `A request may have ${AWS_REQUEST_BODY_BYTES} bytes.`,
    );
  const signature = await check({ method, url, headers, body }, new Date());
  if (!signature.ok)
    return refuse(request, response, 403, 'UnrecognizedClientException', SIGNATURE_REFUSALS[signature.reason]);
  if (!options.services.includes(signature.service))
    return refuse(request, response, 403, 'AccessDeniedException', 'Signed for another service.');
  const guarded: GuardedRequest = { method, url, headers, body, service: signature.service };
  const result = await options.handle(guarded);
  if (options.undelivered && (await callerIsGone(response))) return options.undelivered(guarded, result);
  response.writeHead(result.status, { ...result.headers, 'content-length': Buffer.byteLength(result.body) });
  response.end(method === 'HEAD' ? undefined : result.body);
}

/** Looks after one turn of the event loop: a goodbye that came together with what made the answer ready is then read. */
async function callerIsGone({ socket }: ServerResponse): Promise<boolean> {
  await new Promise((turned) => setImmediate(turned));
  return socket === null || socket.destroyed || socket.readableEnded;
}

const SIGNATURE_REFUSALS = {
  unsigned: 'The request is not signed: use the credentials of the ready file.',
  unknown_key: 'The access key is not the one of this run: use the credentials of the ready file.',
  outside_time: 'The signature is too old or from the future.',
  wrong_signature: 'The signature does not match: use the credentials of the ready file.',
} as const;

/** Answers and ends the connection: whatever else the caller has sent on it is not looked at. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): void {
  const { contentType, body } = awsRefusal(request.headers, code, message);
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  response.end(body);
}
