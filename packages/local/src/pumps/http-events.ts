import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { readBody } from '../embedded/read-body.ts';
import { invoke, type LambdaFunction } from './lambda-handler.ts';
import { INTEGRATION_BODY_BYTES, INTEGRATION_MILLISECONDS } from './limits.ts';
import type { ReportProblem } from './pump-problem.ts';

export type HttpEventListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export type HttpEventOptions = {
  readonly lambda: LambdaFunction<APIGatewayProxyEventV2, APIGatewayProxyResultV2>;
  /** Default INTEGRATION_BODY_BYTES. */
  readonly maximumBodyBytes?: number;
  readonly now: () => Date;
  readonly report: ReportProblem;
};

/**
 * Serves HTTP with a Lambda handler as API Gateway's HTTP API does (payload format 2.0), odd corners included: the path
 * arrives decoded, a form's body in base64, a failure is 500 and a late answer 503, both without a reason.
 */
export function createHttpEventListener(options: HttpEventOptions): HttpEventListener {
  const { report, now, maximumBodyBytes = INTEGRATION_BODY_BYTES } = options;
  const lambda = {
    ...options.lambda,
    limitMilliseconds: Math.min(options.lambda.limitMilliseconds, INTEGRATION_MILLISECONDS),
  };
  return async (request, response) => {
    const path = decodePath(request.url ?? '/');
    if (path === undefined) return answerMessage(response, 400, 'Bad Request');
    const body = await readBody(request, maximumBodyBytes);
    if (body === undefined) return answerMessage(response, 413, 'Request Too Long');
    const requestId = randomUUID();
    const invocation = await invoke(lambda, createHttpEvent(request, path, body, requestId, now()), requestId);
    if (!invocation.ok) {
      if (invocation.failure.kind === 'timed_out') {
        report({ pump: lambda.name, kind: 'handler_timed_out' });
        return answerMessage(response, 503, 'Service Unavailable');
      }
      report({ pump: lambda.name, kind: 'handler_threw', problem: invocation.failure.problem });
      return answerMessage(response, 500, 'Internal Server Error');
    }
    try {
      writeHttpResult(request, response, structured(invocation.result));
    } catch (problem) {
      report({ pump: lambda.name, kind: 'handler_threw', problem }); // An answer that HTTP cannot carry.
      answerMessage(response, 500, 'Internal Server Error');
    }
  };
}

/** As API Gateway: percent-decoded, and cut where that brings a question mark to light. undefined when it does not decode. */
function decodePath(url: string): string | undefined {
  try {
    return decodeURIComponent(url.split('?', 1)[0] ?? '/').split('?', 1)[0];
  } catch {
    return undefined;
  }
}

/** These bodies arrive as text; every other one, a form's too, in base64 (as observed at AWS). */
const TEXT_BODY = /^(text\/|application\/(json|xml|javascript)\b)/i;

/** @param path decoded */
function createHttpEvent(
  request: IncomingMessage,
  path: string,
  body: Buffer,
  requestId: string,
  now: Date,
): APIGatewayProxyEventV2 {
  const { cookie: _cookie, ...headers } = joinedHeaders(request);
  const rawQueryString = (request.url ?? '').split('?').slice(1).join('?');
  const cookies = (request.headersDistinct.cookie ?? [])
    .flatMap((line) => line.split(/; */))
    .filter((pair) => pair !== '');
  const host = request.headers.host ?? '';
  const sourceIp = request.socket.remoteAddress ?? '';
  const isText = TEXT_BODY.test(request.headers['content-type'] ?? '');
  const query = joinedQuery(rawQueryString);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString,
    ...(cookies.length > 0 ? { cookies } : {}),
    // The proxy's word about the caller replaces the caller's own: nobody chooses the address in our access log.
    headers: {
      ...headers,
      'x-forwarded-for': sourceIp,
      'x-forwarded-port': String(request.socket.localPort ?? ''),
      'x-forwarded-proto': 'http',
    },
    ...(query ? { queryStringParameters: query } : {}),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: host,
      domainPrefix: host.split(/[.:]/)[0] ?? '',
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: logTime(now),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 ? { body: body.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function joinedHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, (values ?? []).join(',')]),
  );
}

function joinedQuery(rawQueryString: string): Record<string, string> | undefined {
  if (rawQueryString === '') return undefined;
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString))
    query[name] = Object.hasOwn(query, name) ? `${query[name]},${value}` : value;
  return query;
}

/** 21/Nov/2026:09:05:00 +0000 */
function logTime(now: Date): string {
  const [, day, month, year, time] = /^\w+, (\d+) (\w+) (\d+) ([\d:]+)/.exec(now.toUTCString()) ?? [];
  return `${day}/${month}/${year}:${time} +0000`;
}

/** As API Gateway: what has no status code is a JSON body of its own. */
function structured(result: APIGatewayProxyResultV2): APIGatewayProxyStructuredResultV2 {
  if (typeof result === 'object' && result !== null && 'statusCode' in result) return result;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof result === 'string' ? result : JSON.stringify(result),
  };
}

function writeHttpResult(
  request: IncomingMessage,
  response: ServerResponse,
  result: APIGatewayProxyStructuredResultV2,
): void {
  const body = Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8');
  for (const [name, value] of Object.entries(result.headers ?? {})) response.setHeader(name, String(value));
  if (result.cookies?.length) response.setHeader('set-cookie', result.cookies);
  response.setHeader('content-length', body.length);
  response.statusCode = result.statusCode ?? 200;
  response.end(request.method === 'HEAD' ? undefined : body);
}

function answerMessage(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const body = JSON.stringify({ message });
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(body);
}
