import { randomBytes } from 'node:crypto';

/** What an AWS client signs with. */
export type AwsCredentials = { readonly accessKeyId: string; readonly secretAccessKey: string };

/**
 * Credentials of this run for the embedded AWS services, known only to this process and to whoever may read the ready
 * file (0600). Without them another user's process on the machine could read and rewrite the records.
 *
 * @param random bytes of the requested length
 */
export function createRunCredentials(random: (bytes: number) => Buffer = randomBytes): AwsCredentials {
  return {
    // Letters and digits only: AWS's own DynamoDB Local refuses other access key ids.
    accessKeyId: `LOCAL${random(10).toString('hex').toUpperCase()}`,
    secretAccessKey: random(32).toString('base64url'),
  };
}
