/** The only file that loads the S3 client; clients.ts imports it on first use. */
import { GetObjectCommand, PutObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { awsCalls } from '../calls.ts';
import { type S3, S3_ANSWERS, type S3Operations } from './s3.ts';

export function s3Calls(config: S3ClientConfig): { readonly calls: S3; close(): void } {
  const client = new S3Client(config);
  return {
    calls: awsCalls<S3Operations>(
      'S3',
      {
        PutObject: (input) => client.send(new PutObjectCommand(input)),
        GetObject: (input) => client.send(new GetObjectCommand(input)),
      },
      S3_ANSWERS,
    ),
    close: () => client.destroy(),
  };
}
