import { CreateQueueCommand, GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTemporaryData, type TemporaryData } from '../contract/temporary-data.ts';
import { type Queues, startQueues } from '../embedded/queues.ts';
import { createRunCredentials } from '../embedded/run-credentials.ts';
import type { PumpProblem } from './pump-problem.ts';
import { type QueuePump, type QueuePumpOptions, startQueuePump } from './queue-pump.ts';

let temporary: TemporaryData;
let services: Queues;
let sqs: SQSClient;
let url: string;
let pump: QueuePump | undefined;
let problems: PumpProblem[] = [];

beforeEach(async () => {
  temporary = createTemporaryData();
  problems = [];
  const functionLimitSeconds = { propose: 10, grant: 10, execute: 10, verify: 10, notify: 10, freshness: 10 };
  services = await startQueues({
    port: 0,
    data: temporary.open(),
    credentials: createRunCredentials(),
    region: 'us-east-1',
    functionLimitSeconds,
  });
  sqs = new SQSClient({ endpoint: services.endpoint, region: services.region, credentials: services.credentials });
  const dead = 'arn:aws:sqs:us-east-1:000000000000:propose-dead';
  const Attributes = {
    VisibilityTimeout: '1',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 2 }),
  };
  await sqs.send(new CreateQueueCommand({ QueueName: 'quick', Attributes }));
  url = `${services.endpoint}/000000000000/quick`;
});
afterEach(async () => {
  await pump?.stop();
  pump = undefined;
  sqs.destroy();
  await services.stop();
  temporary.remove();
});

type Handler = QueuePumpOptions['lambda']['handler'];
function start(handler: Handler, more: Partial<QueuePumpOptions> & { limitMilliseconds?: number } = {}): void {
  pump = startQueuePump({
    sqs,
    queue: { url, arn: 'arn:aws:sqs:us-east-1:000000000000:quick' },
    lambda: { name: 'countersign-grant', limitMilliseconds: more.limitMilliseconds ?? 5_000, handler },
    report: (problem) => problems.push(problem),
    ...more,
  });
}
const send = (body: string) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: body,
      MessageAttributes: { kind: { DataType: 'String', StringValue: 'pointer' } },
    }),
  );
async function count(queueUrl = url): Promise<string> {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }));
  return `${Attributes?.ApproximateNumberOfMessages} waiting, ${Attributes?.ApproximateNumberOfMessagesNotVisible} hidden`;
}
const EMPTY = '0 waiting, 0 hidden';

describe('the queue pump', () => {
  test('hands a handler the event and context of Lambda and deletes what succeeded', async () => {
    const calls: { event: SQSEvent; context: Context }[] = [];
    start(async (event, context) => {
      calls.push({ event, context });
    });
    await send('{"plan":"p1"}');
    await vi.waitFor(async () => expect(await count()).toBe(EMPTY));
    await vi.waitFor(() => expect(calls).toHaveLength(1));
    expect(calls[0]?.event).toEqual({
      Records: [
        {
          messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          receiptHandle: expect.any(String),
          body: '{"plan":"p1"}',
          attributes: expect.objectContaining({
            ApproximateReceiveCount: '1',
            SentTimestamp: expect.stringMatching(/^\d{13}$/),
            SenderId: expect.any(String),
          }),
          messageAttributes: {
            kind: { stringValue: 'pointer', stringListValues: [], binaryListValues: [], dataType: 'String' },
          },
          md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
          md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:quick',
          awsRegion: 'us-east-1',
        },
      ],
    });
    expect(calls[0]?.context).toMatchObject({ functionName: 'countersign-grant', awsRequestId: expect.any(String) });
    expect(calls[0]?.context.getRemainingTimeInMillis()).toBeGreaterThan(0);
  });

  test('brings a message again when the handler threw', async () => {
    let tries = 0;
    start(async () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
    });
    await send('again');
    await vi.waitFor(() => expect(tries).toBe(2), { timeout: 5_000 });
    await vi.waitFor(async () => expect(await count()).toBe(EMPTY));
    expect(problems).toMatchObject([{ pump: 'countersign-grant', kind: 'handler_threw' }]);
  });

  test('deletes of a batch only what is not among its failures, and gives up into the dead-letter queue', async () => {
    const seen: string[] = [];
    for (const body of ['good', 'bad', 'fine']) await send(body);
    start(
      async ({ Records }): Promise<SQSBatchResponse> => {
        seen.push(...Records.map(({ body }) => body));
        return {
          batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
            itemIdentifier: messageId,
          })),
        };
      },
      { batchSize: 3 },
    );
    await vi.waitFor(
      async () => expect(await count(services.queues.propose.deadLetterUrl)).toBe('1 waiting, 0 hidden'),
      { timeout: 8_000 },
    );
    expect(seen.toSorted()).toEqual(['bad', 'bad', 'fine', 'good']);
    expect(await count()).toBe(EMPTY);
  });

  test('deletes nothing of a batch whose failures name a message that is not in it', async () => {
    let calls = 0;
    start(async () => {
      calls += 1;
      return { batchItemFailures: [{ itemIdentifier: '' }] };
    });
    await send('kept');
    await vi.waitFor(() => expect(calls).toBe(1));
    expect(await count()).toBe('0 waiting, 1 hidden');
  });

  test('lets a handler that is over its limit count as failed', async () => {
    let calls = 0;
    start(
      () => {
        calls += 1;
        return calls === 1 ? new Promise(() => {}) : Promise.resolve();
      },
      { limitMilliseconds: 50 },
    );
    await send('slow');
    await vi.waitFor(() => expect(calls).toBe(2), { timeout: 5_000 });
    expect(problems).toMatchObject([{ kind: 'handler_timed_out' }]);
  });

  test('works on as many messages at a time as asked, one per event, and no more', async () => {
    let inWork = 0;
    let most = 0;
    let release = () => {};
    const gate = new Promise<void>((open) => {
      release = open;
    });
    let done = 0;
    for (const body of ['a', 'b', 'c', 'd', 'e']) await send(body);
    start(
      async ({ Records }) => {
        expect(Records).toHaveLength(1);
        inWork += 1;
        most = Math.max(most, inWork);
        await gate;
        inWork -= 1;
        done += 1;
      },
      { concurrency: 3 },
    );
    await vi.waitFor(() => expect(inWork).toBe(3));
    release();
    await vi.waitFor(() => expect(done).toBe(5));
    expect(most).toBe(3);
  });

  test('stops at once while it waits, and after the running handler while one runs, whose message is then gone', async () => {
    start(async () => {});
    await pump?.stop();
    let release = () => {};
    const started = new Promise<void>((running) => {
      start(async () => {
        running();
        await new Promise<void>((open) => {
          release = open;
        });
      });
    });
    await send('in work');
    await started;
    let stopped = false;
    const stop = pump?.stop().then(() => {
      stopped = true;
    });
    expect(await count()).toBe('0 waiting, 1 hidden');
    expect(stopped).toBe(false);
    release();
    await stop;
    expect(await count()).toBe(EMPTY);
  });

  test('goes on by itself after its queue did not answer', async () => {
    url = `${services.endpoint}/000000000000/later`;
    let calls = 0;
    start(async () => {
      calls += 1;
    });
    await vi.waitFor(() => expect(problems).toMatchObject([{ kind: 'source_failed' }]));
    await sqs.send(new CreateQueueCommand({ QueueName: 'later' }));
    await send('now');
    await vi.waitFor(() => expect(calls).toBe(1), { timeout: 5_000 });
  });
});
