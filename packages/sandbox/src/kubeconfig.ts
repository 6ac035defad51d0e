import { stringify } from 'yaml';
import type { Credentials } from './identities/credentials.ts';
import { type IdentityName, identityNames } from './identities/identity.ts';

/** A kubeconfig with one context per identity, complete in itself: CA and tokens inline. Whoever can read it is the cluster's administrator. */
export function renderKubeconfig(url: string, credentials: Credentials, context: IdentityName): string {
  const authority = Buffer.from(credentials.certificates.caCertificatePem).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'sandbox', cluster: { server: url, 'certificate-authority-data': authority } }],
    users: identityNames.map((name) => ({ name, user: { token: credentials.tokens[name] } })),
    contexts: identityNames.map((name) => ({ name, context: { cluster: 'sandbox', user: name, namespace: 'shop' } })),
    'current-context': context,
  });
}
