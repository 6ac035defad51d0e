/** The only file that loads the SES client; clients.ts imports it on first use. */
import { SESClient, type SESClientConfig, SendEmailCommand } from '@aws-sdk/client-ses';
import { awsCalls } from '../calls.ts';
import { SES_ANSWERS, type Ses, type SesOperations } from './ses.ts';

export function sesCalls(config: SESClientConfig): { readonly calls: Ses; close(): void } {
  const client = new SESClient(config);
  return {
    calls: awsCalls<SesOperations>(
      'SES',
      { SendEmail: (input) => client.send(new SendEmailCommand(input)) },
      SES_ANSWERS,
    ),
    close: () => client.destroy(),
  };
}
