import { createHash } from 'node:crypto';
import { StatusError } from '../store/status-error.ts';
import { type Identity, type IdentityName, identities, identityNames } from './identity.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

export type Authenticate = (authorization: string | undefined) => Identity;

/** Throws StatusError Unauthorized unless the header is `Bearer <a token of this sandbox>` (RFC 6750 section 2.1). */
export function authenticator(
  tokens: Readonly<Record<IdentityName, string>>,
  issued: Pick<ServiceAccountTokens, 'identify'>,
): Authenticate {
  // Looked up by hash: the time that a comparison takes tells nothing about a token.
  const hash = (token: string) => createHash('sha256').update(token).digest('hex');
  const byHash = new Map(identityNames.map((name) => [hash(tokens[name]), identities[name]]));
  return (authorization) => {
    const token = /^Bearer ([^\s]+)$/i.exec(authorization ?? '')?.[1];
    const identity = token === undefined ? undefined : (byHash.get(hash(token)) ?? issued.identify(token));
    if (identity === undefined) throw new StatusError('Unauthorized', 'Unauthorized');
    return identity;
  };
}
