import { join } from 'node:path';
import { isRecord, recordAt, stringAt } from '../json/record.ts';
import { tokenBytes } from '../limits.ts';
import { readPrivateFile, writePrivateFile } from '../persistence/private-file.ts';
import { type Certificates, makeCertificates } from '../tls/certificates.ts';
import { type IdentityName, identityNames } from './identity.ts';

const format = 'countersign.sandbox-credentials/v1';

/** The sandbox's CA, its serving certificate, and one bearer token per identity. */
export interface Credentials {
  readonly certificates: Certificates;
  readonly tokens: Readonly<Record<IdentityName, string>>;
}

/** Reads the data directory's credentials, or makes and keeps new ones: a kubeconfig that somebody copied works after a restart too. */
export async function loadCredentials(
  dataDirectory: string,
  random: (bytes: number) => Uint8Array,
  now: Date,
): Promise<Credentials> {
  const path = join(dataDirectory, 'credentials.json');
  const stored = readPrivateFile(path);
  if (stored !== undefined) return parse(path, stored);
  const certificates = await makeCertificates(now);
  const token = () => Buffer.from(random(tokenBytes)).toString('base64url');
  const tokens = { user: token(), reader: token(), proposer: token(), executor: token() };
  writePrivateFile(path, `${JSON.stringify({ format, certificates, tokens })}\n`);
  return { certificates, tokens };
}

function parse(path: string, content: string): Credentials {
  const parsed: unknown = JSON.parse(content);
  const certificates = recordAt(parsed, 'certificates');
  const tokens = recordAt(parsed, 'tokens');
  const whole =
    isRecord(parsed) &&
    parsed.format === format &&
    identityNames.every((name) => stringAt(tokens, name) !== undefined) &&
    ['caCertificatePem', 'certificatePem', 'keyPem'].every((member) => stringAt(certificates, member) !== undefined);
  if (!whole)
    throw new Error(
      `The sandbox's credentials in ${path} are not of this version. Delete the data directory to start afresh.`,
    );
  return { certificates: certificates as unknown as Certificates, tokens: tokens as unknown as Credentials['tokens'] };
}
