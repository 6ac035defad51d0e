/** SQS as the queue uses it. */
import type { SendMessageCommandInput, SendMessageCommandOutput } from '@aws-sdk/client-sqs';
import type { AwsCalls } from '../calls.ts';

export interface SqsOperations {
  readonly SendMessage: readonly [SendMessageCommandInput, SendMessageCommandOutput];
}
export type Sqs = AwsCalls<SqsOperations>;
