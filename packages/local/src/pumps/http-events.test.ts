import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Front, startFront } from '../embedded/front.ts';
import { sendRaw } from '../embedded/raw-request.ts';
import { createHttpEventListener, type HttpEventOptions } from './http-events.ts';
import type { PumpProblem } from './pump-problem.ts';

let front: Front | undefined;
let events: APIGatewayProxyEventV2[] = [];
let problems: PumpProblem[] = [];
beforeEach(() => {
  events = [];
  problems = [];
});
afterEach(async () => {
  await front?.stop();
});

type Answer = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyResultV2>;
async function serve(
  answer: Answer = async () => ({ statusCode: 204 }),
  more: Partial<HttpEventOptions> & { limitMilliseconds?: number } = {},
): Promise<number> {
  const listener = createHttpEventListener({
    lambda: {
      name: 'countersign-web',
      limitMilliseconds: more.limitMilliseconds ?? 5_000,
      handler: (event) => {
        events.push(event);
        return answer(event);
      },
    },
    now: () => new Date('2026-11-21T09:05:00.123Z'),
    report: (problem) => problems.push(problem),
    ...more,
  });
  front = await startFront({
    port: 0,
    addresses: ['127.0.0.1'],
    names: ['127.0.0.1'],
    routes: [{ path: '/', origins: [], listener }],
    report: () => {},
  });
  return front.port;
}

describe('the event of an HTTP API', () => {
  test('has the shape of payload format 2.0', async () => {
    const port = await serve();
    await sendRaw(port, {
      method: 'POST',
      path: '/plans/a%20b?q=1&q=2&x=%C3%A4',
      headers: {
        Cookie: 'a=1; b="2"',
        Accept: ['text/html', 'text/plain'],
        'User-Agent': 'Test/1',
        'Content-Type': 'application/json; charset=utf-8',
        'X-Forwarded-For': '203.0.113.9',
      },
      body: '{"ä":1}',
    });
    expect(events).toEqual([
      {
        version: '2.0',
        routeKey: '$default',
        rawPath: '/plans/a b',
        rawQueryString: 'q=1&q=2&x=%C3%A4',
        cookies: ['a=1', 'b="2"'],
        headers: {
          host: `127.0.0.1:${port}`,
          connection: 'close',
          accept: 'text/html,text/plain',
          'user-agent': 'Test/1',
          'content-type': 'application/json; charset=utf-8',
          'content-length': '8',
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-port': String(port),
          'x-forwarded-proto': 'http',
        },
        queryStringParameters: { q: '1,2', x: 'ä' },
        requestContext: {
          accountId: '000000000000',
          apiId: 'local',
          domainName: `127.0.0.1:${port}`,
          domainPrefix: '127',
          http: {
            method: 'POST',
            path: '/plans/a b',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'Test/1',
          },
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          routeKey: '$default',
          stage: '$default',
          time: '21/Nov/2026:09:05:00 +0000',
          timeEpoch: Date.parse('2026-11-21T09:05:00.123Z'),
        },
        body: '{"ä":1}',
        isBase64Encoded: false,
      },
    ]);
  });

  test.each([
    ['application/x-www-form-urlencoded', 'a=1', 'YT0x', true],
    ['application/octet-stream', Buffer.from([0, 255]), 'AP8=', true],
    ['text/plain', 'words', 'words', false],
  ])('carries a body of %s as API Gateway does', async (type, sent, body, isBase64Encoded) => {
    await sendRaw(await serve(), { headers: { 'content-type': type }, body: sent });
    expect(events).toMatchObject([{ body, isBase64Encoded }]);
  });

  test('has no body, cookies or query where there are none', async () => {
    await sendRaw(await serve());
    expect(events[0]).not.toHaveProperty('body');
    expect(events[0]).not.toHaveProperty('cookies');
    expect(events[0]).not.toHaveProperty('queryStringParameters');
  });

  test('cuts the path where decoding brings a question mark to light, so that no path passes for a query', async () => {
    await sendRaw(await serve(), { path: '/plans/me%3Fadmin=true?x=1' });
    expect(events).toMatchObject([{ rawPath: '/plans/me', rawQueryString: 'x=1' }]);
  });

  test('is not made of a path that does not decode', async () => {
    expect(await sendRaw(await serve(), { path: '/plans/%E0%A4' })).toMatchObject({
      status: 400,
      body: '{"message":"Bad Request"}',
    });
    expect(events).toEqual([]);
  });

  test('is not made of a body over the limit, stated or not', async () => {
    const port = await serve(undefined, { maximumBodyBytes: 10 });
    expect(await sendRaw(port, { body: 'x'.repeat(11) })).toMatchObject({ status: 413 });
    expect(await sendRaw(port, { body: 'x'.repeat(11), headers: { 'transfer-encoding': 'chunked' } })).toMatchObject({
      status: 413,
    });
    expect(events).toEqual([]);
  });
});

describe('the answer of an HTTP API', () => {
  test('carries status, headers, every cookie and a binary body', async () => {
    const port = await serve(async () => ({
      statusCode: 201,
      headers: { 'Content-Type': 'text/plain', 'x-number': 7, 'x-flag': true },
      cookies: ['a=1; HttpOnly', 'b=2'],
      body: Buffer.from('ä').toString('base64'),
      isBase64Encoded: true,
    }));
    expect(await sendRaw(port)).toMatchObject({
      status: 201,
      body: 'ä',
      headers: {
        'content-type': 'text/plain',
        'x-number': '7',
        'x-flag': 'true',
        'set-cookie': ['a=1; HttpOnly', 'b=2'],
        'content-length': '2',
      },
    });
  });

  test('has no body for HEAD', async () => {
    expect(
      await sendRaw(await serve(async () => ({ statusCode: 200, body: 'text' })), { method: 'HEAD' }),
    ).toMatchObject({ status: 200, body: '' });
  });

  test.each([
    [{ plain: 'object' }, '{"plain":"object"}'],
    ['{"a":"string"}', '{"a":"string"}'],
  ])('takes what has no status code as JSON', async (result, body) => {
    expect(await sendRaw(await serve(async () => result as APIGatewayProxyResultV2))).toMatchObject({
      status: 200,
      body,
      headers: { 'content-type': 'application/json' },
    });
  });

  test('is 500 without a reason when the handler throws or answers what HTTP cannot carry', async () => {
    const port = await serve(async ({ rawPath }) => {
      if (rawPath === '/throws') throw new Error('secret detail');
      return { statusCode: 200, headers: { 'x-split': 'a\r\nset-cookie: b' } };
    });
    for (const path of ['/throws', '/splits']) {
      const answer = await sendRaw(port, { path });
      expect(answer).toMatchObject({ status: 500, body: '{"message":"Internal Server Error"}' });
      expect(answer.headers).not.toHaveProperty('set-cookie');
    }
    expect(problems.map(({ kind }) => kind)).toEqual(['handler_threw', 'handler_threw']);
  });

  test('is 503 when the handler is over its limit', async () => {
    expect(await sendRaw(await serve(() => new Promise(() => {}), { limitMilliseconds: 30 }))).toMatchObject({
      status: 503,
      body: '{"message":"Service Unavailable"}',
    });
    expect(problems).toMatchObject([{ kind: 'handler_timed_out' }]);
  });
});
