/** The issuer's metadata (OpenID Connect Discovery): read when first needed, kept for an hour, shared by requests that come meanwhile. */
import type { Clock } from '@countersign/approvals';
import * as oauth from 'oauth4webapi';
import { ISSUER_METADATA_LIFETIME_SECONDS, ISSUER_TIMEOUT_MILLISECONDS } from './limits.ts';

const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];
const ENDPOINTS = ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const;

export type IssuerMetadata = oauth.AuthorizationServer & Readonly<Record<(typeof ENDPOINTS)[number], string>>;

export class UnusableIssuer extends Error {
  override readonly name = 'UnusableIssuer';
}

/** Options for each request to the issuer: bounded in time, http only where the issuer itself is on loopback. */
export const issuerRequest = (
  issuer: string,
): { [oauth.allowInsecureRequests]?: boolean; signal: () => AbortSignal } => ({
  signal: () => AbortSignal.timeout(ISSUER_TIMEOUT_MILLISECONDS),
  ...(isLoopbackHttp(new URL(issuer)) ? { [oauth.allowInsecureRequests]: true } : {}),
});

/** Throws UnusableIssuer, or what fetch throws; a failure is not kept. */
export function createIssuerMetadata(issuer: string, clock: Clock): () => Promise<IssuerMetadata> {
  const identifier = new URL(issuer);
  if (!isProtected(identifier, identifier))
    throw new UnusableIssuer('an issuer is https, or http on a loopback address');
  let kept: { readonly until: number; readonly metadata: Promise<IssuerMetadata> } | undefined;
  return () => {
    const now = clock().getTime();
    if (kept !== undefined && now < kept.until) return kept.metadata;
    const metadata = discover(identifier);
    const mine = { until: now + ISSUER_METADATA_LIFETIME_SECONDS * 1000, metadata };
    kept = mine;
    metadata.catch(() => {
      if (kept === mine) kept = undefined;
    });
    return metadata;
  };
}

async function discover(issuer: URL): Promise<IssuerMetadata> {
  const response = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...issuerRequest(issuer.href) });
  // Compares the document's own issuer with ours: stops a mix-up of issuers (RFC 9700 section 4.4).
  const metadata = await oauth.processDiscoveryResponse(issuer, response);
  for (const endpoint of ENDPOINTS) {
    const url = metadata[endpoint];
    if (typeof url !== 'string' || !URL.canParse(url)) throw new UnusableIssuer(`the issuer names no ${endpoint}`);
    // A loopback issuer may not send codes or keys over plain http to another machine.
    if (!isProtected(new URL(url), issuer)) throw new UnusableIssuer(`the ${endpoint} of the issuer is not protected`);
  }
  return metadata as IssuerMetadata;
}

const isLoopbackHttp = (url: URL): boolean => url.protocol === 'http:' && LOOPBACK_HOSTS.includes(url.hostname);
const isProtected = (url: URL, issuer: URL): boolean =>
  url.protocol === 'https:' || (isLoopbackHttp(url) && isLoopbackHttp(issuer));
