/**
 * Between the store and its endpoint: loses answers, answers as DynamoDB does under contention, throttling and failure. What it lets
 * through is untouched, so the store under test talks to the real thing.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/**
 * `lose-answer`: the request is carried out and the connection is cut. `forget-token` beside it: DynamoDB knows a request token for ten
 * minutes only; after that a repeat is judged anew. The others are answered here and never carried out.
 */
export type Fault =
  | 'lose-answer'
  | 'lose-answer-forget-token'
  | 'transaction-conflict'
  | 'throttled'
  | 'internal'
  | 'item-in-transaction';

export interface FaultyEndpoint {
  readonly url: string;
  /** The next requests of this operation meet these, in order. */
  next(operation: string, ...faults: readonly Fault[]): void;
  /** Bodies of the requests of this operation so far. */
  seen(operation: string): readonly Record<string, unknown>[];
  stop(): Promise<void>;
}

export async function startFaultyEndpoint(upstream: string): Promise<FaultyEndpoint> {
  const faults: { readonly operation: string; readonly fault: Fault }[] = [];
  const requests: { readonly operation: string; readonly body: Record<string, unknown> }[] = [];
  let forgetful = false;

  const server = createServer(async (incoming, answer) => {
    const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
    const body = JSON.parse(await text(incoming)) as Record<string, unknown>;
    requests.push({ operation, body });
    const at = faults.findIndex((planned) => planned.operation === operation);
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    if (fault === 'lose-answer-forget-token') forgetful = true;
    if (fault === undefined || fault.startsWith('lose-answer')) {
      const { ClientRequestToken, ...rest } = body;
      const sent = JSON.stringify(forgetful || ClientRequestToken === undefined ? rest : body);
      const { status, payload } = await forward(upstream, incoming, sent);
      if (fault !== undefined) return answer.destroy();
      return reply(answer, status, payload);
    }
    const [status, payload] = spoken(fault, body);
    reply(answer, status, JSON.stringify(payload));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    next: (operation, ...planned) => faults.push(...planned.map((fault) => ({ operation, fault }))),
    seen: (operation) => requests.filter((made) => made.operation === operation).map(({ body }) => body),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The service's own words, on the wire. */
function spoken(fault: Fault, body: Record<string, unknown>): readonly [status: number, payload: object] {
  const type = (name: string): string => `com.amazonaws.dynamodb.v20120810#${name}`;
  switch (fault) {
    case 'transaction-conflict': {
      const items = body.TransactItems as readonly unknown[];
      const reasons = items.map((_, at) =>
        at === 0 ? { Code: 'TransactionConflict', Message: 'ongoing' } : { Code: 'None' },
      );
      return [
        400,
        { __type: type('TransactionCanceledException'), Message: 'cancelled', CancellationReasons: reasons },
      ];
    }
    case 'item-in-transaction':
      return [400, { __type: type('TransactionConflictException'), message: 'ongoing' }];
    case 'throttled':
      return [
        400,
        { __type: type('ProvisionedThroughputExceededException'), message: `secret: ${JSON.stringify(body)}` },
      ];
    default:
      return [500, { __type: type('InternalServerError'), message: `secret: ${JSON.stringify(body)}` }];
  }
}

async function forward(
  upstream: string,
  incoming: IncomingMessage,
  body: string,
): Promise<{ readonly status: number; readonly payload: string }> {
  const { host, 'content-length': _length, connection, ...headers } = incoming.headers;
  const outgoing = request(upstream, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 500, payload: await text(answer) };
}

function reply(answer: ServerResponse, status: number, payload: string): void {
  answer.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(payload);
}

async function text(stream: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
