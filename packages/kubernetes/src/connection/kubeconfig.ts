/**
 * One context of a kubeconfig, read by the client library's own grammar. The file comes from the operator, and still only what we mean
 * is taken from it: HTTPS with a pinned CA, a token, a client certificate or a credential plugin. Paths are refused (the library would
 * read any file that `token-file` names), and so is `as`: an impersonating executor would pass the guard policies by.
 */
import { createHash, X509Certificate } from 'node:crypto';
import type { Digest } from '@countersign/approvals';
import {
  type Cluster,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from '@kubernetes/client-node/dist/config_types.js';
import { parse } from 'yaml';

export interface KubeconfigContext {
  /** https, no trailing slash. */
  readonly server: URL;
  /** PEM. */
  readonly ca: string;
  /** SHA-256 over the CA certificates' DER in sorted order: for a single certificate its usual fingerprint. */
  readonly caHash: Digest;
  readonly serverName: string | undefined;
  readonly user: User;
}

/** Throws an Error that names the member at fault, never its value. */
export function readKubeconfig(text: string, contextName: string): KubeconfigContext {
  const document = parsed(text);
  const context = newContexts(named(document, 'contexts', contextName))[0];
  if (context === undefined) throw fault(`there is no context ${JSON.stringify(contextName)}`);
  const clusterEntry = named(document, 'clusters', context.cluster);
  const userEntry = named(document, 'users', context.user);
  refuseMembers(userEntry, 'user', [
    'token-file',
    'tokenFile',
    'client-certificate',
    'client-key',
    'as',
    'as-uid',
    'as-groups',
    'as-user-extra',
    'username',
    'password',
    'auth-provider',
  ]);
  refuseMembers(clusterEntry, 'cluster', ['certificate-authority', 'proxy-url']);
  const cluster = newClusters(clusterEntry)[0];
  const user = newUsers(userEntry)[0];
  if (cluster === undefined) throw fault("the context's cluster is missing");
  if (user === undefined) throw fault("the context's user is missing");
  const ca = caOf(cluster);
  return { server: serverOf(cluster), ca, caHash: caHashOf(ca), serverName: cluster.tlsServerName, user };
}

/** The context that the file itself calls current; undefined where it names none. Throws an Error on a text that is no kubeconfig. */
export function currentContext(text: string): string | undefined {
  const current = parsed(text)['current-context'];
  return typeof current === 'string' && current !== '' ? current : undefined;
}

const fault = (what: string): Error => new Error(`kubeconfig: ${what}`);

function parsed(text: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    // The parser's message quotes the text, and the text holds credentials.
    throw fault('it is not YAML');
  }
  if (typeof document !== 'object' || document === null) throw fault('it is empty');
  return document as Record<string, unknown>;
}

/** The entry of that name as a list of at most one, for the library's readers. */
function named(
  document: Record<string, unknown>,
  list: string,
  name: string,
): readonly { readonly [key: string]: unknown }[] {
  const entries = document[list];
  if (!Array.isArray(entries)) return [];
  return entries
    .filter((entry: unknown) => typeof entry === 'object' && entry !== null && 'name' in entry && entry.name === name)
    .slice(0, 1);
}

function refuseMembers(
  entries: readonly { readonly [key: string]: unknown }[],
  kind: 'user' | 'cluster',
  members: readonly string[],
): void {
  const body = entries[0]?.[kind];
  const found = members.find((member) => typeof body === 'object' && body !== null && member in body);
  if (found !== undefined) {
    throw fault(
      `${kind}.${found} is not supported; \`kubectl config view --raw --flatten\` puts certificates into the file itself`,
    );
  }
}

function serverOf(cluster: Cluster): URL {
  // A bearer token over HTTP is everybody's, and an unverified server is anybody.
  if (cluster.skipTLSVerify) throw fault('cluster.insecure-skip-tls-verify is not supported');
  const url = URL.parse(cluster.server);
  if (url === null || url.protocol !== 'https:') throw fault('cluster.server is no https URL');
  if (url.username !== '' || url.password !== '' || url.search !== '')
    throw fault('cluster.server carries more than a URL');
  return url;
}

function caOf(cluster: Cluster): string {
  if (cluster.caData === undefined)
    throw fault('cluster.certificate-authority-data is missing: the cluster is known by its CA');
  return Buffer.from(cluster.caData, 'base64').toString('utf8');
}

function caHashOf(pem: string): Digest {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw fault('cluster.certificate-authority-data holds no certificate');
  let ders: Buffer[];
  try {
    ders = blocks.map((block) => new X509Certificate(block).raw);
  } catch {
    throw fault('cluster.certificate-authority-data holds a certificate that cannot be read');
  }
  const hash = createHash('sha256');
  for (const der of ders.sort(Buffer.compare)) hash.update(der);
  return `sha256:${hash.digest('hex')}`;
}
