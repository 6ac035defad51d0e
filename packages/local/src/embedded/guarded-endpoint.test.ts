import { createHash } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type GuardedEndpoint, type GuardedRequest, startGuardedEndpoint } from './guarded-endpoint.ts';
import { type AwsCredentials, createRunCredentials } from './run-credentials.ts';

const credentials = createRunCredentials();
const BODY = '{"TableName":"plans"}';
let door: GuardedEndpoint;
let passed: GuardedRequest[] = [];
beforeAll(async () => {
  door = await startGuardedEndpoint({
    port: 0,
    credentials,
    services: ['dynamodb', 's3'],
    handle: async (guarded) => {
      passed.push(guarded);
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
    },
  });
});
beforeEach(() => {
  passed = [];
});
afterAll(() => door.stop());

type Signing = { with?: AwsCredentials; service?: string; at?: Date; url?: string; headers?: Record<string, string> };

async function sign(signing: Signing = {}): Promise<Record<string, string>> {
  const service = signing.service ?? 'dynamodb';
  const signer = new SignatureV4({
    credentials: signing.with ?? credentials,
    region: 'us-east-1',
    service,
    sha256: Hash.bind(null, 'sha256'),
    uriEscapePath: service !== 's3',
  });
  const url = new URL(signing.url ?? '/', door.endpoint);
  const signed = await signer.sign(
    new HttpRequest({
      method: 'POST',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: new URL(door.endpoint).host, 'x-amz-target': 'DynamoDB_20120810.Scan', ...signing.headers },
      body: BODY,
    }),
    { signingDate: signing.at ?? new Date() },
  );
  return signed.headers;
}

function send(
  headers: Record<string, string>,
  body = BODY,
  path = '/',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, door.endpoint), { method: 'POST', headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    outgoing.on('error', reject).end(body);
  });
}

describe('the door of an embedded service', () => {
  test('passes a request signed with the credentials of this run, body and query untouched', async () => {
    const answer = await send(await sign({ url: '/?b=2&a=1%2F1' }), BODY, '/?b=2&a=1%2F1');
    expect(answer).toMatchObject({ status: 200, body: '{}' });
    expect(passed).toMatchObject([{ url: '/?b=2&a=1%2F1', service: 'dynamodb', body: Buffer.from(BODY) }]);
  });

  test.each([
    ['no signature', async () => ({ host: new URL(door.endpoint).host })],
    ['another access key', () => sign({ with: { ...credentials, accessKeyId: 'LOCAL00000000000000000000' } })],
    ['the right key id with another secret', () => sign({ with: { ...credentials, secretAccessKey: 'guessed' } })],
    ['a signature of six minutes ago', () => sign({ at: new Date(Date.now() - 360_000) })],
    ['a signature from the future', () => sign({ at: new Date(Date.now() + 360_000) })],
    ['a signature for a service that is not behind this door', () => sign({ service: 'sqs' })],
    [
      'the Host of another name that leads here',
      async () => ({ ...(await sign()), host: `rebound.example:${door.port}` }),
    ],
    ['the Host localhost', async () => ({ ...(await sign()), host: `localhost:${door.port}` })],
    ['a foreign Origin', async () => ({ ...(await sign()), origin: 'https://page.example' })],
    ['the Origin null', async () => ({ ...(await sign()), origin: 'null' })],
    ['its own Origin', async () => ({ ...(await sign()), origin: door.endpoint })],
    [
      'another operation than the one signed',
      async () => ({ ...(await sign()), 'x-amz-target': 'DynamoDB_20120810.DeleteTable' }),
    ],
    [
      'a signature in the query, which ends up in logs and histories',
      async () => ({ host: new URL(door.endpoint).host, 'x-amz-date': '20260101T000000Z' }),
    ],
  ])('refuses %s', async (_what, headers) => {
    const answer = await send(await headers());
    expect(answer.status).toBe(403);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    expect(passed).toEqual([]);
  });

  test('refuses another body than the one signed', async () => {
    expect((await send(await sign(), BODY.replace('plans', 'votes'))).status).toBe(403);
    const withoutHash = await sign();
    delete withoutHash['x-amz-content-sha256'];
    expect((await send(withoutHash)).status).toBe(403);
    expect(passed).toEqual([]);
  });

  test('takes an unsigned body for S3 only', async () => {
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    expect((await send(await sign({ service: 's3', headers }))).status).toBe(200);
    expect((await send(await sign({ service: 'dynamodb', headers }))).status).toBe(403);
    const hash = createHash('sha256').update('another').digest('hex');
    expect((await send(await sign({ service: 's3', headers: { 'x-amz-content-sha256': hash } }))).status).toBe(403);
  });

  test('refuses a body over the limit before looking at its signature', async () => {
    const sent = send(await sign(), 'x'.repeat(17_000_000));
    expect(await sent.then(({ status }) => status).catch((problem: NodeJS.ErrnoException) => problem.code)).toSatisfy(
      (result) => [413, 'ECONNRESET', 'EPIPE'].includes(result),
    );
    expect(passed).toEqual([]);
  });

  test('says what is wrong in the form that the calling client reads, and no more', async () => {
    const json = await send({ 'x-amz-target': 'DynamoDB_20120810.Scan' });
    expect(JSON.parse(json.body)).toEqual({
      __type: 'UnrecognizedClientException',
      message: expect.stringContaining('ready file'),
    });
    const xml = await send({ 'content-type': 'application/x-www-form-urlencoded' });
    expect(xml.body).toMatch(/^<ErrorResponse><Error>.*<\/Error><\/ErrorResponse>$/);
    expect(json.body + xml.body).not.toContain(credentials.accessKeyId);
  });
});
