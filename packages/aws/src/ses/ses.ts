/** SES as the mail uses it. */
import type { SendEmailCommandInput, SendEmailCommandOutput } from '@aws-sdk/client-ses';
import type { AwsCalls } from '../calls.ts';

export interface SesOperations {
  readonly SendEmail: readonly [SendEmailCommandInput, SendEmailCommandOutput];
}
export type Ses = AwsCalls<SesOperations>;

/** Answers about this one mail; every other fault of SES may pass. */
export const SES_ANSWERS = ['MessageRejected', 'InvalidParameterValue'] as const;
