/** S3 as the raw evidence uses it. */
import type {
  GetObjectCommandInput,
  GetObjectCommandOutput,
  PutObjectCommandInput,
  PutObjectCommandOutput,
} from '@aws-sdk/client-s3';
import type { AwsCalls } from '../calls.ts';

export interface S3Operations {
  readonly PutObject: readonly [PutObjectCommandInput, PutObjectCommandOutput];
  readonly GetObject: readonly [GetObjectCommandInput, GetObjectCommandOutput];
}
export type S3 = AwsCalls<S3Operations>;

/** Answers about this one object. 409 comes when two conditional writes of one key meet. */
export const S3_ANSWERS = ['NoSuchKey', 'PreconditionFailed', 'ConditionalRequestConflict', 'InvalidRange'] as const;
