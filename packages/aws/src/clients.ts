/** The AWS clients of one function: made once per container, each on its first use. */
import { lazyCalls } from './calls.ts';
import type { Dynamo, DynamoTables } from './dynamodb/dynamo.ts';
import { CONNECT_TIMEOUT_MILLISECONDS, REQUEST_TIMEOUT_MILLISECONDS, SDK_ATTEMPTS_MAX } from './limits.ts';
import type { S3 } from './s3/s3.ts';
import type { Ses } from './ses/ses.ts';
import type { Sqs } from './sqs/sqs.ts';

export interface AwsClientOptions {
  readonly region: string;
  /** Endpoints of the embedded parts; absent: AWS's own of the region. */
  readonly dynamodbEndpoint?: string;
  readonly sqsEndpoint?: string;
  readonly sesEndpoint?: string;
  /** Also switches to path-style addresses: a bucket's name cannot be resolved on one machine. */
  readonly s3Endpoint?: string;
  /** Absent: the function's role. */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

export interface AwsClients {
  readonly dynamodb: Dynamo;
  readonly tables: DynamoTables;
  readonly sqs: Sqs;
  readonly ses: Ses;
  readonly s3: S3;
  /** Ends open connections (one machine, tests); a function's container never calls it. */
  close(): void;
}

export function createAwsClients(options: AwsClientOptions): AwsClients {
  const closing: (() => void)[] = [];
  const opened = <T extends { close(): void }>(client: T): T => {
    closing.push(() => client.close());
    return client;
  };
  const config = (endpoint: string | undefined) => ({
    region: options.region,
    maxAttempts: SDK_ATTEMPTS_MAX,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT_MILLISECONDS,
      requestTimeout: REQUEST_TIMEOUT_MILLISECONDS,
      // Without this the SDK only logs that the time is over and waits on.
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: { ...options.credentials } }),
  });

  const dynamodb = once(async () =>
    opened((await import('./dynamodb/dynamo-calls.ts')).dynamoCalls(config(options.dynamodbEndpoint))),
  );
  return {
    dynamodb: lazyCalls(async () => (await dynamodb()).items),
    tables: lazyCalls(async () => (await dynamodb()).tables),
    sqs: lazyCalls(
      async () => opened((await import('./sqs/sqs-calls.ts')).sqsCalls(config(options.sqsEndpoint))).calls,
    ),
    ses: lazyCalls(
      async () => opened((await import('./ses/ses-calls.ts')).sesCalls(config(options.sesEndpoint))).calls,
    ),
    s3: lazyCalls(async () => {
      const { s3Calls } = await import('./s3/s3-calls.ts');
      return opened(s3Calls({ ...config(options.s3Endpoint), forcePathStyle: options.s3Endpoint !== undefined })).calls;
    }),
    close: () => {
      for (const close of closing.splice(0)) close();
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
