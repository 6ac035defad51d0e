/** The only file that loads the SQS client; clients.ts imports it on first use. */
import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { awsCalls } from '../calls.ts';
import type { Sqs, SqsOperations } from './sqs.ts';

export function sqsCalls(config: SQSClientConfig): { readonly calls: Sqs; close(): void } {
  const client = new SQSClient(config);
  return {
    calls: awsCalls<SqsOperations>('SQS', { SendMessage: (input) => client.send(new SendMessageCommand(input)) }, []),
    close: () => client.destroy(),
  };
}
