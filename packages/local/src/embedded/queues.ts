import * as z from 'zod';
import type { DataDirectory } from '../contract/data-directory.ts';
import { buildFauxqsApp, type FauxqsApp } from './fauxqs-app.ts';
import { type GuardedAnswer, type GuardedRequest, startGuardedEndpoint } from './guarded-endpoint.ts';
import { DEAD_LETTER_RETENTION_SECONDS, QUEUE_MAXIMUM_RECEIVES, VISIBILITY_TIMES_FUNCTION_LIMIT } from './limits.ts';
import type { AwsCredentials } from './run-credentials.ts';

export const QUEUE_NAMES = ['propose', 'grant', 'execute', 'verify', 'notify', 'freshness'] as const;
type QueueName = (typeof QUEUE_NAMES)[number];
const BUCKET_NAMES = ['evidence-raw', 'audit'] as const;
type BucketName = (typeof BUCKET_NAMES)[number];

type Queue = { readonly url: string; readonly arn: string; readonly deadLetterUrl: string };

export type Queues = {
  /** For SQS and S3; S3 clients need forcePathStyle. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly queues: Readonly<Record<QueueName, Queue>>;
  readonly buckets: readonly BucketName[];
  stop(): Promise<void>;
};

export type QueuesOptions = {
  readonly port: number;
  readonly data: DataDirectory;
  readonly credentials: AwsCredentials;
  /** The region that every client of these queues must use. */
  readonly region: string;
  /** How long each consuming function may run: a message stays hidden six times as long, as AWS advises. */
  readonly functionLimitSeconds: Readonly<Record<QueueName, number>>;
};

const ACCOUNT = '000000000000';

/** Starts SQS and S3 with our queues, each with its dead-letter queue, and our buckets; all survive a restart. */
export async function startQueues(options: QueuesOptions): Promise<Queues> {
  const app = await buildFauxqsApp(options.data.directory('queues'));
  const door = await startGuardedEndpoint({
    port: options.port,
    credentials: options.credentials,
    services: ['sqs', 's3'],
    handle: (request) => app.handle(request),
    undelivered: (request, answer) => putBack(app, request, answer),
  }).catch(async (problem: unknown) => {
    await app.stop();
    throw problem;
  });
  const queue = (name: string) => ({
    // Not the URL that CreateQueue answers: that one holds the port of the run that created the queue.
    url: `${door.endpoint}/${ACCOUNT}/${name}`,
    arn: `arn:aws:sqs:${options.region}:${ACCOUNT}:${name}`,
  });
  const queues: Partial<Record<QueueName, Queue>> = {};
  const sqs = (action: string, input: object) => callSqs(app, options.region, action, input);
  for (const name of QUEUE_NAMES) {
    const dead = queue(`${name}-dead`);
    await sqs('CreateQueue', { QueueName: `${name}-dead` });
    await sqs('SetQueueAttributes', {
      QueueUrl: dead.url,
      Attributes: { MessageRetentionPeriod: String(DEAD_LETTER_RETENTION_SECONDS) },
    });
    await sqs('CreateQueue', { QueueName: name });
    // Set apart from creating: a queue of an earlier version then takes today's numbers.
    await sqs('SetQueueAttributes', {
      QueueUrl: queue(name).url,
      Attributes: {
        VisibilityTimeout: String(VISIBILITY_TIMES_FUNCTION_LIMIT * options.functionLimitSeconds[name]),
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: QUEUE_MAXIMUM_RECEIVES }),
      },
    });
    queues[name] = { ...queue(name), deadLetterUrl: dead.url };
  }
  for (const bucket of BUCKET_NAMES) await createBucket(app, bucket);
  return {
    endpoint: door.endpoint,
    region: options.region,
    credentials: options.credentials,
    queues: queues as Record<QueueName, Queue>,
    buckets: BUCKET_NAMES,
    async stop() {
      await door.stop();
      await app.stop();
    },
  };
}

/** The region travels in the signature's scope, which is where fauxqs reads it; the door has no part in this call. */
async function callSqs(app: FauxqsApp, region: string, action: string, input: object): Promise<void> {
  const answer = await app.handle({
    method: 'POST',
    url: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=inside/20260101/${region}/sqs/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: Buffer.from(JSON.stringify(input)),
  });
  if (answer.status !== 200) throw new Error(`the embedded SQS refused ${action}: ${answer.body}`);
}

async function createBucket(app: FauxqsApp, name: BucketName): Promise<void> {
  const target = { url: `/${name}`, headers: {}, body: Buffer.alloc(0) };
  if ((await app.handle({ ...target, method: 'HEAD' })).status === 200) return;
  const answer = await app.handle({ ...target, method: 'PUT' });
  if (answer.status !== 200) throw new Error(`the embedded S3 refused the bucket ${name}: ${answer.body}`);
}

const Received = z.object({ Messages: z.array(z.object({ ReceiptHandle: z.string() })).default([]) });
const ReceiveInput = z.object({ QueueUrl: z.string() });

/**
 * fauxqs does not notice that a long poll was given up, and hands the next message to nobody, hidden for its whole
 * visibility timeout (many minutes): after a stop in the wrong moment an approved plan would seem to hang. So a
 * message that found no taker is made visible again.
 */
async function putBack(app: FauxqsApp, request: GuardedRequest, answer: GuardedAnswer): Promise<void> {
  if (request.headers['x-amz-target'] !== 'AmazonSQS.ReceiveMessage' || answer.status !== 200) return;
  const { QueueUrl } = ReceiveInput.parse(JSON.parse(request.body.toString('utf8')));
  for (const { ReceiptHandle } of Received.parse(JSON.parse(answer.body.toString())).Messages) {
    const body = Buffer.from(JSON.stringify({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    await app.handle({
      method: 'POST',
      url: '/',
      headers: {
        ...request.headers,
        'x-amz-target': 'AmazonSQS.ChangeMessageVisibility',
        'content-length': String(body.length),
      },
      body,
    });
  }
}
