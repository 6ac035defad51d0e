import { readdirSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTemporaryData, type TemporaryData } from '../contract/temporary-data.ts';
import { QUEUE_NAMES, type Queues, startQueues } from './queues.ts';
import { createRunCredentials } from './run-credentials.ts';

const LIMITS = { propose: 10, grant: 5, execute: 60, verify: 30, notify: 10, freshness: 10 };
let temporary: TemporaryData;
let queues: Queues;
let sqs: SQSClient;
let s3: S3Client;

async function start(functionLimitSeconds = LIMITS): Promise<void> {
  queues = await startQueues({
    port: 0,
    data: temporary.open(),
    credentials: createRunCredentials(),
    region: 'us-east-1',
    functionLimitSeconds,
  });
  const { endpoint, region, credentials } = queues;
  sqs = new SQSClient({ endpoint, region, credentials, maxAttempts: 1 });
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true, maxAttempts: 1 });
}
async function stop(): Promise<void> {
  sqs.destroy();
  s3.destroy();
  await queues.stop();
}
beforeEach(async () => {
  temporary = createTemporaryData();
  await start();
});
afterEach(async () => {
  await stop();
  temporary.remove();
});

const send = (body: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: queues.queues.propose.url, MessageBody: body }));
const receive = async (more: { WaitTimeSeconds?: number } = {}, signal?: AbortSignal) => {
  const answer = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queues.queues.propose.url, ...more }),
    signal ? { abortSignal: signal } : {},
  );
  return (answer.Messages ?? []).map(({ Body }) => Body);
};

describe('the embedded queues', () => {
  test('hide a message for six function limits and give up after five tries into a dead-letter queue', async () => {
    for (const name of QUEUE_NAMES) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: queues.queues[name].url, AttributeNames: ['All'] }),
      );
      expect(Attributes?.VisibilityTimeout).toBe(String(6 * LIMITS[name]));
      expect(Attributes?.QueueArn).toBe(queues.queues[name].arn);
      expect(JSON.parse(Attributes?.RedrivePolicy ?? '')).toEqual({
        deadLetterTargetArn: `arn:aws:sqs:us-east-1:000000000000:${name}-dead`,
        maxReceiveCount: 5,
      });
    }
  });

  test('keep messages and objects across a restart, and take changed limits then', async () => {
    await send('survives');
    await s3.send(new PutObjectCommand({ Bucket: 'evidence-raw', Key: 'plan/ä b+(1).json', Body: 'raw' }));
    await stop();
    await start({ ...LIMITS, propose: 20 });
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queues.queues.propose.url, AttributeNames: ['All'] }),
    );
    expect(Attributes?.VisibilityTimeout).toBe('120');
    expect(await receive()).toEqual(['survives']);
    const object = await s3.send(new GetObjectCommand({ Bucket: 'evidence-raw', Key: 'plan/ä b+(1).json' }));
    expect(await object.Body?.transformToString()).toBe('raw');
  });

  test('keep a message hidden across a restart while somebody works on it', async () => {
    await send('in work');
    expect(await receive()).toEqual(['in work']);
    await stop();
    await start();
    expect(await receive()).toEqual([]);
  });

  test('lose no message to a long poll that was given up', async () => {
    const given = new AbortController();
    const poll = receive({ WaitTimeSeconds: 20 }, given.signal);
    // The poll has arrived once something that was sent after it is answered.
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queues.queues.propose.url, AttributeNames: ['All'] }));
    given.abort();
    await expect(poll).rejects.toThrow();
    await send('for the next one');
    await vi.waitFor(async () => expect(await receive()).toEqual(['for the next one']));
  });

  test('give a message back at once, and keep its count, where a handler asks for it', async () => {
    await send('again');
    const first = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queues.queues.propose.url }));
    const ReceiptHandle = first.Messages?.[0]?.ReceiptHandle;
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: queues.queues.propose.url, ReceiptHandle, VisibilityTimeout: 0 }),
    );
    await stop();
    await start();
    const again = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queues.queues.propose.url, MessageSystemAttributeNames: ['All'] }),
    );
    expect(again.Messages).toMatchObject([{ Body: 'again', Attributes: { ApproximateReceiveCount: '2' } }]);
  });

  test('refuse the credentials of another run', async () => {
    const stranger = new SQSClient({
      endpoint: queues.endpoint,
      region: 'us-east-1',
      credentials: createRunCredentials(),
      maxAttempts: 1,
    });
    await expect(
      stranger.send(new SendMessageCommand({ QueueUrl: queues.queues.grant.url, MessageBody: 'forged' })),
    ).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
    });
  });

  test('listen on no address but 127.0.0.1', async () => {
    const port = Number(new URL(queues.endpoint).port);
    const others = Object.values(networkInterfaces()).flatMap((addresses) =>
      (addresses ?? []).filter(({ internal }) => !internal),
    );
    for (const { address, family, scopeid } of others) {
      const host = family === 'IPv6' && scopeid ? `${address}%${scopeid}` : address;
      const connected = await new Promise((answer) => {
        const socket = createConnection({ port, host }, () => answer(true)).once('error', () => answer(false));
        socket.once('connect', () => socket.destroy());
      });
      expect(connected).toBe(false);
    }
  });

  test('keep their files from other users', () => {
    const directory = join(temporary.path, 'queues');
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(directory)) expect(statSync(join(directory, file)).mode & 0o077).toBe(0);
  });
});
